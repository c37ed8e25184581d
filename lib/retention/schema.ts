import { z } from "zod";

/**
 * What is kept for a time. `caseTexts` and `notes` are texts whose rows stay; of the others the rows go. What still goes out, has
 * not been heard, or is open stays, however old it is.
 */
export const RETENTION_KINDS = [
  "sessions",
  "idempotencyKeys",
  "unsentRequests",
  "simulations",
  "caseTexts",
  "notes",
  "webhookMessages",
  "mails",
  "providerEvents",
  "disputes",
] as const;

export type RetentionKind = (typeof RETENTION_KINDS)[number];

export const RETENTION_MAX_DAYS = 36_500;

/** So many days, or for good. A day is 24 hours, so an idempotency key is kept for that at least. */
export const retentionDaysSchema = z
  .number("Give a whole number of days, or nothing to keep them for good.")
  .int("Give a whole number of days, or nothing to keep them for good.")
  .min(1, "Keep them for a day at least.")
  .max(RETENTION_MAX_DAYS, "A hundred years is 36,500 days. Keep them for good instead.")
  .nullable();

export const retentionSchema = z.strictObject({
  sessions: retentionDaysSchema,
  idempotencyKeys: retentionDaysSchema,
  unsentRequests: retentionDaysSchema,
  simulations: retentionDaysSchema,
  caseTexts: retentionDaysSchema,
  notes: retentionDaysSchema,
  webhookMessages: retentionDaysSchema,
  mails: retentionDaysSchema,
  providerEvents: retentionDaysSchema,
  disputes: retentionDaysSchema,
} satisfies Record<RetentionKind, z.ZodType>);

/** Days by kind; null keeps the kind for good. */
export type Retention = z.output<typeof retentionSchema>;
