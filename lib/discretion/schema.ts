import { z } from "zod";
import { isCurrency } from "./money";
import { faultsBetweenParts } from "./policy-faults";
import { parseRate } from "./rates";
import { isTimeZone } from "./windows";

/** The kinds of gesture. Every one has a cost in money, also when no money moves. */
export const REMEDIES = [
  "refund",
  "credit",
  "fee_waiver",
  "upgrade",
  "limit_extension",
  "replacement",
  "gift",
] as const;

/** Remedies that carry a cost rather than a payment; only these may cost nothing. */
export const REMEDIES_AT_COST: readonly Remedy[] = ["replacement", "upgrade", "limit_extension", "gift"];

export const ROLES = ["agent", "manager", "admin", "auditor"] as const;
export const VERDICTS = ["allow", "bend", "handover", "deny"] as const;
export const EFFECTS = ["bend", "handover", "deny"] as const;
export const SCOPES = ["employee", "customer", "team", "order", "organization"] as const;
export const WINDOWS = ["decision", "case", "day", "week", "month", "year", "lifetime"] as const;

/** The largest amount that a JSON number carries exactly. */
export const MAX_MINOR_UNITS = Number.MAX_SAFE_INTEGER;

/** A written reason shorter than this is none. */
export const NOTE_MIN_LENGTH = 10;

/** The built-in guardrail that no policy can switch off. */
export const ORDER_REFUNDABLE = "order-refundable";

/** The built-in check that hands over what is asked for in a currency that the policy does not count in. */
export const EXCHANGE_RATE = "exchange-rate";

export const ID_MAX_LENGTH = 60;
export const TEXT_MAX_LENGTH = 1000;
export const NAME_MAX_LENGTH = 200;
export const ROLLING_DAYS_MAX = 3660;
/** The most examples, as of any other part. */
export const PARTS_MAX = 500;
/** How much an example may tell of what was given before. */
export const EXAMPLE_HISTORY_MAX = 100;
/** A century: longer ago than any order, employment or gesture that an example is about. */
export const EXAMPLE_DAYS_MAX = 36_600;

/** These run a refinement also on what was refused already, so that every fault shows at once. */
const ALWAYS = { when: () => true };
const ON_ANY_LIST = { when: ({ value }: { value: unknown }) => Array.isArray(value) };

const oneOf = (words: readonly string[]) => `Use one of: ${words.join(", ")}.`;

/** An object that takes no field it does not know. `missing` is what to say where there is none. */
const strict = <Shape extends z.core.$ZodLooseShape>(shape: Shape, missing?: string) =>
  z.strictObject(shape, {
    error: (issue) => {
      if (issue.input === undefined && missing !== undefined) return missing;
      if (issue.code !== "unrecognized_keys") return `Write an object with ${Object.keys(shape).join(", ")}.`;
      const unknown = issue.keys.map((key: string) => `"${key}"`).join(", ");
      return `Nothing here is called ${unknown}. Remove it, or correct the name.`;
    },
  });

const idSchema = z
  .string({ error: "Give it an id, such as guest-day." })
  .max(ID_MAX_LENGTH, `An id has at most ${ID_MAX_LENGTH} characters.`)
  .regex(
    /^[a-z0-9][a-z0-9-]*$/,
    "An id is made of small letters, digits and hyphens, and begins with a letter or digit.",
  );

const textSchema = (missing: string, maxLength = TEXT_MAX_LENGTH) =>
  z
    .string({ error: missing })
    .refine((text) => text.trim() !== "", { error: missing })
    .max(maxLength, `Keep it within ${maxLength} characters.`);

/** Not `z.int()`: that stops at a fraction, and the faults after it would go unseen. */
const wholeNumber = (missing: string) =>
  z
    .number({ error: missing })
    .multipleOf(1, "Write a whole number: amounts are in minor units, such as cents.")
    .min(0, "It cannot be negative.")
    .max(MAX_MINOR_UNITS, `It cannot be above ${MAX_MINOR_UNITS}.`);

