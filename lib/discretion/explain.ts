import type { AmountSpan } from "./applies";
import { VERDICTS, type Verdict } from "./schema";
import type { Check } from "./types";

/** The most severe effect of all checks; `allow` when none fired. */
export function verdictOf(checks: readonly Check[]): Verdict {
  let severity = 0;
  for (const { effect } of checks) {
    if (effect !== "pass") severity = Math.max(severity, VERDICTS.indexOf(effect));
  }
  return VERDICTS[severity] ?? "deny";
}

/**
 * The check that a verdict hangs on: of those whose effect it is, the limit with the least left, else the first rule;
 * for `allow` the amount limit with the least left, or `null` where no amount is bounded. Ties go to the first.
 */
export function bindingOf(verdict: Verdict, checks: readonly Check[]): string | null {
  if (verdict === "allow") {
    return leastLeft(checks.filter((check) => check.kind === "limit" && check.measure === "amount"));
  }
  const fired = checks.filter((check) => check.effect === verdict);
  return leastLeft(fired.filter((check) => check.kind === "limit")) ?? fired[0]?.id ?? null;
}

function leastLeft(limits: readonly Check[]): string | null {
  let least: Check | null = null;
  for (const limit of limits) {
    if (least === null || (limit.left ?? 0) < (least.left ?? 0)) least = limit;
  }
  return least?.id ?? null;
}

/**
 * The largest amount outside every blocked span: 0 when there is none, `null` when nothing bounds it.
 *
 * Conditions on amounts can allow 50, hand over 60 and allow 70 again; the largest that passes counts. It lies right
 * below a blocked span or has no end, so walking down from the span that reaches highest finds it. (Whether an amount
 * of 0 is itself allowed makes no difference to the number.)
 */
export function largestOutside(blocked: readonly AmountSpan[]): number | null {
  let largest = Number.POSITIVE_INFINITY;
  for (const { from, to } of blocked) {
    if (to === Number.POSITIVE_INFINITY) largest = Math.min(largest, from - 1);
  }
  const fromTheTop = blocked.filter(({ to }) => to !== Number.POSITIVE_INFINITY);
  for (const { from, to } of fromTheTop.sort((a, b) => b.to - a.to)) {
    if (to < largest) break;
    if (from <= largest) largest = from - 1;
  }
  return largest === Number.POSITIVE_INFINITY ? null : Math.max(largest, 0);
}
