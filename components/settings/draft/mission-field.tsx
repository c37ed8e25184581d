"use client";

import { useTranslations } from "next-intl";
import { Field, Textarea } from "@/components/ui/field";
import { useFault } from "./fault";
import { useDraftField } from "./use-draft-field";

/** What all of it is for, in the company's words. */
export function MissionField() {
  const t = useTranslations("settings.mission");
  return (
    <section aria-labelledby="mission" className="flex flex-col gap-3">
      <h2 id="mission" className="scroll-mt-20 font-semibold text-base">
        {t("title")}
      </h2>
      <Field label={t("label")} hint={t("hint")} error={useFault("mission")} className="max-w-prose">
        <Textarea {...useDraftField("mission")} rows={1} />
      </Field>
    </section>
  );
}
