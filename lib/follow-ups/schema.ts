import { z } from "zod";
import { requiredText } from "@/lib/decisions/schema";

export const PROMISE_MAX_LENGTH = 500;

/** How far ahead something can be promised, in days. */
export const PROMISE_MAX_DAYS = 366;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** What was promised with the case of a decision. */
export const promiseSchema = z.strictObject({
  /** The decision whose case it is. */
  decision: z.uuid("Name the decision by its id."),
  text: requiredText(PROMISE_MAX_LENGTH, "Say what you promised."),
  dueOn: z.string().regex(DAY, "Say the day, such as 2026-03-31.").refine(isDay, "There is no such day."),
});

export type PromiseInput = z.output<typeof promiseSchema>;

export const tickSchema = z.strictObject({
  case: z.uuid("Name the case by its id."),
  done: z.boolean(),
});
