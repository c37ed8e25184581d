/** Two records that were merged, as REST shows it. */
export interface MergeView {
  id: string;
  /** The record that was merged into the other one, and the one that stays. */
  duplicate: string;
  customer: string;
  reason: string;
  mergedBy: string | null;
  mergedAt: string;
  undoneBy: string | null;
  undoneAt: string | null;
}

/** The same as the desk tells it. */
export interface MergeStory {
  id: string;
  duplicate: {
    id: string;
    name: string;
    email: string | null;
    phone: string | null;
    externalRef: string | null;
  };
  customer: { id: string; name: string };
  reason: string;
  mergedBy: { id: string; name: string } | null;
  mergedAt: string;
  undoneBy: { id: string; name: string } | null;
  undoneAt: string | null;
}
