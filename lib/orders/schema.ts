import { z } from "zod";
import { amountSchema, currencySchema, requiredText } from "@/lib/decisions/schema";

/** How a payment provider names a payment or a customer. */
export const paymentRefSchema = z
  .string()
  .trim()
  .regex(
    /^[\x21-\x7e]{1,200}$/,
    "Give the payment provider's reference, such as pi_3MtwBwLkdIwHu7ix28a3tqPa.",
  );

/** The body of an order's upsert; also what an order of an import has to fit. `amountPaid` is in minor units. */
export const orderInputSchema = z.strictObject({
  customer: requiredText(200, "Name the customer by id or external reference."),
  amountPaid: amountSchema,
  currency: currencySchema,
  placedAt: z.iso.datetime({
    offset: true,
    error: "Give an instant with its offset, such as 2026-03-31T18:00:00Z.",
  }),
  /** What was paid with, as its provider names it: a refund goes back there. Left out, what is known of it stays; null removes it. */
  paymentRef: paymentRefSchema.nullish(),
});

export type OrderInput = z.output<typeof orderInputSchema>;
