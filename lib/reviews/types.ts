import type { DecisionStatus } from "@/lib/decisions/types";
import type { Remedy, Verdict } from "@/lib/discretion/schema";
import type { ReviewRule, ReviewVerdict } from "@/lib/reviews/schema";

/** A look back at a decision, as its page and whose it was read it. */
export interface ReviewStory {
  id: string;
  verdict: ReviewVerdict;
  /** Words for the employee; null where there were none, or they are gone with time. */
  note: string | null;
  /** Whether whoever wrote it had decided it. */
  own: boolean;
  reviewer: { id: string; name: string };
  createdAt: string;
  reply: { text: string; createdAt: string } | null;
}

/** Why a decision is put before those who review. */
export const REASONS = ["bend", "amount", "new", "share"] as const;
export type SampleReason = (typeof REASONS)[number];

/** What the rule looks at of a decision that was given at once. */
export interface Sampled {
  id: string;
  verdict: Verdict;
  /** In the policy's currency; null where there was no rate. */
  countedAmount: number | null;
  /** Days from the one on which they began to that of the decision; null where nobody knows. */
  daysSinceStart: number | null;
}

/** A decision that waits to be looked back at. */
export interface QueueItem {
  id: string;
  at: string;
  employee: { id: string; name: string };
  customer: { id: string; name: string };
  team: string | null;
  remedy: Remedy;
  amount: number;
  currency: string;
  verdict: Verdict;
  status: DecisionStatus;
  /** What it is called. */
  cause: string | null;
  happened: string | null;
  need: string | null;
  note: string | null;
  /** The check that decided, and why it is there. */
  binding: { id: string; why: string } | null;
  reasons: SampleReason[];
}

/** Whose decisions one looks back at. */
export const WHOSE = ["mine", "all"] as const;
export type Whose = (typeof WHOSE)[number];

export interface ReviewsPage {
  now: string;
  timeZone: string;
  currency: string;
  whose: Whose;
  items: QueueItem[];
  /** Whether there are more than these. */
  more: boolean;
  rule: ReviewRule;
  mayReview: boolean;
  maySetRule: boolean;
}

/** A review of one of somebody's own decisions, and what that was. */
export interface OwnReview extends ReviewStory {
  decision: {
    id: string;
    at: string;
    customer: string;
    remedy: Remedy;
    amount: number;
    currency: string;
    verdict: Verdict;
    status: DecisionStatus;
    /** What it is called. */
    cause: string | null;
  };
}

/** A limit or rule that reviews found wrong or unclear. */
export interface RuleDoubt {
  /** Its id in the policy; null where none decided. */
  check: string | null;
  wrong: number;
  unclear: number;
  /** The latest decisions of which it was said. */
  decisions: string[];
}

/** Why nothing was written. Each is expected, so it is returned. */
export type ReviewRefusal =
  | { ok: false; code: "signed_out" | "not_allowed" | "missing" | "waiting" | "already" | "not_reviewed" }
  | { ok: false; code: "invalid"; errors: { path: string; message: string }[] };

export type ReviewAnswer = { ok: true } | ReviewRefusal;
