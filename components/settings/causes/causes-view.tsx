"use client";

import { ListChecks } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { useHydrated } from "@/components/ui/use-hydrated";
import type { CausesPage, KeptCause } from "@/lib/causes/types";
import { CauseForm } from "./cause-form";
import { CauseRow } from "./cause-row";
import { FreeCauseRow } from "./free-cause-row";

/** The catalogue of causes: what the desk offers, what it no longer offers, and what was written without being in it. */
export function CausesView({ mayEdit, offered, retired, free }: CausesPage) {
  const t = useTranslations("causes");
  const [said, setSaid] = useState<{ words: string; at: number } | null>(null);
  const say = (words: string) => setSaid((before) => ({ words, at: (before?.at ?? 0) + 1 }));
  const rows = (causes: readonly KeptCause[]) => (
    <ul className="flex flex-col divide-y divide-line border-line border-y">
      {causes.map((cause) => (
        <li key={cause.key} className="py-2">
          <CauseRow cause={cause} mayEdit={mayEdit} onSaid={say} />
        </li>
      ))}
    </ul>
  );
  return (
    // Not before the page is ready: what would be typed until then would be lost.
    <fieldset disabled={!useHydrated()} className="flex min-w-0 max-w-3xl flex-col gap-8">
      <header className="flex max-w-prose flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">{t("text")}</p>
        {mayEdit ? null : <p className="text-ink-2">{t("readOnly")}</p>}
      </header>
      <p key={said?.at} role="status" className="text-ink-2 empty:hidden">
        {said?.words}
      </p>
      {mayEdit ? (
        <section aria-labelledby="add-cause" className="flex flex-col gap-3">
          <h2 id="add-cause" className="font-semibold text-base">
            {t("form.title")}
          </h2>
          <CauseForm cause={null} onDone={({ name }) => say(t("done.added", { name }))} />
        </section>
      ) : null}
      <section aria-labelledby="offered-causes" className="flex flex-col gap-3">
        <h2 id="offered-causes" className="font-semibold text-base">
          {t("offered")}
        </h2>
        {offered.length > 0 ? rows(offered) : <EmptyState icon={<ListChecks />} title={t("none")} />}
      </section>
      {free.length > 0 ? (
        <section aria-labelledby="free-causes" className="flex flex-col gap-3">
          <div>
            <h2 id="free-causes" className="font-semibold text-base">
              {t("free")}
            </h2>
            <p className="text-ink-2">{t("freeText")}</p>
          </div>
          <ul className="flex flex-col divide-y divide-line border-line border-y">
            {free.map((each) => (
              <li key={each.cause} className="py-1.5">
                <FreeCauseRow free={each} mayEdit={mayEdit} onSaid={say} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {retired.length > 0 ? (
        <section aria-labelledby="retired-causes" className="flex flex-col gap-3">
          <div>
            <h2 id="retired-causes" className="font-semibold text-base">
              {t("retired")}
            </h2>
            <p className="text-ink-2">{t("retiredText")}</p>
          </div>
          {rows(retired)}
        </section>
      ) : null}
    </fieldset>
  );
}
