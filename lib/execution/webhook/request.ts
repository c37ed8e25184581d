import { z } from "zod";
import { REMEDIES } from "@/lib/discretion/schema";

/** What the organization's own system is told. A test asks for nothing. */
export const REQUEST_KINDS = [
  "execution.requested",
  "execution.reversal_requested",
  "endpoint.test",
] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** What is to be carried out, or taken back. */
export const requestedSchema = z.strictObject({
  decision: z.uuid().describe("The decision's id: do it once for each."),
  remedy: z.enum(REMEDIES),
  amount: z.int().describe("Minor units of the currency."),
  currency: z.string(),
  customer: z.strictObject({
    id: z.uuid(),
    externalRef: z.string().nullable().describe("Your own reference."),
    paymentRef: z.string().nullable().describe("Who they are to the payment provider."),
  }),
  order: z
    .strictObject({
      id: z.uuid(),
      externalRef: z.string().nullable(),
      paymentRef: z.string().nullable().describe("What it was paid with."),
    })
    .nullable(),
});
export type Requested = z.output<typeof requestedSchema>;

/** The data of each kind of message. */
export const REQUEST_DATA = {
  "execution.requested": requestedSchema,
  "execution.reversal_requested": requestedSchema,
  "endpoint.test": z.strictObject({}),
} satisfies Record<RequestKind, z.ZodType>;
