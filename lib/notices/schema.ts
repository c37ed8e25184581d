import { z } from "zod";
import { REMEDIES } from "@/lib/discretion/schema";

export const noticeSchema = z.strictObject({
  remedy: z.enum(REMEDIES),
  subject: z
    .string()
    .trim()
    .min(1, "Write what the mail is about.")
    .max(200, "Keep it under 200 characters.")
    // A second line would be one of the mail's own.
    .refine((text) => !/[\r\n]/.test(text), "Keep it on one line."),
  body: z
    .string()
    .trim()
    .min(1, "Write what the customer is told.")
    .max(5_000, "Keep it under 5,000 characters."),
  isOn: z.boolean(),
});

export const noticeTestSchema = noticeSchema.omit({ isOn: true });
