/** What endpoints can be told of, by what it happens to. Each is the action of an event of history. */
export const KINDS = {
  decision: [
    "decision.recorded",
    "decision.undone",
    "decision.reversed",
    "decision.customer_merged",
    "decision.customer_unmerged",
  ],
  handover: [
    "handover.routed",
    "handover.unanswerable",
    "handover.asked_back",
    "handover.facts_given",
    "handover.approved",
    "handover.adjusted",
    "handover.declined",
    "handover.expired",
    "handover.withdrawn",
  ],
  execution: [
    "execution.processing",
    "execution.by_hand",
    "execution.owned",
    "execution.sent_again",
    "execution.pending",
    "execution.succeeded",
    "execution.failed",
    "execution.unknown",
    "execution.given_up",
    "execution_reversal.processing",
    "execution_reversal.by_hand",
    "execution_reversal.pending",
    "execution_reversal.succeeded",
    "execution_reversal.failed",
    "execution_reversal.unknown",
    "execution_reversal.given_up",
  ],
  policy: [
    "policy.published",
    "policy.scheduled",
    "policy.unscheduled",
    "policy.not_published",
    "policy.drafted",
    "policy.saved",
    "policy.discarded",
    "policy.restored",
    "trial.started",
    "trial.ended",
  ],
  review: ["review.recorded", "review.answered"],
} as const;

export type KindGroup = keyof typeof KINDS;
export type Kind = (typeof KINDS)[KindGroup][number];
/** One kind, or all that happens to one sort of thing, also what a later version adds to it. */
export type ChosenKind = Kind | `${KindGroup}.*`;

export const GROUPS = Object.keys(KINDS) as KindGroup[];

/** What a test is called. No event of history is. */
export const PING = "leeway.ping";

/** Bookkeeping of Leeway's own: a counter that learns of a decision that stands as it stood. */
const NOT_TOLD = ["decision.counted"];

const BEGINNINGS: Record<string, KindGroup> = {
  decision: "decision",
  handover: "handover",
  execution: "execution",
  execution_reversal: "execution",
  policy: "policy",
  trial: "policy",
  review: "review",
};

/** How the actions that may be told of begin. */
export const TOLD_BEGINNINGS = Object.keys(BEGINNINGS);

/** What sort of thing an action happens to; null for what nobody outside is told of. */
export function groupOf(action: string): KindGroup | null {
  if (NOT_TOLD.includes(action)) return null;
  return BEGINNINGS[action.split(".")[0] ?? ""] ?? null;
}

/** Whether an endpoint that chose these kinds is told of an action. */
export function isWanted(chosen: readonly string[], action: string): boolean {
  const group = groupOf(action);
  return group !== null && (chosen.includes(action) || chosen.includes(`${group}.*`));
}
