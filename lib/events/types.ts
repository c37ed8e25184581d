/** The kinds of things that change behind a page that is open. */
export const EVENT_KINDS = ["policy"] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * Something changed: its kind, and which one where that matters. Nothing else is told; whoever wants to know what it is
 * now asks for it, and is answered by their own rights.
 */
export interface ChangeEvent {
  kind: EventKind;
  id: string | null;
}

/**
 * For each kind a text that is another one once something of the kind has changed. Who compares two of them knows
 * whether anything happened in between, also when nobody told them.
 */
export type Marks = Record<EventKind, string>;
