"use client";

import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { Field, Textarea } from "@/components/ui/field";
import { EFFECTS } from "@/lib/discretion/schema";
import type { KnownNames } from "@/lib/policies/types";
import type { PolicyWords } from "../policy-words";
import { Conditions } from "./condition-editor";
import { useFault } from "./fault";
import { LimitSentence } from "./limit-sentence";
import { PartFrame, type PartPlace } from "./part-frame";
import type { PolicyDraft, WhenDraft } from "./policy-draft";
import { Reasons } from "./reasons";
import { PartSelect } from "./sentence-parts";
import { suggestLimitId, suggestRuleId, suggestValueId } from "./suggest-id";
import { useDraftField } from "./use-draft-field";
import { useNaming } from "./use-naming";
import { WarningNotes } from "./warning-notes";

export interface PartEditorProps extends PartPlace {
  words: PolicyWords;
  known: KnownNames;
}

export function LimitEditor({ words, known, ...place }: PartEditorProps) {
  const { index } = place;
  const t = useTranslations("settings.edit.conditions");
  const limit = useWatch<PolicyDraft, `limits.${number}`>({ name: `limits.${index}` });
  const rename = useNaming("limits", index, (taken) => suggestLimitId(limit, taken));
  return (
    <PartFrame list="limits" {...place} onName={rename}>
      <LimitSentence index={index} words={words} />
      <div className="flex flex-col gap-1">
        {conditionCount(limit.when, "limits") > 0 ? <p className="text-ink-2">{t("title")}</p> : null}
        <Conditions list="limits" index={index} words={words} known={known} />
      </div>
      <WarningNotes path={`limits.${index}`} words={words} />
      <Reasons list="limits" index={index} />
    </PartFrame>
  );
}

export function RuleEditor({ words, known, ...place }: PartEditorProps) {
  const { index } = place;
  const t = useTranslations("settings");
  const field = useDraftField(`rules.${index}.effect`);
  const rule = useWatch<PolicyDraft, `rules.${number}`>({ name: `rules.${index}` });
  const rename = useNaming("rules", index, (taken) => suggestRuleId(rule, taken));
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
    <PartFrame list="rules" {...place} onName={rename}>
      <div className="flex flex-col gap-2">
        {always ? null : <p className="text-base text-ink-2">{t("edit.conditions.titleRule")}</p>}
        <Conditions list="rules" index={index} words={words} known={known} />
        <p className="text-base text-ink-2 leading-10 pointer-coarse:leading-[3.25rem]">
          {always ? t.rich("policy.rule.always", { effect }) : t.rich("edit.then", { effect })}
        </p>
      </div>
      <WarningNotes path={`rules.${index}`} words={words} />
      <Reasons list="rules" index={index} />
    </PartFrame>
  );
}

function conditionCount(when: WhenDraft, list: "limits" | "rules"): number {
  return Object.entries(when).filter(
    ([name, wanted]) => wanted !== null && (list === "rules" || name !== "roles"),
  ).length;
}

export function ValueEditor({ words: _words, known: _known, ...place }: PartEditorProps) {
  const { index } = place;
  const t = useTranslations("settings.edit");
  const text = useWatch<PolicyDraft, `values.${number}.text`>({ name: `values.${index}.text` });
  const rename = useNaming("values", index, (taken) => suggestValueId(text, taken));
  return (
    <PartFrame list="values" {...place} onName={rename}>
      <Field label={t("text")} error={useFault(`values.${index}.text`)} className="max-w-prose">
        <Textarea {...useDraftField(`values.${index}.text`)} rows={1} />
      </Field>
    </PartFrame>
  );
}
