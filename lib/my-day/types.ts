import type { DecisionStatus } from "@/lib/decisions/types";
import type { Remedy, Verdict } from "@/lib/discretion/schema";
import type { FailedExecution, OpenExecution } from "@/lib/execution/types";
import type { FollowUp } from "@/lib/follow-ups/types";
import type { HandoverStatus } from "@/lib/handovers/types";

/** One decision of the day. Amounts are minor units of `currency`. */
export interface DayDecision {
  id: string;
  customer: { id: string; name: string };
  remedy: Remedy;
  amount: number;
  currency: string;
  verdict: Verdict;
  status: DecisionStatus;
  /** What it is called. */
  cause: string | null;
  createdAt: string;
}

/** What somebody handed over, and what came of it. */
export interface DayHandover {
  decisionId: string;
  customer: { id: string; name: string };
  remedy: Remedy;
  amount: number;
  currency: string;
  status: HandoverStatus;
  waitingFor: string | null;
  deadlineAt: string;
  answeredBy: string | null;
  answeredAt: string | null;
  note: string | null;
  granted: number | null;
}

/** How much of a limit that counts for the person alone is used. */
export interface OwnLimit {
  id: string;
  window: string | { rollingDays: number };
  measure: "amount" | "count";
  max: number;
  /** Posted and reserved; `reserved` is the held part of it. */
  used: number;
  reserved: number;
  left: number;
  why: string;
}

/** A limit that begins anew with each customer: there is nothing of it to use up in a day. */
export interface PerCustomerLimit {
  id: string;
  window: string | { rollingDays: number };
  measure: "amount" | "count";
  max: number;
}

export interface MyDay {
  /** Local day, ISO date. */
  day: string;
  decisions: DayDecision[];
  /** More was decided than is listed. */
  more: boolean;
  /** In the organization's currency, from the sums of the day: `given` at once or granted, `held` by what waits. */
  sums: { given: number; held: number; decisions: number };
  handovers: DayHandover[];
  /** What could not be carried out, and was given back. */
  failed: FailedExecution[];
  /** What they were given to do by hand, what is due first first. */
  byHand: OpenExecution[];
  promises: { open: FollowUp[]; done: FollowUp[] };
  limits: OwnLimit[];
  perCustomer: PerCustomerLimit[];
  /** What amounts of limits are in; null while there is no policy. */
  currency: string;
  timeZone: string;
  now: string;
}
