"use client";

import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { Field, Textarea } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { capital } from "../policy-words";
import { useFault } from "./fault";
import type { PolicyDraft } from "./policy-draft";
import { useDraftChoice, useDraftField } from "./use-draft-field";

/** Why, the words for the customer, and the value that a limit or a rule serves. */
export function Reasons({ list, index }: { list: "limits" | "rules"; index: number }) {
  const t = useTranslations("settings");
  const path = `${list}.${index}` as const;
  const values = useWatch<PolicyDraft, "values">({ name: "values" });
  const choice = useDraftChoice(`${path}.value`);
  const chosen = choice.value;
  const known = useWatch<PolicyDraft, `${"limits" | "rules"}.${number}.known`>({ name: `${path}.known` });
  const offered = values.filter((value) => !value.removed && value.id !== "");
  const lost = chosen !== "" && !offered.some((value) => value.id === chosen);
  return (
    <div className="grid gap-4 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_12rem]">
      <Field
        label={t("policy.why")}
        error={useFault(`${path}.why`)}
        {...(known ? {} : { hint: t("policy.whyHint") })}
      >
        <Textarea {...useDraftField(`${path}.why`)} />
      </Field>
      <Field
        label={t("policy.say")}
        error={useFault(`${path}.say`)}
        {...(known ? {} : { hint: t("policy.sayHint") })}
      >
        <Textarea {...useDraftField(`${path}.say`)} />
      </Field>
      <Field label={t("policy.value")} error={useFault(`${path}.value`)}>
        <Select {...choice}>
          <option value="">{t("edit.chooseValue")}</option>
          {offered.map((value) => (
            <option key={value.id} value={value.id}>
              {valueName(value.id)}
            </option>
          ))}
          {lost ? <option value={chosen}>{valueName(chosen)}</option> : null}
        </Select>
      </Field>
    </div>
  );
}

/** "make-it-right" is said "Make it right". */
function valueName(id: string): string {
  return capital(id.replaceAll("-", " "));
}
