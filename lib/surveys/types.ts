/** A customer who gives so many of five says that it turned out well, as the field counts it (CSAT). */
export const SATISFIED_FROM = 4;
export const SCORE_MOST = 5;

/** Fewer answers than these are told by their number and not in percent: each would be worth more than twenty of a hundred. */
export const ANSWERS_ENOUGH = 5;

/** What a case can be narrowed by: what its customer said, or that they said nothing. */
export const OUTCOMES = ["satisfied", "unsatisfied", "answered", "unanswered"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a customer said of a case. */
export interface SurveyAnswer {
  /** From 1 to 5. */
  score: number;
  /** ISO 8601. */
  answeredAt: string;
}

/** What stands of a case after a survey tool told of it. */
export interface RecordedAnswer extends SurveyAnswer {
  /** The decision that the case began with. */
  decision: string;
  /** What the tool calls it. */
  reference: string;
  recordedAt: string;
}

export type RecordAnswer =
  | { ok: true; outcome: "recorded" | "replaced" | "unchanged"; answer: RecordedAnswer }
  | { ok: false; code: "missing" | "reference_used" | "in_future" };
