import { z } from "zod";
import { REMEDIES } from "@/lib/discretion/schema";
import { PROVIDER_KINDS } from "@/lib/execution/provider";

export const LIST_SHOWN = ["open", "pending", "unknown", "failed", "by_hand", "settled"] as const;
export type ListShown = (typeof LIST_SHOWN)[number];

export const OWNERS = ["anyone", "me", "nobody"] as const;
export const DUES = ["any", "overdue", "today"] as const;

/** What the addresses of the lists say; what they say wrongly is as if it weren't there. */
export const listFilterSchema = z.object({ show: z.enum(LIST_SHOWN).catch("open") });
export const byHandFilterSchema = z.object({
  owner: z.enum(OWNERS).catch("anyone"),
  due: z.enum(DUES).catch("any"),
});
export type ByHandFilter = z.output<typeof byHandFilterSchema>;

/** Where something can be found; null for nothing. */
const reference = z
  .string()
  .trim()
  .max(200)
  .transform((text) => text || null);

/** What somebody says of what is done elsewhere. */
export const settleSchema = z.discriminatedUnion("outcome", [
  z.strictObject({
    decisionId: z.uuid(),
    of: z.enum(["execution", "reversal"]),
    outcome: z.literal("done"),
    reference,
  }),
  z.strictObject({
    decisionId: z.uuid(),
    of: z.enum(["execution", "reversal"]),
    outcome: z.literal("cannot"),
    reason: z.string().trim().min(1, "Say why it can't be done.").max(1000),
  }),
]);
export type SettleInput = z.output<typeof settleSchema>;

/** What somebody knows of an execution of which the provider says nothing. */
export const knownSchema = z.strictObject({
  decisionId: z.uuid(),
  of: z.enum(["execution", "reversal"]).default("execution"),
  moved: z.boolean(),
  reference: reference.default(null),
  reason: z.string().trim().min(1, "Say how you know.").max(1000),
});

export const againSchema = z.strictObject({ decisionId: z.uuid() });

/** Sees to something, or gives it back. `from`: who saw to it as far as they knew. */
export const ownSchema = z.strictObject({
  decisionId: z.uuid(),
  mine: z.boolean(),
  from: z.uuid().nullable(),
});

/** Has somebody see to something, or nobody yet; `dueAt`: by when, null for as before. */
export const assignSchema = z.strictObject({
  decisionId: z.uuid(),
  ownerId: z.uuid({ error: "Choose who sees to it." }).nullable(),
  dueAt: z.iso.datetime({ error: "Write a day and a time." }).nullable(),
  from: z.uuid().nullable(),
});

export const providerChoiceSchema = z.strictObject({
  remedy: z.enum(REMEDIES),
  provider: z.enum(PROVIDER_KINDS),
});

export const providerTestSchema = z.strictObject({ remedy: z.enum(REMEDIES) });

export const numbersSchema = z.strictObject({
  byHandHours: z
    .int("Write whole hours.")
    .min(1, "At least an hour.")
    .max(2160, "2,160 hours at most, which are 90 days."),
  creditDays: z
    .int("Write whole days.")
    .min(1, "At least a day.")
    .max(3650, "3,650 days at most, which are ten years.")
    .nullable(),
});

/** The most lines of a list that is uploaded. */
export const UPLOAD_LINES_MAX = 5_000;
export const UPLOAD_BYTES_MAX = 2_000_000;
