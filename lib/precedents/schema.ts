import { z } from "zod";
import { CAUSE_MAX_LENGTH } from "@/lib/causes/schema";
import { currencySchema, requiredText } from "@/lib/decisions/schema";
import { REMEDIES } from "@/lib/discretion/schema";

/** What the desk asks about while somebody is being listened to. */
export const similarSchema = z.strictObject({
  customer: z.uuid("Name the customer by id."),
  cause: requiredText(CAUSE_MAX_LENGTH, "Say the cause."),
  remedy: z.enum(REMEDIES),
  /** Minor units; left out where none is typed yet. */
  amount: z
    .string()
    .regex(/^\d{1,15}$/, "Give the amount as a whole number of minor units.")
    .transform(Number)
    .optional(),
  currency: currencySchema,
});

export type SimilarQuery = z.output<typeof similarSchema>;
