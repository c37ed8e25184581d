import { useTranslations } from "next-intl";
import type { Conflict } from "@/lib/discretion/merge";
import type { CompanyValue, Example, Limit, Rule } from "@/lib/discretion/schema";
import type { PolicyWords } from "../policy-words";
import { type ExampleSpeaker, exampleSentence, useExampleSpeaker } from "./example-words";

export interface ConflictSpeaker {
  t: ReturnType<typeof useTranslations<"settings.merge">>;
  policy: ReturnType<typeof useTranslations<"settings.policy">>;
  words: PolicyWords;
  example: ExampleSpeaker;
}

export function useConflictSpeaker(
  words: PolicyWords,
  currency: string,
  teams: readonly { key: string; name: string }[],
): ConflictSpeaker {
  const t = useTranslations("settings.merge");
  const policy = useTranslations("settings.policy");
  return { t, policy, words, example: useExampleSpeaker(words, currency, teams) };
}

/** What both changed, in sentences. */
export interface ConflictSaying {
  what: string;
  id: string;
  mine: string[];
  theirs: string[];
  /** Empty where there was nothing before. */
  base: string[];
}

export function conflictWords(conflict: Conflict, speaker: ConflictSpeaker): ConflictSaying {
  const { t } = speaker;
  const { list, id, kind, base, mine, theirs } = conflict;
  const side = (content: unknown) => (content === null ? [t("gone")] : linesOf(conflict, content, speaker));
  const sides = {
    mine: side(mine),
    theirs: side(theirs),
    base: base === null ? [] : linesOf(conflict, base, speaker),
  };
  if (list === "document") return { what: documentWord(id, t), id: "", ...sides };
  if (kind === "order") return { what: t(`order.${list}`), id: "", ...sides };
  return { what: t(`list.${list}`), id, ...sides };
}

function documentWord(field: string, t: ConflictSpeaker["t"]): string {
  const known = (["mission", "currency", "timeZone"] as const).find((each) => each === field);
  return known ? t(`document.${known}`) : field;
}

/** One side of a conflict: the sentence of the part, and those of its words that differ. */
function linesOf(conflict: Conflict, content: unknown, speaker: ConflictSpeaker): string[] {
  if (conflict.kind === "order") return [(content as string[]).join(", ")];
  switch (conflict.list) {
    case "document":
      return [String(content)];
    case "limits":
      return checkLines(conflict, content as Limit, speaker.words.limit(content as Limit), speaker);
    case "rules":
      return checkLines(conflict, content as Rule, speaker.words.rule(content as Rule), speaker);
    case "values":
      return [(content as CompanyValue).text];
    case "examples": {
      const example = content as Example;
      return [...(example.says ? [example.says] : []), exampleSentence(example, speaker.example)];
    }
    default:
      return conflict.list satisfies never;
  }
}

const REASONS = ["why", "say", "value"] as const;

/** The sentence stands for everything but the reasons, which are said where they differ or all of the part does. */
function checkLines(
  { kind, fields }: Conflict,
  check: Limit | Rule,
  sentence: string,
  { t, policy }: ConflictSpeaker,
): string[] {
  const told = REASONS.filter((name) => kind === "whole" || fields.includes(name));
  const reasons = told.map((name) => `${policy(name)}: ${check[name] ?? t("absent")}`);
  const besides = fields.length === 0 || fields.some((field) => !REASONS.some((name) => name === field));
  return besides ? [sentence, ...reasons] : reasons;
}
