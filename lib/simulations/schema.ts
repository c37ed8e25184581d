import { z } from "zod";

/** The longest span that is replayed at once. */
export const SPAN_DAYS_MAX = 1_100;

/** What is replayed when nobody says otherwise. */
export const SPAN_DAYS = 90;

const dayMessage = "Give a day such as 2026-03-31.";

/** A day of the calendar: 2026-02-30 is none, and neither is one of a year 0. */
const daySchema = z
  .string({ error: dayMessage })
  .regex(/^(?!0000)\d{4}-\d{2}-\d{2}$/, dayMessage)
  .refine((day) => new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ?? false, dayMessage);

/** The span of a replay, both days included; left out, the ninety days up to today. */
export const spanSchema = z
  .strictObject({ from: daySchema.optional(), to: daySchema.optional() })
  .superRefine(({ from, to }, context) => {
    const fault = from !== undefined && to !== undefined ? spanFault(from, to) : null;
    if (fault) context.addIssue({ code: "custom", path: [fault.path], message: fault.message });
  });

export type Span = z.output<typeof spanSchema>;

/** What keeps two days (ISO dates, both included) from being a span that can be replayed; null where nothing does. */
export function spanFault(from: string, to: string): { path: "from" | "to"; message: string } | null {
  if (from > to) return { path: "to", message: "The last day is before the first one." };
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  if (days <= SPAN_DAYS_MAX) return null;
  return { path: "from", message: `Replay at most ${SPAN_DAYS_MAX} days at once.` };
}
