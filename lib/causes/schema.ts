import { z } from "zod";
import { requiredText } from "@/lib/decisions/schema";

/** As long as a cause may be that comes with a decision. */
export const CAUSE_MAX_LENGTH = 80;

const name = requiredText(CAUSE_MAX_LENGTH, "Say what the cause is called.");

/** A cause to be added. What it is on record as is made of the name, unless it is there already under a text of its own. */
export const newCauseSchema = z.strictObject({
  name,
  key: requiredText(CAUSE_MAX_LENGTH, "Say what it is on record as.").optional(),
  needsNote: z.boolean().default(false),
});

export type NewCause = z.output<typeof newCauseSchema>;

/** A change of a cause, for who saw it as it is. */
export const causeChangeSchema = z.strictObject({
  key: requiredText(CAUSE_MAX_LENGTH, "Say which cause."),
  revision: z.int(),
  name,
  needsNote: z.boolean(),
  retired: z.boolean(),
});

export type CauseChange = z.output<typeof causeChangeSchema>;
