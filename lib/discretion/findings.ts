import type { AmountSpan } from "./applies";
import type { CompiledLimit } from "./compiled-policy";
import type { Conversion } from "./conversion";
import type { Policy } from "./schema";
import type { Check, CounterKey, DecisionRequest, Facts, Hold, OrderFacts, Usage } from "./types";

/**
 * Facts that may lack what was paid on the order, as records of the past do. What the ledger knows (`Facts`) is a case
 * of it.
 */
export interface FactsOfRecord extends Omit<Facts, "order"> {
  order: (Omit<OrderFacts, "paid"> & { paid: number | null }) | null;
}

/** All that one evaluation is about. */
export interface Subject {
  policy: Policy;
  request: DecisionRequest;
  facts: FactsOfRecord;
  usage: Usage;
  /** Where a limit's usage is kept for the request; `null` where it keeps none. */
  counterKeyOf(limit: CompiledLimit): CounterKey | null;
  /** How its amounts come into the policy's currency; `null` where they cannot, for want of a rate. */
  conversion: Conversion | null;
  /** The amount in the policy's currency, as limits count it and rounded up; `null` without a conversion. */
  amount: { counted: number; roundedUp: number } | null;
}

/** What one limit, rule or built-in check says about a request. */
export interface Finding {
  /** `null` for a limit that does not apply to the amount asked for, but would to others. */
  check: Check | null;
  /** The amounts that it would hand over or deny, whatever is asked for now; `null` when there are none. */
  blocked: AmountSpan | null;
  /** What the ledger has to count for it, should the request be recorded. */
  hold: Hold | null;
}

/** Every amount there is. */
export const EVERY_AMOUNT: AmountSpan = { from: 0, to: Number.POSITIVE_INFINITY };

/** What a check without arithmetic says of it. */
export const NO_ARITHMETIC = {
  scope: null,
  window: null,
  measure: null,
  max: null,
  used: null,
  reserved: null,
  asked: null,
  left: null,
} as const;

/**
 * A sum of counted things that stays a safe integer. Hand-overs reserve whatever was asked for, so a counter may grow
 * past what a number carries; it then is as full as any limit can be, and that must not stop everybody else.
 *
 * @param id the check that they were counted for.
 * @throws RangeError when a part is not a whole number of zero or more.
 */
export function saturatingSum(posted: number, reserved: number, id: string): number {
  return Math.min(requireCount(posted, id) + requireCount(reserved, id), Number.MAX_SAFE_INTEGER);
}

function requireCount(value: number, id: string): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`The usage of ${id} is ${value}, not a whole number.`);
}

/** `max − used − asked`, kept a safe integer: nothing is decided by how far below that it would be. */
export function leftAfter(max: number, used: number, asked: number): number {
  return Math.max(max - used - asked, Number.MIN_SAFE_INTEGER);
}
