import type { Verdict } from "@/lib/discretion/schema";
import type { PolicyStatus } from "@/lib/policies/types";

/** So many requests, and what they came to: minor units of the policy's currency. */
export interface Tally {
  count: number;
  /** At most what a number carries exactly. */
  amount: number;
}

export type ByVerdict = Record<Verdict, Tally>;

/** From the verdict before (first key) to the draft's (second key). */
export type Flow = Record<Verdict, ByVerdict>;

/** What three voices say to the same requests: history, the version in force, and the draft. */
export interface Voices<T> {
  /** As it was decided then, under the versions of then. */
  recorded: T;
  /** As the version in force would have decided. */
  current: T;
  draft: T;
}

/** What the draft is held against. */
export type Against = Exclude<keyof Voices<unknown>, "draft">;

/** The requests of one team, or of one cause. */
export interface Group {
  /** The team's key, or the cause; null for those without. */
  key: string | null;
  /** How people call it; null where that is the key. */
  name: string | null;
  /** Set on the last one of a long list: so many smaller groups are put together in it, and `key` is null. */
  others?: number;
  total: Tally;
  /** What was solved without asking: allowed, or bent with a reason. */
  solved: Voices<Tally>;
}

/** What a replay of recorded history under a draft shows. */
export interface SimulationResult {
  /** The decisions of the span that were replayed. */
  decisions: Tally;
  verdicts: Voices<ByVerdict>;
  flow: { recorded: Flow; current: Flow };
  /** The largest first. */
  teams: Group[];
  causes: Group[];
  /** How many decisions the draft would have taken otherwise; and how many of them are listed. */
  differing: { recorded: number; current: number; kept: number };
  /** Amounts that were about to be asked for and were not sent, held against the draft apart from the decisions. */
  unsent: {
    /** Nothing was sent in their place: these count on the budgets of those to come. */
    abandoned: Voices<ByVerdict>;
    /** Something lower was sent, which is among the decisions: these are looked at and do not count. */
    lowered: Voices<ByVerdict>;
  };
  /** What happened before the span and still counted in a window at its beginning; `since` null: from the first on. */
  remembered: { decisions: number; since: string | null };
}

export type SimulationStatus = "queued" | "running" | "done" | "cancelled" | "failed";

/** Why a replay failed: there was nothing in its span, or something broke, which the log tells. */
export type SimulationFault = "nothing" | "broken";

/** How far a replay is. */
export interface SimulationProgress {
  id: string;
  status: SimulationStatus;
  processed: number;
  /** How many requests there are to read; null before it is known. */
  total: number | null;
}

/** A replay as a list shows it. Days are the organization's, ISO dates, both included; instants are ISO 8601. */
export interface SimulationLine extends SimulationProgress {
  version: number;
  /** The revision of the draft that was replayed; the draft may be further by now. */
  revision: number;
  comparedWith: number;
  from: string;
  to: string;
  fault: SimulationFault | null;
  askedBy: string | null;
  createdAt: string;
  finishedAt: string | null;
  /** What came of it, in a line; null unless it is done. */
  verdicts: Voices<ByVerdict> | null;
}

/** A replay with all that came of it. */
export interface SimulationView extends SimulationLine {
  result: SimulationResult | null;
}

/** A decision that the draft would have taken otherwise. */
export interface Difference {
  decisionId: string;
  at: string;
  employee: string;
  customer: string;
  remedy: string;
  amount: number;
  currency: string;
  recorded: Verdict;
  current: Verdict;
  draft: Verdict;
  /** The check of the draft that its verdict hangs on. */
  binding: string | null;
}

/** Which of the listed differences somebody wants to see. */
export interface DifferenceFilter {
  against: Against;
  from?: Verdict;
  to?: Verdict;
}

/** The listed differences, a page of them. */
export interface DifferencePage {
  rows: Difference[];
  /** How many of those listed the filter leaves. */
  count: number;
  newerHref: string | null;
  olderHref: string | null;
}

/** The page of a version's replays. */
export interface SimulationPage {
  version: { version: number; status: PolicyStatus; revision: number };
  /** The number of the version in force; null before an organization's first. */
  current: number | null;
  /** Whether the person may have history replayed, and not only read what came of it. */
  mayStart: boolean;
  /** Newest first. */
  runs: SimulationLine[];
  /** The one that is shown. */
  run: SimulationView | null;
  filter: DifferenceFilter;
  differences: DifferencePage | null;
  currency: string;
  timeZone: string;
  /** The organization's local day, ISO. */
  today: string;
  now: string;
}
