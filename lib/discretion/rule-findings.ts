import { readCondition, stateAt } from "./applies";
import type { CompiledRule } from "./compiled-policy";
import type { Finding, Subject } from "./findings";

/** What a rule says. Rules that do not fire are listed too, so that an explanation shows all that was looked at. */
export function ruleFinding(
  { rule, when, passes, fires }: CompiledRule,
  { request, facts, conversion }: Subject,
): Finding {
  const reading = readCondition(when, request, facts, conversion);
  if (reading.besidesAmount === "fails") return { check: passes, blocked: null, hold: null };

  const isUnknown = reading.besidesAmount === "unknown";
  const blocked = isUnknown || rule.effect !== "bend" ? reading.amounts : null;
  if (stateAt(reading, request.amount) === "fails") return { check: passes, blocked, hold: null };
  if (!isUnknown) return { check: fires, blocked, hold: null };
  return { check: { ...passes, effect: "handover", unknown: reading.unknown }, blocked, hold: null };
}
