"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Field, Textarea } from "@/components/ui/field";
import { EFFECTS } from "@/lib/discretion/schema";
import type { KnownNames } from "@/lib/policies/types";
import { Conditions } from "./condition-editor";
import { useFault } from "./fault";
import { LimitSentence } from "./limit-sentence";
import { PartFrame, type PartList } from "./part-frame";
import { type PolicyDraft, suggestLimitId, suggestRuleId, suggestValueId } from "./policy-draft";
import type { PolicyWords } from "./policy-words";
import { Reasons } from "./reasons";
import { PartSelect } from "./sentence-parts";
import { useDraftField } from "./use-draft-field";

export interface PartEditorProps {
  index: number;
  count: number;
  onMove: (by: 1 | -1) => void;
  words: PolicyWords;
  known: KnownNames;
}

export function LimitEditor({ index, count, onMove, words, known }: PartEditorProps) {
  const t = useTranslations("settings.edit.conditions");
  const limit = useWatch<PolicyDraft, `limits.${number}`>({ name: `limits.${index}` });
  useSuggestedId("limits", index, (taken) => suggestLimitId(limit, taken));
  return (
    <PartFrame list="limits" index={index} count={count} onMove={onMove}>
      <LimitSentence index={index} words={words} />
      <div className="flex flex-col gap-1">
        {conditionCount(limit.when, "limits") > 0 ? <p className="text-ink-2">{t("title")}</p> : null}
        <Conditions list="limits" index={index} words={words} known={known} />
      </div>
      <Reasons list="limits" index={index} />
    </PartFrame>
  );
}

export function RuleEditor({ index, count, onMove, words, known }: PartEditorProps) {
  const t = useTranslations("settings");
  const field = useDraftField(`rules.${index}.effect`);
  const rule = useWatch<PolicyDraft, `rules.${number}`>({ name: `rules.${index}` });
  useSuggestedId("rules", index, (taken) => suggestRuleId(rule, taken));
  const effect = () => (
    <PartSelect aria-label={t("edit.effect")} {...field}>
      {EFFECTS.map((each) => (
        <option key={each} value={each}>
          {words.effect(each)}
        </option>
      ))}
    </PartSelect>
  );
  const always = conditionCount(rule.when, "rules") === 0;
  return (
    <PartFrame list="rules" index={index} count={count} onMove={onMove}>
      <div className="flex flex-col gap-2">
        {always ? null : <p className="text-base text-ink-2">{t("edit.conditions.titleRule")}</p>}
        <Conditions list="rules" index={index} words={words} known={known} />
        <p className="text-base text-ink-2 leading-10 pointer-coarse:leading-[3.25rem]">
          {always ? t.rich("policy.rule.always", { effect }) : t.rich("edit.then", { effect })}
        </p>
      </div>
      <Reasons list="rules" index={index} />
    </PartFrame>
  );
}

function conditionCount(when: PolicyDraft["rules"][number]["when"], list: "limits" | "rules"): number {
  return Object.entries(when).filter(
    ([name, wanted]) => wanted !== null && (list === "rules" || name !== "roles"),
  ).length;
}

export function ValueEditor({ index, count, onMove }: PartEditorProps) {
  const t = useTranslations("settings.edit");
  const { getValues, setValue } = useFormContext<PolicyDraft>();
  const value = useWatch<PolicyDraft, `values.${number}`>({ name: `values.${index}` });

  /** What serves the value follows it to its new id. */
  function rename(id: string) {
    const before = value.id;
    if (before === "" || before === id) return;
    for (const list of ["limits", "rules"] as const) {
      for (const [at, part] of getValues(list).entries()) {
        if (part.value === before) setValue(`${list}.${at}.value`, id, { shouldDirty: true });
      }
    }
  }

  useSuggestedId("values", index, (taken) => suggestValueId(value.text, taken), rename);
  return (
    <PartFrame list="values" index={index} count={count} onMove={onMove} onName={rename}>
      <Field label={t("text")} error={useFault(`values.${index}.text`)} className="max-w-prose">
        <Textarea {...useDraftField(`values.${index}.text`)} rows={1} className="min-h-10" />
      </Field>
    </PartFrame>
  );
}

/** Names a new part after what it says, until somebody types a name. */
function useSuggestedId(
  list: PartList,
  index: number,
  suggest: (taken: ReadonlySet<string>) => string,
  onRename?: (id: string) => void,
) {
  const { getValues, setValue } = useFormContext<PolicyDraft>();
  // After each change of the part: what it is named after is the whole of it.
  useEffect(() => {
    const part = getValues(`${list}.${index}`);
    if (!part || part.known || part.named) return;
    const parts = list === "values" ? getValues("values") : [...getValues("limits"), ...getValues("rules")];
    const id = suggest(new Set(parts.filter((each) => each !== part).map((each) => each.id)));
    if (id === part.id) return;
    onRename?.(id);
    setValue(`${list}.${index}.id`, id, { shouldDirty: true });
  });
}
