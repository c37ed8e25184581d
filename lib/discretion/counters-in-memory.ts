import { compiledPolicy } from "./compiled-policy";
import { counterKeysFor, orderCounterKey, orderRefundableDefinition } from "./counters";
import type { FactsOfRecord } from "./findings";
import type { Policy } from "./schema";
import type { CounterKey, DecisionRequest, Hold, Usage, Used } from "./types";
import { addDays } from "./windows";

/** What the ledger keeps in the database, kept in memory for decisions that come in order of time. */
export interface CountersInMemory {
  /** Counts what had been refunded of an order before; only what is said first of each order does. */
  beginOrder(orderId: string, refunded: number): void;
  /** What was refunded of an order, and is held for it, in the order's currency. */
  refundsOf(orderId: string): { refunded: number; reserved: number };
  /** What the limits have seen before a request. */
  usageFor(request: DecisionRequest, facts: FactsOfRecord): Usage;
  /** Counts what a decision holds for those to come. */
  count(holds: readonly Hold[], as: "posted" | "reserved"): void;
  /** Takes back what `count` counted; what no window can reach any more is forgotten already. */
  release(holds: readonly Hold[], as: "posted" | "reserved"): void;
  /** How many counters of limits are kept. */
  size(): number;
}

const UNUSED: Used = { postedAmount: 0, reservedAmount: 0, postedCount: 0, reservedCount: 0 };

/** Empty counters for a policy. They forget what no window can reach any more, so that a long replay fits in memory. */
export function createCountersInMemory(policy: Policy): CountersInMemory {
  const byDefinition = new Map<string, Counters>();
  const orders = new Map<string, Used>();
  const begunOrders = new Set<string>();

  const addToOrder = (scopeKey: string, added: Used) =>
    orders.set(scopeKey, sum(orders.get(scopeKey) ?? UNUSED, added));
  const addToLimit = (counter: CounterKey, added: Used) => {
    let counters = byDefinition.get(counter.definition);
    if (counters === undefined) {
      counters = counter.rollingFrom === null ? createCountersByBucket() : createRollingCounters();
      byDefinition.set(counter.definition, counters);
    }
    counters.add(counter, added);
  };

  return {
    beginOrder(orderId, refunded) {
      if (begunOrders.has(orderId)) return;
      begunOrders.add(orderId);
      // Most orders are never refunded, and a long replay names many.
      if (refunded === 0) return;
      addToOrder(orderCounterKey(orderId).scopeKey, { ...UNUSED, postedAmount: refunded });
    },

    refundsOf(orderId) {
      const { postedAmount, reservedAmount } = orders.get(orderCounterKey(orderId).scopeKey) ?? UNUSED;
      return { refunded: postedAmount, reserved: reservedAmount };
    },

    usageFor(request, facts) {
      const usage: Record<string, Used> = {};
      const keyOf = counterKeysFor(policy, request, facts);
      for (const compiled of compiledPolicy(policy).limits) {
        const key = keyOf(compiled);
        const used = key === null ? undefined : byDefinition.get(key.definition)?.read(key);
        if (used !== undefined) usage[compiled.limit.id] = used;
      }
      return usage;
    },

    count(holds, as) {
      for (const { counter, amount } of byCounter(holds)) {
        const added = decisionAsUsed(amount, as);
        if (counter.definition === orderRefundableDefinition) addToOrder(counter.scopeKey, added);
        else addToLimit(counter, added);
      }
    },

    release(holds, as) {
      for (const { counter, amount } of byCounter(holds)) {
        const taken = decisionAsUsed(amount, as);
        if (counter.definition !== orderRefundableDefinition) {
          byDefinition.get(counter.definition)?.subtract(counter, taken);
          continue;
        }
        const known = orders.get(counter.scopeKey);
        if (known !== undefined) orders.set(counter.scopeKey, difference(known, taken));
      }
    },

    size: () => [...byDefinition.values()].reduce((total, counters) => total + counters.size(), 0),
  };
}

/** Limits that count the same decisions share a counter, which must see each decision once. */
function byCounter(holds: readonly Hold[]): Iterable<{ counter: CounterKey; amount: number }> {
  const additions = new Map<string, { counter: CounterKey; amount: number }>();
  for (const { counter, measure, asked } of holds) {
    const amount = measure === "amount" ? asked : (additions.get(counter.definition)?.amount ?? 0);
    additions.set(counter.definition, { counter, amount });
  }
  return additions.values();
}