const whySchema = textSchema("Say why, so that the employee can understand it.");
const saySchema = textSchema("Give the words that the employee can say to the customer.");

const currencySchema = z
  .string({ error: "Name the currency by its ISO 4217 code, such as USD." })
  .refine(isCurrency, { error: "This is no currency. Use its ISO 4217 code in capitals, such as USD." });

const scopeSchema = z
  .array(z.enum(SCOPES, { error: oneOf(SCOPES) }), {
    error: `List what is counted together. ${oneOf(SCOPES)}`,
  })
  .min(1, `Name at least one scope. ${oneOf(SCOPES)}`)
  .superRefine((scope, context) => {
    for (const [index, member] of scope.entries()) {
      if (scope.indexOf(member) === index) continue;
      context.addIssue({
        code: "custom",
        path: [index],
        message: `"${member}" is listed twice. Remove one.`,
      });
    }
  }, ON_ANY_LIST);

const rollingDaysMessage = `Rolling days are a whole number from 1 to ${ROLLING_DAYS_MAX}.`;

const windowSchema = z.union(
  [
    z.enum(WINDOWS),
    strict({
      rollingDays: z
        .number({ error: rollingDaysMessage })
        .multipleOf(1, rollingDaysMessage)
        .min(1, rollingDaysMessage)
        .max(ROLLING_DAYS_MAX, rollingDaysMessage),
    }),
  ],
  { error: `${oneOf(WINDOWS)} Or roll over days: { "rollingDays": 30 }.` },
);

/** Both bounds are strict. A range that no whole number fits would silently never hold, so it is refused. */
const rangeSchema = strict({
  over: wholeNumber("Write a number.").optional(),
  under: wholeNumber("Write a number.").optional(),
}).superRefine(({ over, under }, context) => {
  if (over === undefined && under === undefined) {
    context.addIssue({ code: "custom", message: "Name a bound: over, under, or both." });
  } else if (over !== undefined && under !== undefined && under - over < 2) {
    context.addIssue({
      code: "custom",
      message: `No whole number is over ${over} and under ${under}, so this would never hold. Widen the range.`,
    });
  }
});

const listOf = <Member extends z.ZodType>(member: Member) =>
  z
    .array(member, { error: "Write a list." })
    .min(1, "An empty list would never hold. Name at least one, or leave the condition out.")
    .max(PARTS_MAX, `List at most ${PARTS_MAX}.`);

const namesSchema = listOf(textSchema("Write a name.", NAME_MAX_LENGTH));
const flagSchema = z.boolean({ error: "Write true or false." });

/** When a limit or rule is looked at: every condition that is named must hold. */
export const whenSchema = strict({
  roles: listOf(z.enum(ROLES, { error: oneOf(ROLES) })).optional(),
  teams: namesSchema.optional(),
  tiers: namesSchema.optional(),
  remedies: listOf(z.enum(REMEDIES, { error: oneOf(REMEDIES) })).optional(),
  causes: namesSchema.optional(),
  channels: namesSchema.optional(),
  amount: rangeSchema.optional(),
  orderAgeDays: rangeSchema.optional(),
  tenureDays: rangeSchema.optional(),
  hasOrder: flagSchema.optional(),
  hasOpenDispute: flagSchema.optional(),
});

export const limitSchema = strict({
  id: idSchema,
  scope: scopeSchema,
  window: windowSchema,
  measure: z.enum(["amount", "count"], { error: oneOf(["amount", "count"]) }),
  max: wholeNumber("Write the most that is allowed: minor units of the currency, or a number of decisions."),
  over: z.enum(EFFECTS, { error: `Say what happens above the limit. ${oneOf(EFFECTS)}` }),
  when: whenSchema.optional(),
  why: whySchema,
  say: saySchema,
  value: idSchema.optional(),
});

export const ruleSchema = strict({
  id: idSchema,
  effect: z.enum(EFFECTS, { error: `Say what the rule does. ${oneOf(EFFECTS)}` }),
  when: whenSchema.optional(),
  why: whySchema,
  say: saySchema,
  value: idSchema.optional(),
});

