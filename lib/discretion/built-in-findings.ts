import { orderCounterKey } from "./counters";
import {
  EVERY_AMOUNT,
  type FactsOfRecord,
  type Finding,
  leftAfter,
  NO_ARITHMETIC,
  type Subject,
  saturatingSum,
} from "./findings";
import { EXCHANGE_RATE, ORDER_REFUNDABLE } from "./schema";
import type { Check, Hold } from "./types";

type Order = NonNullable<FactsOfRecord["order"]>;

/** The checks that no policy can switch off, as far as they concern this request. */
export function builtInFindings(subject: Subject): Finding[] {
  const { request, facts } = subject;
  const findings: Finding[] = [];
  if (request.remedy === "refund" && facts.order !== null) {
    findings.push(orderRefundable(request.amount, facts.order));
  }
  if (subject.conversion === null) findings.push(exchangeRate(request.currency, subject.policy.currency));
  return findings;
}

/** A refund never exceeds what was paid on its order less what was already refunded or is held for it. */
function orderRefundable(asked: number, order: Order): Finding {
  const used = saturatingSum(order.refunded, order.reserved, ORDER_REFUNDABLE);
  const { paid } = order;
  const left = paid === null ? null : leftAfter(paid, used, asked);
  const passes = left !== null && left >= 0;
  const check: Check = {
    id: ORDER_REFUNDABLE,
    kind: "rule",
    scope: ["order"],
    window: "lifetime",
    measure: "amount",
    max: paid,
    used,
    reserved: order.reserved,
    asked,
    left,
    effect: paid === null ? "handover" : passes ? "pass" : "deny",
    why: "A refund gives back what was paid on the order, and never more than is still left of it.",
    say: "I can give you back what is still left of what you paid for this order.",
    value: null,
  };
  return {
    check: paid === null ? { ...check, unknown: ["orderPaid"] } : check,
    blocked: paid === null ? EVERY_AMOUNT : { from: paid - used + 1, to: Number.POSITIVE_INFINITY },
    hold: orderHold(order.id, asked, passes ? paid : null),
  };
}

/** What a refund holds of its order, in minor units of the order's currency. */
export function orderHold(orderId: string, asked: number, guardMax: number | null): Hold {
  return {
    limitId: ORDER_REFUNDABLE,
    counter: orderCounterKey(orderId),
    measure: "amount",
    asked,
    guardMax,
  };
}

/** Without a rate nobody can say whether the amount fits a limit, so that somebody has to look at it. */
function exchangeRate(asked: string, counted: string): Finding {
  const check: Check = {
    id: EXCHANGE_RATE,
    kind: "rule",
    ...NO_ARITHMETIC,
    effect: "handover",
    why: `The amount is in ${asked} and the limits count in ${counted}. Without an exchange rate it cannot be held against them.`,
    say: "I am passing this to a colleague, who will settle the amount in your currency.",
    value: null,
    unknown: ["exchangeRate"],
  };
  return { check, blocked: EVERY_AMOUNT, hold: null };
}
