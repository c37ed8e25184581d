import { z } from "zod";
import { requiredText, text } from "@/lib/decisions/schema";
import { policySchema } from "@/lib/discretion/schema";
import { pagingSchema } from "@/lib/http/paging";
import type { PolicyStatus } from "@/lib/policies/types";

/** The largest policy that REST takes; one of all the limits and rules there may be has room in it. */
export const POLICY_MAX_BYTES = 1024 * 1024;

export const POLICY_STATUSES = [
  "draft",
  "trial",
  "published",
  "superseded",
  "discarded",
] as const satisfies readonly PolicyStatus[];

/** The largest number that the database has for a version, or for a revision. */
const NUMBER_MAX = 2_147_483_647;

const NOTE_MAX_LENGTH = 1000;
const TRIAL_DAYS_MAX = 365;
const DAY_MS = 86_400_000;

const number = (message: string) =>
  z.int({ error: message }).min(1, message).max(NUMBER_MAX, "There is none of that number.");

const revision = number("Give the draft's revision, as it was when it was read: a whole number from 1 on.");
const base = number("Give the version in force that it was made from: a whole number from 1 on.");
const note = text(NOTE_MAX_LENGTH);
const instant = z.iso.datetime({
  offset: true,
  error: "Give an instant with its offset, such as 2026-03-31T18:00:00Z.",
});

export const policyListSchema = pagingSchema.extend({
  status: z.enum(POLICY_STATUSES, { error: `Use one of: ${POLICY_STATUSES.join(", ")}.` }).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, "This is no cursor. Take nextCursor of the page before.")
    .transform(Number)
    .optional(),
});

/** A draft with what is said of it. Without a base it is made from the version in force. */
export const wrappedDraftSchema = z.strictObject({
  document: policySchema,
  note: note.nullish(),
  base: base.nullish(),
});

/** The policy alone, as it is kept in a file. */
const bareDraftSchema = policySchema.transform(
  (document): z.output<typeof wrappedDraftSchema> => ({ document }),
);

/** How the body of a new draft is read. A policy has no member `document`, so one that has it is wrapped. */
export function draftSchemaFor(body: unknown): typeof wrappedDraftSchema | typeof bareDraftSchema {
  const isWrapped = typeof body === "object" && body !== null && "document" in body;
  return isWrapped ? wrappedDraftSchema : bareDraftSchema;
}

/** What a draft is replaced by. A note and a base that are left out stay as they are. */
export const replaceDraftSchema = wrappedDraftSchema.extend({ revision });

export const publishSchema = z.strictObject({
  note: note.nullish(),
  base: base.nullish(),
  revision: revision.nullish(),
  at: z.iso
    .datetime({
      offset: true,
      error: (issue) =>
        issue.input === null
          ? "Leave it out to publish now; DELETE …/schedule takes a time back."
          : "Give an instant to come with its offset, such as 2026-03-31T18:00:00Z.",
    })
    .optional(),
});

export const trialSchema = z
  .strictObject({
    team: requiredText(200, "Name the team by id or key."),
    days: z
      .int({ error: "Give a whole number of days, today included." })
      .min(1, "A trial lasts a day at least.")
      .max(TRIAL_DAYS_MAX, `A trial lasts ${TRIAL_DAYS_MAX} days at most.`)
      .optional(),
    endsAt: instant.optional(),
    revision: revision.nullish(),
  })
  .superRefine(({ days, endsAt }, context) => {
    if ((days === undefined) !== (endsAt === undefined)) return;
    const message =
      days === undefined
        ? "Say how many days the trial lasts, or when it ends (endsAt)."
        : "Give either days or endsAt, not both.";
    context.addIssue({ code: "custom", path: ["days"], message });
  });

/** What is wrong with the end of a trial that begins now; null where nothing is. */
export function trialEndFault(endsAt: Date, now: Date): string | null {
  if (endsAt <= now) return "This moment has passed. Give one to come.";
  const longest = TRIAL_DAYS_MAX * DAY_MS;
  return endsAt.getTime() - now.getTime() > longest ? `A trial lasts ${TRIAL_DAYS_MAX} days at most.` : null;
}