export const companyValueSchema = strict({
  id: idSchema,
  text: textSchema("Write the value as a sentence."),
});

const daysMessage = `Days are a whole number from 0 to ${EXAMPLE_DAYS_MAX}.`;
const daysSchema = z
  .number({ error: daysMessage })
  .multipleOf(1, daysMessage)
  .min(0, daysMessage)
  .max(EXAMPLE_DAYS_MAX, daysMessage);

const nameSchema = textSchema("Write a name, or leave it out.", NAME_MAX_LENGTH);
const remedySchema = z.enum(REMEDIES, { error: `Name the remedy. ${oneOf(REMEDIES)}` });
const exampleAmountSchema = wholeNumber("Write the amount in minor units, such as 2500 for 25.00.");

/** Only what carries a cost may cost nothing; what pays has to pay something. */
function amountFault({ remedy, amount }: { remedy: Remedy; amount: number }, report: z.RefinementCtx): void {
  if (amount !== 0 || REMEDIES_AT_COST.includes(remedy)) return;
  report.addIssue({
    code: "custom",
    path: ["amount"],
    message: `Write an amount above 0. Only these may cost nothing: ${REMEDIES_AT_COST.join(", ")}.`,
  });
}

const rateMessage =
  'Write what one unit is worth in the policy\'s currency: a decimal above 0 in quotes, such as "1.0834".';
const rateSchema = z
  .string({ error: rateMessage })
  .refine((text) => parseRate(text).ok, { error: rateMessage });

const otherSchema = z.enum(["same", "other"], { error: oneOf(["same", "other"]) });

/** Something that was given before the request that an example is about, and counts for it. */
export const exampleHistorySchema = strict({
  /** Local days before the request's own; left out: earlier the same day. */
  daysAgo: daysSchema.optional(),
  remedy: remedySchema,
  /** Minor units of `currency`. */
  amount: exampleAmountSchema,
  /** The policy's, if left out. */
  currency: currencySchema.optional(),
  /** What one unit of `currency` was worth in the policy's. */
  rate: rateSchema.optional(),
  /** The employee who gave it; left out: the same one. */
  by: otherSchema.optional(),
  /** The customer who got it; left out: the same one. */
  for: otherSchema.optional(),
  sameOrder: flagSchema.optional(),
  sameCase: flagSchema.optional(),
  cause: nameSchema.optional(),
  channel: nameSchema.optional(),
}).superRefine(amountFault);

const atMessage =
  "Write an instant with its offset, such as 2026-07-15T12:00:00-04:00, in a year from 1970 to 9998.";
const noFactsMessage = 'Say who asks, at least their role: { "employee": { "role": "agent" } }.';
const noVerdictMessage = `An example needs a verdict to be held against. ${oneOf(VERDICTS)}`;

/** What is known when an example's request is made. What was paid is in the currency that is asked for. */
const givenSchema = strict(
  {
    employee: strict(
      {
        role: z.enum(ROLES, { error: `Name the employee's role. ${oneOf(ROLES)}` }),
        /** Left out: none. */
        team: nameSchema.optional(),
        /** Left out: not known. */
        tenureDays: daysSchema.optional(),
      },
      noFactsMessage,
    ),
    /** Left out: one without a tier. */
    customer: strict({ tier: nameSchema.optional() }).optional(),
    /** Left out: the request names no order. */
    order: strict({
      paid: wholeNumber("Write what was paid on the order, in minor units."),
      refunded: wholeNumber("Write what was refunded before, in minor units.").optional(),
      /** Left out: not known. */
      ageDays: daysSchema.optional(),
    }).optional(),
    /** Left out: there is none. `null`: not known. */
    hasOpenDispute: z.boolean({ error: "Write true, false, or null where it is not known." }).nullish(),
    /** Left out: noon of a Wednesday in the policy's time zone. */
    at: z.iso
      .datetime({ offset: true, error: atMessage })
      .refine((text) => text >= "1970-01-02" && text < "9999", { error: atMessage })
      .optional(),
    history: z
      .array(exampleHistorySchema, { error: "Write a list of what was given before." })
      .max(EXAMPLE_HISTORY_MAX, `List at most ${EXAMPLE_HISTORY_MAX}.`)
      .optional(),
  },
  noFactsMessage,
);

