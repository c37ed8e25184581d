import type { useTranslations } from "next-intl";
import type { Limit, Policy, Rule } from "@/lib/discretion/schema";
import type { PolicyWords } from "./policy-words";

/** What happened to one limit, rule or value. */
export interface Change {
  list: "limits" | "rules" | "values";
  id: string;
  kind: "added" | "removed" | "moved" | "changed";
  /** What of it changed, in words; empty unless it changed. */
  details: Detail[];
}

export interface Detail {
  field: ChangedField;
  /** Null where the texts are too long to be put side by side. */
  before: string | null;
  after: string | null;
}

export type ChangedField =
  | "max"
  | "who"
  | "whom"
  | "window"
  | "over"
  | "effect"
  | "when"
  | "why"
  | "say"
  | "value"
  | "text";

type ChangeWords = ReturnType<typeof useTranslations<"settings.change">>;

/** What one version of a policy does otherwise than another, part by part, in the order of the page. */
export function policyChanges(before: Policy, after: Policy, words: PolicyWords, t: ChangeWords): Change[] {
  const short = (field: ChangedField, old: string, now: string): Detail[] =>
    old === now ? [] : [{ field, before: old, after: now }];
  const long = (field: ChangedField, old: string, now: string): Detail[] =>
    old === now ? [] : [{ field, before: null, after: null }];
  const when = (check: Limit | Rule, besides: readonly "roles"[] = []) =>
    words.conditions(check.when, besides) || t("always");

  const reasons = (old: Limit | Rule, now: Limit | Rule): Detail[] => [
    ...long("why", old.why, now.why),
    ...long("say", old.say, now.say),
    ...short("value", old.value ?? t("none"), now.value ?? t("none")),
  ];
  const limit = (old: Limit, now: Limit): Detail[] => [
    ...short("max", words.max(old), words.max(now)),
    ...short("who", words.who(old.scope, old.when?.roles), words.who(now.scope, now.when?.roles)),
    ...short("whom", words.whom(old.scope), words.whom(now.scope)),
    ...short("window", words.window(old.window), words.window(now.window)),
    ...short("over", words.effect(old.over), words.effect(now.over)),
    ...short("when", when(old, ["roles"]), when(now, ["roles"])),
    ...reasons(old, now),
  ];
  const rule = (old: Rule, now: Rule): Detail[] => [
    ...short("effect", words.effect(old.effect), words.effect(now.effect)),
    ...short("when", when(old), when(now)),
    ...reasons(old, now),
  ];
  return [
    ...listChanges("limits", before.limits, after.limits, limit),
    ...listChanges("rules", before.rules, after.rules, rule),
    ...listChanges("values", before.values, after.values, (old, now) => long("text", old.text, now.text)),
  ];
}

function listChanges<Part extends { id: string }>(
  list: Change["list"],
  before: readonly Part[],
  after: readonly Part[],
  compare: (old: Part, now: Part) => Detail[],
): Change[] {
  const old = new Map(before.map((part) => [part.id, part]));
  const now = new Set(after.map((part) => part.id));
  const moved = movedIds(before, after);
  const changes = after.flatMap((part): Change[] => {
    const known = old.get(part.id);
    if (!known) return [{ list, id: part.id, kind: "added", details: [] }];
    const details = compare(known, part);
    if (details.length > 0) return [{ list, id: part.id, kind: "changed", details }];
    return moved.has(part.id) ? [{ list, id: part.id, kind: "moved", details: [] }] : [];
  });
  const gone = before.filter((part) => !now.has(part.id));
  return [...changes, ...gone.map((part): Change => ({ list, id: part.id, kind: "removed", details: [] }))];
}

/**
 * Those that changed their place among the ones that stay. The fewest that explain the new order: all but the longest
 * run that is still in the old one.
 */
function movedIds(before: readonly { id: string }[], after: readonly { id: string }[]): Set<string> {
  const places = new Map(before.map((part, index) => [part.id, index]));
  const staying = after.filter((part) => places.has(part.id)).map((part) => part.id);
  const place = (id: string) => places.get(id) ?? 0;
  const runs: string[][] = [];
  for (const id of staying) {
    const before = runs.filter((run) => place(run.at(-1) ?? id) < place(id));
    const longest = before.reduce<string[]>((a, b) => (b.length > a.length ? b : a), []);
    runs.push([...longest, id]);
  }
  const kept = new Set(runs.reduce<string[]>((a, b) => (b.length > a.length ? b : a), []));
  return new Set(staying.filter((id) => !kept.has(id)));
}
