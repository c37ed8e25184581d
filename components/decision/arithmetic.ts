import type { Check, Explanation } from "@/lib/discretion/types";
import { formatAmount, formatCount } from "@/lib/format/money";

/** The one built-in check that counts in the currency of the order. */
const IN_ORDER_CURRENCY = "order-refundable";

export interface Currencies {
  /** What the policy counts in. */
  policy: string;
  /** What the decision was asked in. */
  decision: string;
}

/**
 * A check's number as its measure is written: an amount of its currency, or a count. Where two currencies are about,
 * each amount says which one it is in.
 */
export function figure(check: Check, value: number, { policy, decision }: Currencies): string {
  if (check.measure === "count") return formatCount(value);
  const currency = check.id === IN_ORDER_CURRENCY ? decision : policy;
  const amount = formatAmount(value, currency);
  return policy === decision ? amount : `${amount} ${currency}`;
}

/** What was left of a limit before the decision. A limit that was lowered under its usage has nothing left, not less. */
export function leftBefore(check: Check): number | null {
  return check.max === null || check.used === null ? null : Math.max(0, check.max - check.used);
}

/** The check that decided; none where nothing did. */
export function bindingOf(explanation: Explanation): Check | undefined {
  return explanation.checks.find((check) => check.id === explanation.binding);
}