const askedSchema = strict(
  {
    remedy: remedySchema,
    /** Minor units of `currency`. */
    amount: exampleAmountSchema,
    /** The policy's, if left out. */
    currency: currencySchema.optional(),
    /** What one unit of `currency` is worth in the policy's; left out: no rate is known. */
    rate: rateSchema.optional(),
    cause: nameSchema.optional(),
    channel: nameSchema.optional(),
    note: textSchema("Write the reason, or leave it out.").optional(),
  },
  'Say what is asked for: { "remedy": "credit", "amount": 2500 }.',
).superRefine(amountFault);

const thenSchema = strict(
  {
    verdict: z.enum(VERDICTS, {
      error: (issue) => (issue.input === undefined ? noVerdictMessage : oneOf(VERDICTS)),
    }),
    /** The check that has to decide; `null`: none may; left out: any may. */
    binding: idSchema.nullish(),
  },
  noVerdictMessage,
);

/**
 * A test of the policy in its own words: who asks for what, and what has to come of it. A policy whose examples fail is
 * a policy all the same; whether it may be published is not for the document to say.
 */
export const exampleSchema = strict({
  id: idSchema,
  says: textSchema("Say in a sentence what the example is about, or leave it out.").optional(),
  given: givenSchema,
  when: askedSchema,
  then: thenSchema,
});

const partsOf = <Part extends z.ZodType>(part: Part, missing: string) =>
  z.array(part, { error: missing }).max(PARTS_MAX, `List at most ${PARTS_MAX}.`);

/**
 * The policy document: all limits and rules of an organization, with its mission, its values and the examples that it
 * is held against. Parsing changes nothing but to add an empty list of values where none is given; it reports every
 * fault at once, each with the path of the field to change.
 */
export const policySchema = strict({
  mission: textSchema("Write the mission as a sentence or a few, or leave it out.").optional(),
  currency: currencySchema,
  timeZone: z
    .string({ error: "Name the time zone, such as America/New_York." })
    .refine(isTimeZone, { error: "This is no time zone. Use its IANA name, such as America/New_York." }),
  values: partsOf(companyValueSchema, "Write a list of values.").default([]),
  limits: partsOf(limitSchema, "Write a list of limits; it may be empty."),
  rules: partsOf(ruleSchema, "Write a list of rules; it may be empty."),
  examples: partsOf(exampleSchema, "Write a list of examples, or leave it out.").optional(),
}).superRefine(faultsBetweenParts([ORDER_REFUNDABLE, EXCHANGE_RATE]), ALWAYS);

export type Remedy = (typeof REMEDIES)[number];
export type Role = (typeof ROLES)[number];
export type Verdict = (typeof VERDICTS)[number];
export type Effect = (typeof EFFECTS)[number];
export type Scope = (typeof SCOPES)[number];
export type Measure = Limit["measure"];
export type Window = z.output<typeof windowSchema>;
/** A condition on a number; both bounds are strict. */
export type Range = z.output<typeof rangeSchema>;
export type When = z.output<typeof whenSchema>;
export type Limit = z.output<typeof limitSchema>;
export type Rule = z.output<typeof ruleSchema>;
export type CompanyValue = z.output<typeof companyValueSchema>;
export type Example = z.output<typeof exampleSchema>;
/** What happened before the request of an example. */
export type ExampleHistory = z.output<typeof exampleHistorySchema>;
/** A policy as the engine takes it. It must not be changed once it was evaluated: what follows from it is kept. */
export type Policy = z.output<typeof policySchema>;
/** A policy as it is written: `values` may be left out. */
export type PolicyInput = z.input<typeof policySchema>;
