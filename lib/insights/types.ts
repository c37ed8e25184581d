import type { DecisionDetail } from "@/lib/decisions/data";
import type { DecisionStatus } from "@/lib/decisions/types";
import type { CompanyValue, Remedy, Verdict } from "@/lib/discretion/schema";
import type { Column, Sort } from "@/lib/floor/schema";
import type { ActionSlice } from "@/lib/floor/types";
import type { AnswerPreview } from "@/lib/handovers/types";
import type { FilterName, FloorSearch } from "@/lib/insights/schema";
import type { ReviewVerdict } from "@/lib/reviews/schema";
import type { ViewChoices } from "@/lib/saved-views/types";
import type { DecisionSeal } from "@/lib/seals/types";

/** One local day. Amounts are minor units of the policy's currency. */
export interface DayTotals {
  /** ISO date. */
  day: string;
  given: number;
  decisions: number;
}

export interface SpanTotals {
  given: number;
  decisions: number;
  /** Of all decisions those that nobody had to be asked for, 0 to 1; null where there were none. */
  solved: number | null;
}

/** What was given and how. Amounts are minor units of the policy's currency. */
export interface FloorTotals {
  today: SpanTotals;
  /** Today and the 29 days before it. */
  month: SpanTotals;
  /** What waiting handovers hold. */
  held: { amount: number; decisions: number };
  /** The same 30 days one by one, the oldest first, those without decisions too. */
  days: DayTotals[];
}

/** One line of the list of actions. */
export interface ActionRow {
  id: string;
  at: string;
  employee: string;
  customer: string;
  remedy: Remedy;
  /** What was given, or asked for while nothing is. */
  amount: number;
  /** What was asked for. */
  asked: number;
  currency: string;
  verdict: Verdict;
  status: DecisionStatus;
  /** What it is on record as. */
  cause: string | null;
  /** What the catalogue of causes calls it; null where it is in none. */
  causeName: string | null;
  team: string | null;
  channel: string | null;
  orderRef: string | null;
  note: string | null;
  policyVersion: number;
  /** What the latest look back at it said; null where nobody looked. */
  review: ReviewVerdict | null;
}

export interface Choice {
  value: string;
  label: string;
}

export interface FloorPage {
  now: string;
  timeZone: string;
  currency: string;
  totals: FloorTotals;
  search: Pick<FloorSearch, "given" | "faults">;
  /** Who and what is meant by the filters that hold an id or a key; absent where the organization has nothing of that id. */
  names: Partial<Record<FilterName, string>>;
  teams: Choice[];
  /** Those of the catalogue and what was named lately, by name. */
  causes: Choice[];
  /** What can bind a decision under the policy in force. */
  checks: Choice[];
  /** The first part of the list. */
  slice: ActionSlice;
  sort: Sort;
  columns: readonly Column[];
  /** Where the list begins; null on its first part. */
  firstHref: string | null;
  views: ViewChoices;
}

export interface DecisionPage {
  now: string;
  /** Who reads it. */
  employeeId: string;
  timeZone: string;
  /** What the policy counts in. */
  policyCurrency: string;
  /** What the checks of its version serve. */
  values: readonly CompanyValue[];
  decision: DecisionDetail;
  /** Null while its recording waits to be sealed. */
  seal: DecisionSeal | null;
  /** Whether this person may open the policy. */
  mayReadPolicy: boolean;
  /** Whether they may take it back. */
  mayReverse: boolean;
  /** What an answer of theirs to its handover would be based on; null where they may not answer it. */
  answering: AnswerPreview | null;
  /** What the checks of that preview serve. */
  answeringValues: readonly CompanyValue[];
  /** Whether they may make an example of it for a draft of the policy. */
  mayEditPolicy: boolean;
  /** Whether they may say that next time nobody need ask. */
  mayPropose: boolean;
  /** Whether they may look back at it. */
  mayReview: boolean;
  /** Whether they may answer to what was written about a decision of their own. */
  mayReply: boolean;
}
