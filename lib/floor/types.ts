import type { ActionRow } from "@/lib/insights/types";

/** A part of the list, and how it goes on. */
export interface ActionSlice {
  rows: ActionRow[];
  /** Where the next part begins, as the address has it; null at the end of the list. */
  next: string | null;
  /**
   * Up to which moment the list was looked through, ISO 8601, where that took long enough to say what was found so far;
   * null where the part is whole.
   */
  lookedBackTo: string | null;
}
