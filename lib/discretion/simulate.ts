import { createCountersInMemory } from "./counters-in-memory";
import { evaluate } from "./evaluate";
import type { FactsOfRecord } from "./findings";
import type { Policy, Remedy, Role, Verdict } from "./schema";
import type { DecisionRequest } from "./types";
import { DAY_MS } from "./windows";

/** One request of the past. What may be left out may also be `null`. */
export interface SimulationRow {
  id: string;
  /** Epoch milliseconds. */
  at: number;
  employee: string;
  customer: string;
  remedy: Remedy;
  /** Minor units of `currency`. */
  amount: number;
  /** The policy's, if left out. */
  currency?: string | null;
  /** `agent`, if left out. */
  role?: Role | null;
  team?: string | null;
  tier?: string | null;
  order?: string | null;
  /** What was paid on the order, in minor units. Where it is not known, a refund of it hands over. */
  orderPaid?: number | null;
  /** Epoch milliseconds; unknown, if left out. */
  orderAt?: number | null;
  /** Unknown, if left out. */
  tenureDays?: number | null;
  /** Unknown, if left out. */
  hasOpenDispute?: boolean | null;
  case?: string | null;
  cause?: string | null;
  channel?: string | null;
  note?: string | null;
}

export interface SimulationResult {
  id: string;
  verdict: Verdict;
  binding: string | null;
  maxAmount: number | null;
}

/** `amount` sums up what was asked for in the policy's currency; what was asked for in others is only counted. */
export type SimulationTotals = Record<Verdict, { count: number; amount: number }>;

export interface Simulation {
  /**
   * Evaluates the next request and counts it for those to come, unless it is denied. A bend without a note stays a
   * bend: history is not refused for form.
   *
   * @throws RangeError when the row is earlier than the one before it, when a sum grows beyond what a number carries
   * exactly, or as `evaluate` does.
   */
  decide(row: SimulationRow): SimulationResult;
  /** Counts and sums by verdict, of all rows so far. */
  totals(): SimulationTotals;
}

/** The order in which requests are replayed: by time, and as given where times are equal. */
export function inReplayOrder<Row extends { at: number }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => a.at - b.at);
}

/** Replays requests, which must come in order of time, against a policy; counters in memory stand for the ledger. */
export function createSimulation(policy: Policy): Simulation {
  const counters = createCountersInMemory(policy);
  const totals = createTotals();
  let latest = Number.NEGATIVE_INFINITY;

  return {
    decide(row) {
      if (row.at < latest) throw new RangeError(`Row ${row.id} is earlier than the one before it.`);
      latest = row.at;
      const request = requestOf(row, policy);
      const facts = factsOf(row, counters.refundsOf(row.order ?? ""));
      const evaluation = evaluate(policy, request, facts, counters.usageFor(request, facts));
      counters.count(request, evaluation);
      totals.add(evaluation.verdict, request.currency === policy.currency ? request.amount : 0);
      const { binding, maxAmount } = evaluation.explanation;
      return { id: row.id, verdict: evaluation.verdict, binding, maxAmount };
    },
    totals: totals.read,
  };
}

function requestOf(row: SimulationRow, policy: Policy): DecisionRequest {
  return {
    remedy: row.remedy,
    amount: row.amount,
    currency: row.currency ?? policy.currency,
    note: row.note,
    caseId: row.case,
    cause: row.cause,
    channel: row.channel,
    at: row.at,
  };
}

function factsOf(row: SimulationRow, refunds: { refunded: number; reserved: number }): FactsOfRecord {
  const tenureDays = row.tenureDays ?? null;
  return {
    employee: {
      id: row.employee,
      role: row.role ?? "agent",
      team: row.team ?? null,
      startedAt: tenureDays === null ? null : row.at - tenureDays * DAY_MS,
    },
    customer: { id: row.customer, tier: row.tier ?? null },
    order: row.order
      ? { id: row.order, paid: row.orderPaid ?? null, placedAt: row.orderAt ?? null, ...refunds }
      : null,
    hasOpenDispute: row.hasOpenDispute ?? null,
  };
}

function createTotals() {
  const none = () => ({ count: 0, amount: 0 });
  const totals: SimulationTotals = { allow: none(), bend: none(), handover: none(), deny: none() };
  return {
    add(verdict: Verdict, amount: number): void {
      const total = totals[verdict];
      if (!Number.isSafeInteger(total.amount + amount)) {
        throw new RangeError(`The sum of ${verdict} is above ${Number.MAX_SAFE_INTEGER} minor units.`);
      }
      totals[verdict] = { count: total.count + 1, amount: total.amount + amount };
    },
    read: (): SimulationTotals => ({ ...totals }),
  };
}
