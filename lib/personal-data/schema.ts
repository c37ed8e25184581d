import { z } from "zod";
import { requiredText } from "@/lib/decisions/schema";

/**
 * Why somebody is erased. A word of these and no text: it is kept in the audit trail for good, and what people write
 * there would be about the person.
 */
export const ERASURE_REASONS = ["request", "no_longer_needed", "mistake"] as const;

export type ErasureReason = (typeof ERASURE_REASONS)[number];

/** What is asked for on the page: whom, why, and their name once more, so that nobody erases somebody by a slip. */
export const eraseCustomerSchema = z.strictObject({
  customerId: z.uuid("Choose a customer."),
  name: requiredText(200, "Type the customer's name as it stands above."),
  reason: z.enum(ERASURE_REASONS, "Choose why."),
});
