/** What the days' sums are divided by, besides day, team and remedy. */
export type Dimension = "all" | "employee" | "cause" | "check";

/** The team of those who had none. */
export const NO_TEAM = "00000000-0000-0000-0000-000000000000";

/** What is summed, by its column. Amounts are minor units of the policy's currency, times whole seconds. */
const COLUMNS = {
  decisions: "decisions",
  /** Allowed, or bent with a reason: nobody was asked. */
  solved: "solved",
  bent: "bent",
  handedOver: "handed_over",
  denied: "denied",
  givenDecisions: "given_decisions",
  given: "given",
  heldDecisions: "held_decisions",
  held: "held",
  reversedDecisions: "reversed_decisions",
  reversed: "reversed",
  approved: "approved",
  adjusted: "adjusted",
  declined: "declined",
  expired: "expired",
  withdrawn: "withdrawn",
  /** What answers granted, and what they kept of what was asked for. */
  granted: "granted",
  protected: "protected",
  /** From asking to a person's answer. */
  waitSeconds: "wait_seconds",
  waited1: "waited_1",
  waited5: "waited_5",
  waited15: "waited_15",
  waited60: "waited_60",
  waited480: "waited_480",
  waitedLonger: "waited_longer",
  /** From asking to whatever ended it. */
  settleSeconds: "settle_seconds",
  withinLimit: "within_limit",
  withoutRemedy: "without_remedy",
  /** Decisions that a case began with: what a customer is asked about. */
  cases: "cases",
  /** Of those, what customers said: how many did, how many were satisfied, and all scores together. */
  surveyed: "surveyed",
  satisfied: "satisfied",
  score: "score",
  solvedSurveyed: "solved_surveyed",
  solvedSatisfied: "solved_satisfied",
  solvedScore: "solved_score",
  handedSurveyed: "handed_surveyed",
  handedSatisfied: "handed_satisfied",
  handedScore: "handed_score",
} as const;

export type Summed = keyof typeof COLUMNS;
export const SUMMED = Object.entries(COLUMNS) as [Summed, string][];

export type Sums = Record<Summed, number> & {
  /** The longest that somebody waited for an answer. */
  waitLongest: number;
};

export function noSums(): Sums {
  const none = Object.fromEntries(SUMMED.map(([name]) => [name, 0])) as Record<Summed, number>;
  return { ...none, waitLongest: 0 };
}

/** How many handovers a person answered. */
export function answeredOf({ approved, adjusted, declined }: Sums): number {
  return approved + adjusted + declined;
}

/** Which days of whom are looked at; both days are included, ISO dates. */
export interface SumsFilter {
  from: string;
  to: string;
  teamId?: string | undefined;
  remedy?: string | undefined;
}

/** How the sums of some days stand. */
export interface Freshness {
  /** Up to when all of them are told, ISO 8601; null where they are told as they stand. */
  asOf: string | null;
  /** How many days were never summed up. */
  missing: number;
}

/** How far one limit was used by what was given without asking. */
export interface LimitUse {
  limitId: string;
  decisions: number;
  upToQuarter: number;
  upToHalf: number;
  upToThreeQuarters: number;
  upToWhole: number;
  beyond: number;
  /** Thousandths of the maximum: all uses together, and the most. */
  usePermille: number;
  mostPermille: number;
}
