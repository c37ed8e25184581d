import { rowsHref, type SpanSearch } from "@/lib/dashboards/schema";
import type { FloorSearch } from "@/lib/insights/schema";
import { NO_TEAM, type Summed } from "@/lib/sums/types";

type Narrowing = FloorSearch["given"];

const SOLVED: Narrowing = { verdict: "allow,bend" };
const HANDED_OVER: Narrowing = { verdict: "handover" };
const DENIED: Narrowing = { verdict: "deny" };
/** Cases of which the customer said how they turned out. */
const SAID: Narrowing = { outcome: "answered" };
const GIVEN: Narrowing = { status: "posted" };
const HELD: Narrowing = { status: "reserved" };
const REVERSED: Narrowing = { status: "reversed" };
/** A person's answers, and whatever else ended a handover. */
const ANSWERED = "approved,adjusted,declined";
const IN_VAIN = "expired,withdrawn";

/** What the floor's list is narrowed by to hold just the decisions that a figure is made of. */
export const ROWS_OF = {
  decisions: {},
  solved: SOLVED,
  bent: { verdict: "bend" },
  handedOver: HANDED_OVER,
  denied: DENIED,
  givenDecisions: GIVEN,
  given: GIVEN,
  heldDecisions: HELD,
  held: HELD,
  reversedDecisions: REVERSED,
  reversed: REVERSED,
  approved: { answer: "approved" },
  adjusted: { answer: "adjusted" },
  declined: { answer: "declined" },
  expired: { answer: "expired" },
  withdrawn: { answer: "withdrawn" },
  granted: { answer: "approved,adjusted" },
  protected: { answer: "adjusted,declined" },
  waitSeconds: { answer: ANSWERED },
  waited1: { waited: "1" },
  waited5: { waited: "5" },
  waited15: { waited: "15" },
  waited60: { waited: "60" },
  waited480: { waited: "480" },
  waitedLonger: { waited: "longer" },
  settleSeconds: { answer: `${ANSWERED},${IN_VAIN}` },
  withinLimit: { finding: "within_limit" },
  withoutRemedy: { finding: "no_remedy" },
  cases: { outcome: "answered,unanswered" },
  surveyed: SAID,
  satisfied: { outcome: "satisfied" },
  score: SAID,
  solvedSurveyed: { ...SOLVED, ...SAID },
  solvedSatisfied: { ...SOLVED, outcome: "satisfied" },
  solvedScore: { ...SOLVED, ...SAID },
  handedSurveyed: { ...HANDED_OVER, ...SAID },
  handedSatisfied: { ...HANDED_OVER, outcome: "satisfied" },
  handedScore: { ...HANDED_OVER, ...SAID },
  /** Those that are put together of the others. */
  answered: { answer: ANSWERED },
  inVain: { answer: IN_VAIN },
  atOnce: { verdict: "allow,bend,deny" },
  settled: { status: "posted,refused,declined,expired,released,reversed" },
  unsatisfied: { outcome: "unsatisfied" },
  deniedSurveyed: { ...DENIED, ...SAID },
  deniedSatisfied: { ...DENIED, outcome: "satisfied" },
} as const satisfies Record<
  | Summed
  | "answered"
  | "inVain"
  | "atOnce"
  | "settled"
  | "unsatisfied"
  | "deniedSurveyed"
  | "deniedSatisfied",
  Narrowing
>;

export type Figure = keyof typeof ROWS_OF;

/** The rows of a figure, and no others; `more` says of what it is the figure. */
export function figureHref(
  search: Pick<SpanSearch, "span" | "team" | "remedy">,
  figure: Figure,
  more: Narrowing = {},
): string {
  return rowsHref(search, { ...ROWS_OF[figure], ...more });
}

/** What narrows to one team, cause or check; null: to what has none. */
export function ofOne(what: "team" | "cause" | "check", value: string | null): Narrowing {
  return value === null || value === "" || value === NO_TEAM ? { without: what } : { [what]: value };
}
