import { z } from "zod";
import { requiredText, text } from "@/lib/decisions/schema";
import { paymentRefSchema } from "@/lib/orders/schema";

/** The body of a customer's upsert; also what a row of an import has to fit. */
export const customerInputSchema = z.strictObject({
  name: requiredText(200, "Say the customer's name."),
  email: text(320).pipe(z.email("This is no email address.")).nullish(),
  phone: text(60).nullish(),
  tier: text(60).nullish(),
  kind: z.enum(["external", "internal"]).default("external"),
  /** Who they are to the payment provider: credit can go there. Left out, what is known of it stays; null removes it. */
  paymentRef: paymentRefSchema.nullish(),
});

export type CustomerInput = z.output<typeof customerInputSchema>;

export const externalRefSchema = requiredText(200, "Give the external reference.");

/** The query of a search for customers. */
export const customerSearchSchema = z.strictObject({
  search: requiredText(200, "Type a name, an address, a phone number or an order number."),
  limit: z
    .string()
    .regex(/^([1-9]|[1-4]\d|50)$/, "Give a whole number from 1 to 50.")
    .transform(Number)
    .default(8),
});
