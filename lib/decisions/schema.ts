import { z } from "zod";
import { STATUSES } from "@/lib/decisions/types";
import { isCurrency } from "@/lib/discretion/money";
import { MAX_MINOR_UNITS, NOTE_MIN_LENGTH, REMEDIES, VERDICTS } from "@/lib/discretion/schema";
import { OUTCOMES } from "@/lib/surveys/types";

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
export const decisionInputSchema = z
  .strictObject({
    customer: requiredText(200, "Name the customer by id or external reference."),
    order: requiredText(200, "Name the order by id or external reference.").nullish(),
    remedy: z.enum(REMEDIES),
    amount: amountSchema,
    currency: currencySchema,
    note: text(2000).nullish(),
    case: caseSchema.nullish(),
    /** A decision of the same employee for the same customer, whose case this one belongs to as well. */
    caseOf: z.uuid("Name the decision by its id.").nullish(),
  })
  .refine((input) => !(input.case && input.caseOf), {
    path: ["caseOf"],
    message: "Tell the case, or name a decision of it: not both.",
  });

export type DecisionInput = z.output<typeof decisionInputSchema>;

/** What the desk asks about several remedies of one case, in the order in which they would be sent. */
export const togetherSchema = z.strictObject({
  requests: z
    .array(decisionInputSchema)
    .min(1, "Say what is asked for.")
    .max(8, "That are too many at once."),
});

/** Printable ASCII, as the IETF draft of the Idempotency-Key header has it. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, "Use 1 to 200 printable characters without spaces, such as a UUID.");

export const NOTE_REQUIRED = `Say why in at least ${NOTE_MIN_LENGTH} characters: this bends a guideline.`;

export const CAUSE_NOTE_REQUIRED = `Say why in at least ${NOTE_MIN_LENGTH} characters: this cause asks for a note.`;

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

/** What can have become of a handover. */
export const ANSWERS = ["approved", "adjusted", "declined", "expired", "withdrawn", "waiting"] as const;

/** How long somebody waited for a person's answer, each up to so many seconds and longer than the one before. */
export const WAITS = [
  { name: "1", seconds: 60 },
  { name: "5", seconds: 300 },
  { name: "15", seconds: 900 },
  { name: "60", seconds: 3_600 },
  { name: "480", seconds: 28_800 },
  { name: "longer", seconds: null },
] as const;
export type Wait = (typeof WAITS)[number]["name"];
const WAIT_NAMES = WAITS.map(({ name }) => name) as [Wait, ...Wait[]];

/** What a decision can be without. */
export const LACKS = ["team", "cause", "check"] as const;

/** How many decisions an address can name one by one. */
export const IDS_MOST = 100;

/** One of a few words; or several, with commas between, any of which may hold. */
function oneOrMore<const Word extends string>(words: readonly [Word, ...Word[]]) {
  const one = words.join("|");
  const several = z
    .string()
    .regex(new RegExp(`^(?:${one})(?:,(?:${one}))+$`))
    .transform((written) => [...new Set(written.split(","))] as Word[]);
  return z.union([z.enum(words), several], {
    error: `Give one of ${words.join(", ")}; or several of them, with commas between.`,
  });
}

/** The filters of the list of decisions, as they stand in a URL. */
export const decisionFilterSchema = z.strictObject({
  employee: requiredText(200, "Say which, or leave it out.").optional(),
  customer: requiredText(200, "Say which, or leave it out.").optional(),
  team: requiredText(200, "Say which, or leave it out.").optional(),
  verdict: oneOrMore(VERDICTS).optional(),
  status: oneOrMore(STATUSES)
    .describe("Where it stands now. Several, with commas between: any of them.")
    .optional(),
  remedy: z.enum(REMEDIES).optional(),
  check: requiredText(200, "Say which limit or rule, or leave it out.")
    .describe("The limit or rule that bound it: the id that its explanation has as `binding`.")
    .optional(),
  answer: oneOrMore(ANSWERS).describe("What became of its handover.").optional(),
  waited: oneOrMore(WAIT_NAMES)
    .describe(
      "How many minutes its handover waited for a person's answer: up to so many, and more than the word before.",
    )
    .optional(),
  finding: z
    .enum(["within_limit", "no_remedy"])
    .describe(
      "`within_limit`: handed over although no more was asked for, or granted in the end, than would have passed. `no_remedy`: the first of a case in which nothing was given.",
    )
    .optional(),
  under: requiredText(200, "Say which limit, or leave it out.")
    .describe("A limit under which it was given without asking, whether or not that one bound it.")
    .optional(),
  use: z
    .enum(["quarter", "last_quarter"])
    .describe("With `under`: how far that limit was used by then, up to a quarter or above three quarters.")
    .optional(),
  outcome: oneOrMore(OUTCOMES)
    .describe(
      "What the customer said of the case that it began: `satisfied` is 4 or 5 of 5, `unsatisfied` less, `answered` either; `unanswered`: it began a case and nobody told of an answer.",
    )
    .optional(),
  without: oneOrMore(LACKS).describe("What it has none of.").optional(),
  ids: z
    .string()
    .transform((written) => written.split(","))
    .pipe(
      z.array(z.uuid("Name decisions by their ids.")).max(IDS_MOST, `Name at most ${IDS_MOST} decisions.`),
    )
    .describe("These decisions and no others, by id, with commas between.")
    .optional(),
  cause: requiredText(200, "Say which, or leave it out.").optional(),
  policyVersion: wholeNumber("Give the policy's version as a number.", /^\d{1,9}$/).optional(),
  from: momentSchema.optional(),
  to: momentSchema.optional(),
  minAmount: wholeNumber("Give the amount as a whole number of minor units.").optional(),
});

export type DecisionFilter = z.output<typeof decisionFilterSchema>;
