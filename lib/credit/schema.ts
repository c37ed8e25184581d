import { z } from "zod";
import { MAX_MINOR_UNITS } from "@/lib/discretion/schema";

const optionalText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .transform((text) => text || null)
    .nullish()
    .transform((text) => text ?? null);

/** The body of a redemption. */
export const redemptionSchema = z.strictObject({
  amount: z.int().min(1, "Write an amount above 0.").max(MAX_MINOR_UNITS),
  currency: z.string().regex(/^[A-Z]{3}$/, "Write the currency's three letters, such as USD."),
  reference: optionalText(200),
  note: optionalText(2000),
});
export type RedemptionInput = z.output<typeof redemptionSchema>;

/** The same from the desk, which names the customer in the body. */
export const deskRedemptionSchema = redemptionSchema.extend({ customer: z.uuid() });

export const undoRedemptionSchema = z.strictObject({ redemption: z.uuid() });
