import type { DecisionStatus } from "@/lib/decisions/types";
import type { CompanyValue, Remedy, Verdict } from "@/lib/discretion/schema";
import type { Explanation } from "@/lib/discretion/types";
import type { ExecutionView } from "@/lib/execution/types";
import type { HandoverStory } from "@/lib/handovers/types";
import type { ReversalStory } from "@/lib/reversals/types";
import type { ReviewStory } from "@/lib/reviews/types";
import type { SurveyAnswer } from "@/lib/surveys/types";

/** A customer that a search found. */
export interface CustomerHit {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  tier: string | null;
  externalRef: string | null;
  /** The order by whose number they were found. */
  matchedOrder?: { id: string; externalRef: string };
  /** The record by whose words they were found, where that was merged into this one. */
  matchedRecord?: { id: string; name: string };
}

export interface CustomerProfile {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  tier: string | null;
  externalRef: string | null;
  kind: "external" | "internal";
  /** When the first known order was placed; null without one. */
  since: string | null;
  /** The record that this one stands for since they were merged; null while it stands for itself. */
  mergedInto: string | null;
}

/** Amounts are minor units of `currency`. */
export interface CustomerOrder {
  id: string;
  externalRef: string;
  paid: number;
  /** What was paid, less what was refunded or is held for a refund. */
  refundable: number;
  currency: string;
  placedAt: string | null;
}

/** What the person at the desk decides under. */
export interface DeskPolicy {
  version: number;
  /** What its checks serve. */
  values: readonly CompanyValue[];
  /** Until when their team tries it beside the one that is in force for the others, ISO 8601; null where it is that. */
  triedUntil: string | null;
}

/** What was once decided for a customer, as the desk tells it. */
export interface PastDecision {
  id: string;
  remedy: Remedy;
  amount: number;
  currency: string;
  verdict: Verdict;
  status: DecisionStatus;
  createdAt: string;
  employee: { id: string; name: string };
  orderRef: string | null;
  cause: string | null;
  happened: string | null;
  /** What was granted of a handover; null where it was none, or nothing is granted. */
  granted: number | null;
  /** Whether it was taken back before anybody began to carry it out. */
  undone: boolean;
  /** Until when it can be undone, ISO 8601; null where it can't be. */
  undoUntil: string | null;
}

/** The first of a list, and how many there are in all. */
export interface Listed<T> {
  items: T[];
  total: number;
}

/** What is usually given for a remedy: the middle half of the latest amounts, in the organization's currency. */
export interface UsualAmount {
  from: number;
  to: number;
}

/** Somebody whom the person at the desk helped, and what with the last time. */
export interface RecentCustomer {
  id: string;
  name: string;
  last: { id: string; remedy: Remedy; amount: number; currency: string; createdAt: string };
}

/** A decision to read again. */
export interface DecisionRecord extends PastDecision {
  customer: { id: string; name: string };
  channel: string | null;
  need: string | null;
  note: string | null;
  policyVersion: number;
  explanation: Explanation;
  /** What the checks of its version serve. */
  values: readonly CompanyValue[];
  /** What the customer said of the case; null where they said nothing, or nobody told. */
  survey: SurveyAnswer | null;
  reversal: ReversalStory | null;
  handover: HandoverStory | null;
  execution: ExecutionView | null;
  /** What was written looking back; empty for those whom it is nothing to. */
  reviews: ReviewStory[];
}
