/** The kinds of things that change behind a page that is open. */
export const EVENT_KINDS = ["policy", "reconciliation", "handover", "reviews", "execution"] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * Something changed: its kind, and which one where that matters. Nothing else is told; whoever wants to know what it is
 * now asks for it, and is answered by their own rights. Of a handover and an execution the id is its decision's.
 */
export interface ChangeEvent {
  kind: EventKind;
  id: string | null;
  /** Whose thing it is, by their id, where most of those who hear of it need not look. */
  whose?: string;
}

/**
 * For each kind a text that is another one once something of the kind has changed. Who compares two of them knows
 * whether anything happened in between, also when nobody told them.
 */
export type Marks = Record<EventKind, string>;
