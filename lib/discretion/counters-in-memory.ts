import { counterKeyOfDay, orderCounterKey } from "./counters";
import type { FactsOfRecord } from "./findings";
import type { Policy } from "./schema";
import type { CounterKey, DecisionRequest, Evaluation, Usage, Used } from "./types";
import { localDay } from "./windows";

/** What the ledger keeps in the database, kept in memory for decisions that come in order of time. */
export interface CountersInMemory {
  /** What was refunded of an order, and is held for it. */
  refundsOf(orderId: string): { refunded: number; reserved: number };
  /** What the limits have seen before a request. */
  usageFor(request: DecisionRequest, facts: FactsOfRecord): Usage;
  /** Counts a decision for those to come: posted, or reserved when it was handed over. */
  count(request: DecisionRequest, evaluation: Evaluation): void;
}

const UNUSED: Used = { postedAmount: 0, reservedAmount: 0, postedCount: 0, reservedCount: 0 };

/** Empty counters for a policy. */
export function createCountersInMemory(policy: Policy): CountersInMemory {
  const bucketsByName = new Map<string, Map<string, Used>>();

  return {
    refundsOf(orderId) {
      const key = orderCounterKey(orderId);
      const used = bucketsByName.get(nameOf(key))?.get(key.bucket) ?? UNUSED;
      return { refunded: used.postedAmount, reserved: used.reservedAmount };
    },

    usageFor(request, facts) {
      const usage: Record<string, Used> = {};
      const today = localDay(request.at, policy.timeZone);
      for (const limit of policy.limits) {
        const key = counterKeyOfDay(limit, policy, today, request.caseId, facts);
        const buckets = key === null ? undefined : bucketsByName.get(nameOf(key));
        if (key !== null && buckets !== undefined) usage[limit.id] = usedWithin(buckets, key);
      }
      return usage;
    },

    count(request, { verdict, holds }) {
      const added = decisionAsUsed(request.amount, verdict === "handover");
      // Limits that count the same decisions share a counter, which must see each decision once.
      const touched = new Map(holds.map(({ counter }) => [nameOf(counter), counter]));
      for (const [name, { bucket }] of touched) {
        const buckets = bucketsByName.get(name) ?? new Map<string, Used>();
        bucketsByName.set(name, buckets.set(bucket, sum(buckets.get(bucket) ?? UNUSED, added)));
      }
    },
  };
}

function nameOf({ definition, scopeKey }: CounterKey): string {
  return `${definition} ${scopeKey}`;
}

/** The bucket of a calendar window, or the sum over those of a rolling one. */
function usedWithin(buckets: Map<string, Used>, { bucket, rollingFrom }: CounterKey): Used {
  if (rollingFrom === null) return buckets.get(bucket) ?? UNUSED;
  let total = UNUSED;
  for (const [day, used] of buckets) {
    // Time only moves on: a day that the window has left never counts again.
    if (day < rollingFrom) buckets.delete(day);
    else if (day <= bucket) total = sum(total, used);
  }
  return total;
}

function decisionAsUsed(amount: number, isReserved: boolean): Used {
  return isReserved
    ? { ...UNUSED, reservedAmount: amount, reservedCount: 1 }
    : { ...UNUSED, postedAmount: amount, postedCount: 1 };
}

function sum(a: Used, b: Used): Used {
  return {
    postedAmount: a.postedAmount + b.postedAmount,
    reservedAmount: a.reservedAmount + b.reservedAmount,
    postedCount: a.postedCount + b.postedCount,
    reservedCount: a.reservedCount + b.reservedCount,
  };
}
