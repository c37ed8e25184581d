import type { DecisionView } from "@/lib/decisions/types";

export type ReversalKind = "undo" | "reversal" | "failed";

/** How a decision was taken back, as REST shows it. */
export interface ReversalView {
  /**
   * Undone before anybody began to carry it out, reversed later for a reason, or given back by Leeway because it could not
   * be carried out.
   */
  kind: ReversalKind;
  reason: string | null;
  /** Null where nobody did, but it failed. */
  reversedBy: string | null;
  createdAt: string;
}

/** A decision that was taken back. */
export interface ReversedDecision extends DecisionView {
  reversal: ReversalView;
}

/** The same as a decision tells it, with the name of who did it. */
export interface ReversalStory extends Omit<ReversalView, "reversedBy"> {
  reversedBy: { id: string; name: string } | null;
}
