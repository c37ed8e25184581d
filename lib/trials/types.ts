import type { WholeVersion } from "@/lib/policies/types";

/** A version in force for one team beside the published one. Instants are ISO 8601. */
export interface Trial {
  id: string;
  version: number;
  team: { id: string; key: string; name: string };
  startsAt: string;
  /** When it is over by itself. */
  endsAt: string;
  /** When it was over; null while it runs. */
  endedAt: string | null;
  startedBy: { id: string; name: string };
  /** Null where its time ran out, and while it runs. */
  endedBy: { id: string; name: string } | null;
}

/** What was decided by some people in some time. Amounts are minor units of the policy's currency. */
export interface TrialTotals {
  decisions: number;
  /** Allowed, or bent with a reason: nobody had to be asked. */
  solved: number;
  handover: number;
  deny: number;
  /** What was given, as far as it is done by now. */
  given: number;
}

/** One local day of the trial's team, and of the others beside it. */
export interface TrialDay {
  /** ISO date. */
  day: string;
  /** Whether the trial ran; the day on which it began has its hours before it on a line of their own. */
  inTrial: boolean;
  team: TrialTotals;
  /** Nothing before the trial, where nobody is compared with them. */
  others: TrialTotals;
}

/** What came of a trial, beside what the same team did in as many days before it, and the others meanwhile. */
export interface TrialComparison {
  trial: TrialTotals;
  before: TrialTotals;
  others: TrialTotals;
  /** Every local day from the first one before, the oldest first, also where nothing was decided. */
  days: TrialDay[];
}

export interface TrialPage {
  mayEdit: boolean;
  trial: Trial;
  version: WholeVersion;
  /** What the others decide, or decided, under. */
  main: WholeVersion | null;
  /** The version in force now. */
  current: WholeVersion | null;
  comparison: TrialComparison;
  /** From when on the team is looked at before its trial: as many days as the trial took so far. ISO 8601. */
  comparedFrom: string;
  /** Until when it is looked at in the trial: its end, or now. ISO 8601. */
  comparedTo: string;
  currency: string;
  timeZone: string;
  now: string;
}
