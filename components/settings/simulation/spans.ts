import { addDays } from "@/lib/discretion/windows";
import { SPAN_DAYS_MAX } from "@/lib/simulations/schema";

/** Spans that are chosen by a word: so many days up to today. */
export const PRESETS = [7, 30, 90] as const;

export type Preset = (typeof PRESETS)[number];

export interface Days {
  /** ISO dates, both included; empty while none is chosen. */
  from: string;
  to: string;
}

/** So many days up to today, today included. */
export function lastDays(count: number, today: string): Days {
  return { from: addDays(today, 1 - count), to: today };
}

/** The word that a span can be chosen by; null where it has none. */
export function presetOf({ from, to }: Days, today: string): Preset | null {
  if (to !== today) return null;
  return PRESETS.find((count) => lastDays(count, today).from === from) ?? null;
}

/** How many days a span has; null where it is none that can be replayed. */
export function countOf(days: Days): number | null {
  if (faultOf(days) !== null) return null;
  return (Date.parse(days.to) - Date.parse(days.from)) / 86_400_000 + 1;
}

export type SpanFault = { field: "from" | "to"; fault: "missing" | "order" | "tooLong" };

/** What keeps two days from being a span, at the field that it is about. */
export function faultOf({ from, to }: Days): SpanFault | null {
  if (from === "") return { field: "from", fault: "missing" };
  if (to === "") return { field: "to", fault: "missing" };
  if (from > to) return { field: "to", fault: "order" };
  if (from < addDays(to, 1 - SPAN_DAYS_MAX)) return { field: "from", fault: "tooLong" };
  return null;
}
