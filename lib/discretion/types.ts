import type { Policy, Remedy, Role, Scope, Verdict, Window } from "./schema";

/** What one unit of a currency is worth in the policy's, from a day on. */
export interface ExchangeRate {
  /**
   * Units (major) of the policy's currency for one unit (major) of the request's: a positive decimal such as "1.0842",
   * as `parseRate` reads it.
   */
  rate: string;
  /** The local day from which it holds. ISO date. */
  day: string;
}

/** What is asked for, at one instant. Amounts are minor units of `currency`. */
export interface DecisionRequest {
  remedy: Remedy;
  amount: number;
  /** ISO 4217, upper case. */
  currency: string;
  /**
   * What `currency` is worth in the policy's. Not looked at when it is the policy's; absent or `null` where there is no
   * rate, so that somebody has to look at the amount.
   */
  rate?: ExchangeRate | null;
  /** The written reason that a bend needs. */
  note?: string | null;
  /** Shared by every decision of one case; absent when the request stands alone. */
  caseId?: string | null;
  cause?: string | null;
  channel?: string | null;
  /** Epoch milliseconds. The engine has no clock of its own. */
  at: number;
}

/** What is known of the people and the order. `null` is "not known" or "has none", as each field says. */
export interface Facts {
  employee: {
    id: string;
    role: Role;
    /** The team's key, `null` without a team. */
    team: string | null;
    /** Epoch milliseconds, `null` where no start date is known. */
    startedAt: number | null;
  };
  customer: {
    id: string;
    /** `null` without a tier. */
    tier: string | null;
  };
  /** `null` when the request names no order. */
  order: OrderFacts | null;
  /** `null` where it is not known. */
  hasOpenDispute: boolean | null;
}

export interface OrderFacts {
  id: string;
  /** What was paid, in minor units of the order's currency. */
  paid: number;
  /** Already refunded and already held for a refund, same currency. */
  refunded: number;
  reserved: number;
  /** Epoch milliseconds, `null` when the date is unknown. */
  placedAt: number | null;
}

/** What one limit has already seen in its window, in minor units of the policy's currency and in decisions. */
export interface Used {
  postedAmount: number;
  reservedAmount: number;
  postedCount: number;
  reservedCount: number;
}

/** Usage by limit id. A limit that is missing was not used yet. */
export type Usage = Readonly<Record<string, Used>>;

/**
 * Names the place where a limit's usage is counted.
 *
 * Two limits that count the same decisions share a counter, whatever their maximum: `definition` is a digest of scope,
 * window, condition and time zone, so that raising a maximum keeps what was counted, and changing a condition starts a
 * counter of its own.
 */
export interface CounterKey {
  definition: string;
  /** In the canonical order of `SCOPES`; decides the `scopeKey` together with the ids (and the case, for `window: "case"`). */
  scope: readonly Scope[];
  /** e.g. `employee:<id>/customer:<id>`, `organization` for the whole, with `/case:<id>` appended for the window "case". */
  scopeKey: string;
  /** First local day of the calendar window, or today's local day of a rolling window; `0001-01-01` for lifetime and case. ISO date. */
  bucket: string;
  /** First local day that still counts, for rolling windows only; else `null`. ISO date. */
  rollingFrom: string | null;
}

/**
 * What one limit, rule or built-in check said. Amounts are minor units of the policy's currency, also where another one
 * was asked for; only those of `order-refundable` are the order's.
 */
export interface Check {
  id: string;
  kind: "limit" | "rule";
  scope: readonly Scope[] | null;
  window: Window | null;
  measure: "amount" | "count" | null;
  max: number | null;
  /** Posted and reserved before this decision; `reserved` is the held part of it. */
  used: number | null;
  reserved: number | null;
  /**
   * What this decision adds. For an amount in another currency that is what is counted of it, and one unit more where
   * only the exact amount, and not the rounded one, passes the limit: rounding never lets anything through.
   */
  asked: number | null;
  /** `max − used − asked`: what would be left after this decision; negative when the limit is passed. */
  left: number | null;
  effect: "pass" | "bend" | "handover" | "deny";
  why: string;
  say: string;
  value: string | null;
  /** Why it could not be evaluated: the facts that are not known. Absent when everything was. */
  unknown?: readonly string[];
}

/** Why a verdict is what it is. The arithmetic of its checks is in the policy's currency. */
export interface Explanation {
  binding: string | null;
  /** Minor units of the request's currency. */
  maxAmount: number | null;
  /** How the amount was brought into the policy's currency. Present when a rate was used. */
  exchange?: {
    /** The policy's, which `counted` is in. */
    currency: string;
    rate: string;
    /** The day from which the rate holds. ISO date. */
    day: string;
    /** The amount in minor units of `currency`, as it counts on limits. */
    counted: number;
  };
  checks: readonly Check[];
}

/** What the ledger has to count, should the verdict be recorded. */
export interface Hold {
  /** A limit's id, or `order-refundable`. */
  limitId: string;
  counter: CounterKey;
  measure: "amount" | "count";
  /** What this decision adds: minor units of the policy's currency (the order's, for `order-refundable`), or 1 for a count. */
  asked: number;
  /**
   * The ledger refuses to go above it; `null` where the verdict is already the consequence of passing it. Below the
   * limit's maximum by what rounding took off the exact amount, so that what is counted never makes room for it.
   */
  guardMax: number | null;
}

export interface Evaluation {
  verdict: Verdict;
  /**
   * The amount as limits count it: minor units of the policy's currency, rounded half-even and at least 1 of what is
   * above zero; `null` where there is no rate to bring it there.
   */
  counted: number | null;
  /** The verdict is `bend` and no sufficient reason was written: the request is invalid, not handed over. */
  noteRequired: boolean;
  explanation: Explanation;
  /** Empty for `deny`. */
  holds: readonly Hold[];
}

/** How `evaluate` is called, for those who pass it around. */
export type Evaluate = (policy: Policy, request: DecisionRequest, facts: Facts, usage: Usage) => Evaluation;
