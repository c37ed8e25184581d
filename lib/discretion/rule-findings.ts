import { readCondition, stateAt } from "./applies";
import { type Finding, NO_ARITHMETIC, type Subject } from "./findings";
import type { Rule } from "./schema";
import type { Check } from "./types";

/** What a rule says. Rules that do not fire are listed too, so that an explanation shows all that was looked at. */
export function ruleFinding(rule: Rule, { policy, request, facts }: Subject): Finding {
  const reading = readCondition(rule.when, request, facts, policy.currency);
  const state = stateAt(reading, request.amount);
  const check: Check = {
    id: rule.id,
    kind: "rule",
    ...NO_ARITHMETIC,
    effect: state === "holds" ? rule.effect : state === "unknown" ? "handover" : "pass",
    why: rule.why,
    say: rule.say,
    value: rule.value ?? null,
  };
  if (state === "unknown") check.unknown = reading.unknown;

  const blocks =
    reading.besidesAmount === "unknown" || (reading.besidesAmount === "holds" && rule.effect !== "bend");
  return { check, blocked: blocks ? reading.amounts : null, hold: null };
}
