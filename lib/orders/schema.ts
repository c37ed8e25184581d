import { z } from "zod";
import { amountSchema, currencySchema, requiredText } from "@/lib/decisions/schema";

/** The body of an order's upsert; also what an order of an import has to fit. `amountPaid` is in minor units. */
export const orderInputSchema = z.strictObject({
  customer: requiredText(200, "Name the customer by id or external reference."),
  amountPaid: amountSchema,
  currency: currencySchema,
  placedAt: z.iso.datetime({
    offset: true,
    error: "Give an instant with its offset, such as 2026-03-31T18:00:00Z.",
  }),
});

export type OrderInput = z.output<typeof orderInputSchema>;
