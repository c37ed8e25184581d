import { orderHold } from "./built-in-findings";
import { createCountersInMemory } from "./counters-in-memory";
import { countingHolds, evaluate } from "./evaluate";
import type { FactsOfRecord } from "./findings";
import type { Policy, Remedy, Role, Verdict } from "./schema";
import type { DecisionRequest, Evaluation, ExchangeRate, Hold } from "./types";
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
  /** What `currency` is worth in the policy's at the time; a request in another currency without one hands over. */
  rate?: ExchangeRate | null;
  /** `agent`, if left out. */
  role?: Role | null;
  team?: string | null;
  tier?: string | null;
  order?: string | null;
  /** What was paid on the order, in minor units. Where it is not known, a refund of it hands over. */
  orderPaid?: number | null;
  /**
   * What had been refunded of the order, or was held for it, before the first row that names it, in minor units; 0, if
   * left out. Only the first row of an order that has it counts.
   */
  orderRefunded?: number | null;
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
  /** The amount in minor units of the policy's currency; `null` without a rate. */
  counted: number | null;
}

/** `amount` sums up what was asked for, in the policy's currency; what there was no rate for is only counted. */
export type SimulationTotals = Record<Verdict, { count: number; amount: number }>;

export interface Simulation {
  /**
   * Evaluates the next request and counts it for those to come, unless it is denied. A bend without a note stays a
   * bend: history is not refused for form.
   *
   * @throws RangeError when the row is earlier than the one before it, or as `evaluate` does.
   */
  decide(row: SimulationRow): SimulationResult;
  /** What `decide` would say to the next request, which counts for nobody and is part of no total. */
  peek(row: SimulationRow): SimulationResult;
  /** As `decide`, with all that was found. */
  evaluateNext(row: SimulationRow): Evaluation;
  /**
   * Counts a decision of the time before the replay as it stood, without deciding it: on every limit that applies, and
   * a refund on its order. It is part of no total. Answers what it holds.
   *
   * @throws RangeError as `decide` does.
   */
  remember(row: SimulationRow, as: "posted" | "reserved"): readonly Hold[];
  /**
   * Takes back what an earlier row holds, as `evaluateNext` or `remember` answered, and as it was counted: its handover
   * came to nothing, or what it gave was reversed. The totals stay: it was asked for all the same.
   */
  release(holds: readonly Hold[], as: "posted" | "reserved"): void;
  /**
   * Counts and sums by verdict, of all rows that were decided so far.
   *
   * @throws RangeError when a sum is beyond what a number carries exactly.
   */
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

  const read = (row: SimulationRow) => {
    if (row.at < latest) throw new RangeError(`Row ${row.id} is earlier than the one before it.`);
    latest = row.at;
    if (row.order && typeof row.orderRefunded === "number") {
      counters.beginOrder(row.order, row.orderRefunded);
    }
    return {
      request: requestOf(row, policy),
      facts: factsOf(row, counters.refundsOf(row.order ?? "")),
    };
  };
  const look = (row: SimulationRow): Evaluation => {
    const { request, facts } = read(row);
    return evaluate(policy, request, facts, counters.usageFor(request, facts));
  };
  const evaluateNext = (row: SimulationRow): Evaluation => {
    const evaluation = look(row);
    counters.count(evaluation.holds, evaluation.verdict === "handover" ? "reserved" : "posted");
    totals.add(evaluation);
    return evaluation;
  };

  return {
    evaluateNext,
    decide: (row) => resultOf(row, evaluateNext(row)),
    peek: (row) => resultOf(row, look(row)),
    remember(row, as) {
      const { request, facts } = read(row);
      const holds = countingHolds(policy, request, facts);
      if (request.remedy === "refund" && facts.order !== null) {
        holds.push(orderHold(facts.order.id, request.amount, null));
      }
      counters.count(holds, as);
      return holds;
    },
    release: counters.release,
    totals: totals.read,
  };
}

function resultOf({ id }: SimulationRow, { verdict, counted, explanation }: Evaluation): SimulationResult {
  const { binding, maxAmount } = explanation;
  return { id, verdict, binding, maxAmount, counted };
}

function requestOf(row: SimulationRow, policy: Policy): DecisionRequest {
  return {
    remedy: row.remedy,
    amount: row.amount,
    currency: row.currency ?? policy.currency,
    rate: row.rate,
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

/** Sums up exactly; what a rate took beyond what a number carries makes the sum as much as one carries. */
function createTotals() {
  const none = () => ({ count: 0, amount: 0n, isExact: true });
  const totals = { allow: none(), bend: none(), handover: none(), deny: none() };
  const read = (verdict: Verdict): { count: number; amount: number } => {
    const { count, amount, isExact } = totals[verdict];
    if (amount <= BigInt(Number.MAX_SAFE_INTEGER)) return { count, amount: Number(amount) };
    if (!isExact) return { count, amount: Number.MAX_SAFE_INTEGER };
    throw new RangeError(`The sum of ${verdict} is above ${Number.MAX_SAFE_INTEGER} minor units.`);
  };
  return {
    add({ verdict, counted, explanation }: Evaluation): void {
      const total = totals[verdict];
      total.count += 1;
      total.amount += BigInt(counted ?? 0);
      if (counted === Number.MAX_SAFE_INTEGER && explanation.exchange !== undefined) total.isExact = false;
    },
    read: (): SimulationTotals => ({
      allow: read("allow"),
      bend: read("bend"),
      handover: read("handover"),
      deny: read("deny"),
    }),
  };
}
