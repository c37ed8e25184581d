import { z } from "zod";
import { isCurrency } from "@/lib/discretion/money";
import { MAX_MINOR_UNITS, NOTE_MIN_LENGTH, REMEDIES, VERDICTS } from "@/lib/discretion/schema";

/** Postgres keeps no NUL in a text; everything else that people paste is theirs. */
export function text(max: number) {
  return z
    .string()
    .trim()
    .max(max, `Use at most ${max} characters.`)
    .refine((value) => !value.includes("\u0000"), "Leave out the NUL character.");
}

export function requiredText(max: number, message: string) {
  return text(max).min(1, message);
}

export const currencySchema = z
  .string({ error: "Say the currency, an ISO 4217 code such as USD." })
  .refine(isCurrency, "This is no ISO 4217 currency. Write its three capital letters, such as USD.");

export const amountSchema = z
  .number({ error: "Give the amount as a whole number of minor units, such as 2500 for 25.00." })
  .int("Give the amount as a whole number of minor units, such as 2500 for 25.00.")
  .min(0, "An amount is never negative.")
  .max(MAX_MINOR_UNITS, "This is more than can be counted exactly (2^53 − 1).");

export const caseSchema = z.strictObject({
  channel: requiredText(40, "Say the channel, such as phone or email."),
  happened: requiredText(2000, "Say what happened."),
  need: text(2000).nullish(),
  cause: requiredText(80, "Say the cause."),
});

/** The body of a decision, of its preview too: one schema for the desk, REST and OpenAPI. */
export const decisionInputSchema = z.strictObject({
  customer: requiredText(200, "Name the customer by id or external reference."),
  order: requiredText(200, "Name the order by id or external reference.").nullish(),
  remedy: z.enum(REMEDIES),
  amount: amountSchema,
  currency: currencySchema,
  note: text(2000).nullish(),
  case: caseSchema.nullish(),
});

export type DecisionInput = z.output<typeof decisionInputSchema>;

/** Printable ASCII, as the IETF draft of the Idempotency-Key header has it. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, "Use 1 to 200 printable characters without spaces, such as a UUID.");

export const NOTE_REQUIRED = `Say why in at least ${NOTE_MIN_LENGTH} characters: this bends a guideline.`;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** An instant with an offset, or a day of the organization's. */
const momentSchema = z
  .string()
  .refine(
    (value) =>
      (DAY.test(value) || /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(value)) &&
      !Number.isNaN(Date.parse(value)),
    "Give a day such as 2026-03-31, or an instant with its offset such as 2026-03-31T18:00:00Z.",
  );

const wholeNumber = (message: string, form = /^\d{1,15}$/) =>
  z.string().regex(form, message).transform(Number);

/** The filters of the list of decisions, as they stand in a URL. */
export const decisionFilterSchema = z.strictObject({
  employee: requiredText(200, "Say which, or leave it out.").optional(),
  customer: requiredText(200, "Say which, or leave it out.").optional(),
  team: requiredText(200, "Say which, or leave it out.").optional(),
  verdict: z.enum(VERDICTS).optional(),
  remedy: z.enum(REMEDIES).optional(),
  cause: requiredText(200, "Say which, or leave it out.").optional(),
  policyVersion: wholeNumber("Give the policy's version as a number.", /^\d{1,9}$/).optional(),
  from: momentSchema.optional(),
  to: momentSchema.optional(),
  minAmount: wholeNumber("Give the amount as a whole number of minor units.").optional(),
});

export type DecisionFilter = z.output<typeof decisionFilterSchema>;
