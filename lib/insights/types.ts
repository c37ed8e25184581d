import type { DecisionDetail } from "@/lib/decisions/data";
import type { DecisionStatus } from "@/lib/decisions/types";
import type { CompanyValue, Remedy, Verdict } from "@/lib/discretion/schema";
import type { FilterName, FloorSearch } from "@/lib/insights/schema";

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
  amount: number;
  currency: string;
  verdict: Verdict;
  status: DecisionStatus;
  cause: string | null;
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
  /** Who is meant by the filters that hold an id; absent where the organization has nobody of that id. */
  names: Partial<Record<FilterName, string>>;
  teams: Choice[];
  causes: string[];
  rows: ActionRow[];
  /** Where the list begins; null on its first page. */
  newestHref: string | null;
  newerHref: string | null;
  olderHref: string | null;
}

export interface DecisionPage {
  now: string;
  timeZone: string;
  /** What the policy counts in. */
  policyCurrency: string;
  /** What the checks of its version serve. */
  values: readonly CompanyValue[];
  decision: DecisionDetail;
  /** Whether this person may open the policy. */
  mayReadPolicy: boolean;
  /** Whether they may make an example of it for a draft of the policy. */
  mayEditPolicy: boolean;
}
