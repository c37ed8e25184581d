import { limitHidesLimit, mayBeUnknown, ruleHides } from "./hiding";
import type { Effect, Limit, Policy, Rule } from "./schema";
import { type RosterProfile, type UnansweredSample, unansweredHandover } from "./unanswered";

/**
 * Who and what an organization has, as far as it is known. A list that is absent is not known, and nothing is warned
 * about for it; an empty one says that there is none.
 */
export interface Roster {
  /** Active people, those who are alike for a policy summed up. */
  employees: readonly RosterProfile[];
  teams?: readonly string[];
  tiers?: readonly string[];
  causes?: readonly string[];
  channels?: readonly string[];
}

/** Why a condition can never hold. */
export type NeverReason =
  /** It asks for no order and for something that only an order has: its age, or to be counted by. */
  | "order_and_none"
  /** It is about auditors alone, who decide nothing. */
  | "auditors_only"
  /** No amount is below 0. */
  | "amount_below_zero";

/** `path` is the field to look at, as in a fault: `limits.0.when.teams.1`. `id` is of the limit or rule it is about. */
interface About {
  path: string;
  id: string;
  kind: "limit" | "rule";
}

/** What is probably not meant so, though it is a valid policy. */
export type Warning = About &
  (
    | { code: "never_holds"; reason: NeverReason }
    /** A limit that never fires first or harder than the limit `by`. */
    | { code: "hidden_by_limit"; by: string }
    /** Whenever it fires, the rule `by` does, at least as hard. */
    | { code: "hidden_by_rule"; by: string }
    /** A limit on the amount of single decisions that its condition keeps at or below `max` anyway (minor units). */
    | { code: "never_exceeded"; max: number; under: number }
    /** A limit on the number of single decisions: one is always within `max`. */
    | { code: "count_never_fires"; max: number }
    /** A limit on the number of single decisions that allows none: it is a rule. */
    | { code: "count_always_fires"; effect: Effect }
    | { code: "unknown_name"; condition: "teams" | "tiers" | "causes" | "channels"; name: string }
    | { code: "no_value" }
    | { code: "handover_unanswered"; sample: UnansweredSample }
  );

export type WarningCode = Warning["code"];

/**
 * What an author should look at before publishing, limits first, then rules, in the document's order. Conservative:
 * what is warned about is so, and much that is unwise is not warned about.
 *
 * What depends on people and names is looked at only with a roster.
 *
 * @param policy one that the schema has accepted.
 */
export function policyWarnings(policy: Policy, roster?: Roster): Warning[] {
  const parts: Part[] = [
    ...policy.limits.map((limit, index) => ({ about: aboutOf("limit", limit.id, index), check: limit })),
    ...policy.rules.map((rule, index) => ({ about: aboutOf("rule", rule.id, index), check: rule })),
  ];
  return parts.flatMap((part) => partWarnings(part, policy, roster));
}

interface Part {
  about: About;
  check: Limit | Rule;
}

function aboutOf(kind: About["kind"], id: string, index: number): About {
  return { path: `${kind}s.${index}`, id, kind };
}

function partWarnings({ about, check }: Part, policy: Policy, roster: Roster | undefined): Warning[] {
  const reason = neverHolds(check);
  const withoutValue: Warning[] = check.value === undefined ? [{ ...about, code: "no_value" }] : [];
  // What never holds or fires does nothing else either; one sentence is enough.
  if (reason !== null) {
    return [{ ...about, path: `${about.path}.when`, code: "never_holds", reason }, ...withoutValue];
  }
  const idle = idleWarnings(about, check);
  const neverFires = idle.some(({ code }) => code !== "count_always_fires");
  return [
    ...idle,
    ...(neverFires ? [] : hiddenWarnings(about, check, policy)),
    ...(roster === undefined ? [] : rosterWarnings(about, check, policy, roster)),
    ...withoutValue,
  ];
}

function neverHolds(check: Limit | Rule): NeverReason | null {
  const { when } = check;
  if (when === undefined) return null;
  const needsOrder = when.orderAgeDays !== undefined || (isLimit(check) && check.scope.includes("order"));
  if (when.hasOrder === false && needsOrder) return "order_and_none";
  if (when.roles?.every((role) => role === "auditor")) return "auditors_only";
  return when.amount?.under === 0 ? "amount_below_zero" : null;
}

/** Limits that single decisions never or always pass. */
function idleWarnings(about: About, check: Limit | Rule): Warning[] {
  if (!isLimit(check) || check.window !== "decision") return [];
  const { measure, max, over, when } = check;
  if (measure === "count" && max === 0)
    return [{ ...about, path: `${about.path}.max`, code: "count_always_fires", effect: over }];
  // A fact that is not known hands over, so that the limit is not without consequence.
  if (mayBeUnknown(when)) return [];
  if (measure === "count") return [{ ...about, path: `${about.path}.max`, code: "count_never_fires", max }];
  const under = when?.amount?.under;
  if (under === undefined || under > max) return [];
  return [{ ...about, path: `${about.path}.max`, code: "never_exceeded", max, under }];
}

function hiddenWarnings(about: About, check: Limit | Rule, { limits, rules }: Policy): Warning[] {
  const rule = isLimit(check) ? rules.find((one) => ruleHides(one, check)) : hiderOf(check, rules, ruleHides);
  if (rule !== undefined) return [{ ...about, code: "hidden_by_rule", by: rule.id }];
  const limit = isLimit(check) ? hiderOf(check, limits, limitHidesLimit) : undefined;
  return limit === undefined ? [] : [{ ...about, code: "hidden_by_limit", by: limit.id }];
}

/** Of two that hide each other the later one is hidden: without both, the policy would say something else. */
function hiderOf<Check>(
  hidden: Check,
  checks: readonly Check[],
  hides: (hider: Check, hidden: Check) => boolean,
): Check | undefined {
  const place = checks.indexOf(hidden);
  return checks.find(
    (hider, index) => index !== place && hides(hider, hidden) && (index < place || !hides(hidden, hider)),
  );
}

function isLimit(check: Limit | Rule): check is Limit {
  return "over" in check;
}

const NAMES = ["teams", "tiers", "causes", "channels"] as const;

function rosterWarnings(about: About, check: Limit | Rule, policy: Policy, roster: Roster): Warning[] {
  const unknown = NAMES.flatMap((condition) =>
    (check.when?.[condition] ?? []).flatMap((name, index): Warning[] => {
      const path = `${about.path}.when.${condition}.${index}`;
      if (roster[condition]?.includes(name) ?? true) return [];
      return [{ ...about, path, code: "unknown_name", condition, name }];
    }),
  );
  if ((isLimit(check) ? check.over : check.effect) !== "handover") return unknown;
  const sample = unansweredHandover(check, policy, roster.employees);
  if (sample === null) return unknown;
  const path = `${about.path}.${isLimit(check) ? "over" : "effect"}`;
  return [...unknown, { ...about, path, code: "handover_unanswered", sample }];
}