/** The counters of one definition. */
interface Counters {
  read(key: CounterKey): Used | undefined;
  add(key: CounterKey, added: Used): void;
  /** Takes from what is there, and from nothing else: what was forgotten stays forgotten. */
  subtract(key: CounterKey, taken: Used): void;
  size(): number;
}

/**
 * Windows that are one bucket: of the calendar, or without an end. Time only moves on, so that a bucket is forgotten
 * when the second one after it begins; the one before the latest is kept for clocks that are set back over midnight.
 */
function createCountersByBucket(): Counters {
  const byBucket = new Map<string, Map<string, Used>>();
  return {
    read: ({ bucket, scopeKey }) => byBucket.get(bucket)?.get(scopeKey),
    add({ bucket, scopeKey }, added) {
      let counters = byBucket.get(bucket);
      if (counters === undefined) {
        counters = new Map();
        byBucket.set(bucket, counters);
        if (byBucket.size > 2) byBucket.delete([...byBucket.keys()].sort()[0] ?? bucket);
      }
      counters.set(scopeKey, sum(counters.get(scopeKey) ?? UNUSED, added));
    },
    subtract({ bucket, scopeKey }, taken) {
      const counters = byBucket.get(bucket);
      const known = counters?.get(scopeKey);
      if (known !== undefined) counters?.set(scopeKey, difference(known, taken));
    },
    size: () => [...byBucket.values()].reduce((total, counters) => total + counters.size, 0),
  };
}

/** How many counters there may be before a first look for dead ones. */
const SWEEP_FROM = 1024;

/**
 * Windows that are the sum of their last days. A day that the window has left is forgotten when the same counter sees
 * a new day; counters that see none any more are looked for whenever their number has doubled.
 */
function createRollingCounters(): Counters {
  const byScope = new Map<string, Map<string, Used>>();
  let sweepAt = SWEEP_FROM;

  const sweep = (firstDay: string) => {
    for (const [scopeKey, days] of byScope) {
      forgetBefore(days, firstDay);
      if (days.size === 0) byScope.delete(scopeKey);
    }
    sweepAt = Math.max(SWEEP_FROM, 2 * byScope.size);
  };

  return {
    read: ({ scopeKey, bucket, rollingFrom }) => {
      const days = byScope.get(scopeKey);
      return days && sumOfDays(days, rollingFrom ?? bucket, bucket);
    },
    add({ scopeKey, bucket, rollingFrom }, added) {
      const days = byScope.get(scopeKey) ?? new Map<string, Used>();
      const known = days.get(bucket);
      if (known === undefined) {
        // One day more is kept, for clocks that are set back over midnight.
        const firstDay = addDays(rollingFrom ?? bucket, -1);
        forgetBefore(days, firstDay);
        if (byScope.size >= sweepAt) sweep(firstDay);
        byScope.set(scopeKey, days);
      }
      days.set(bucket, sum(known ?? UNUSED, added));
    },
    subtract({ bucket, scopeKey }, taken) {
      const days = byScope.get(scopeKey);
      const known = days?.get(bucket);
      if (known !== undefined) days?.set(bucket, difference(known, taken));
    },
    size: () => [...byScope.values()].reduce((total, days) => total + days.size, 0),
  };
}

function forgetBefore(days: Map<string, Used>, firstDay: string): void {
  for (const day of days.keys()) if (day < firstDay) days.delete(day);
}

function sumOfDays(days: ReadonlyMap<string, Used>, from: string, to: string): Used {
  const total = { ...UNUSED };
  for (const [day, used] of days) {
    if (day < from || day > to) continue;
    total.postedAmount += used.postedAmount;
    total.reservedAmount += used.reservedAmount;
    total.postedCount += used.postedCount;
    total.reservedCount += used.reservedCount;
  }
  return total;
}

function decisionAsUsed(amount: number, as: "posted" | "reserved"): Used {
  return as === "reserved"
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

/** Never below nothing: beyond what a number carries exactly, a sum may have lost a unit that is now taken from it. */
function difference(a: Used, b: Used): Used {
  return {
    postedAmount: Math.max(a.postedAmount - b.postedAmount, 0),
    reservedAmount: Math.max(a.reservedAmount - b.reservedAmount, 0),
    postedCount: a.postedCount - b.postedCount,
    reservedCount: a.reservedCount - b.reservedCount,
  };
}
