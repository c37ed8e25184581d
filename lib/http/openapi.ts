import { extendZodWithOpenApi, OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { type ApiScope, SCOPES } from "@/lib/auth/types";
import { redemptionSchema } from "@/lib/credit/schema";
import { CREDIT_KINDS } from "@/lib/credit/types";
import { customerInputSchema, customerSearchSchema } from "@/lib/customers/schema";
import { decisionFilterSchema, decisionInputSchema } from "@/lib/decisions/schema";
import { STATUSES } from "@/lib/decisions/types";
import { policySchema, REMEDIES, VERDICTS } from "@/lib/discretion/schema";
import { dutySchema } from "@/lib/duty/schema";
import { FAILURE_CODES, PROVIDER_KINDS } from "@/lib/execution/provider";
import { EXECUTION_STATES, REVERSAL_STATES } from "@/lib/execution/types";
import { REQUEST_DATA, REQUEST_KINDS, type RequestKind } from "@/lib/execution/webhook/request";
import { answeredResultSchema, executionResultSchema } from "@/lib/execution/webhook/result";
import {
  answerPreviewSchema,
  answerSchema,
  factsSchema,
  handoverFilterSchema,
  questionSchema,
  withdrawalSchema,
} from "@/lib/handovers/schema";
import { HANDOVER_STATUSES } from "@/lib/handovers/types";
import { pagingSchema } from "@/lib/http/paging";
import { PROBLEMS, type ProblemCode } from "@/lib/http/problem";
import { mergeSchema } from "@/lib/merges/schema";
import { orderInputSchema } from "@/lib/orders/schema";
import {
  POLICY_STATUSES,
  publishSchema,
  replaceDraftSchema,
  trialSchema,
  wrappedDraftSchema,
} from "@/lib/policies/schema";
import { RATES_MAX, ratesBodySchema } from "@/lib/rates/schema";
import { reversalSchema, undoSchema } from "@/lib/reversals/schema";
import { REVIEW_VERDICTS } from "@/lib/reviews/schema";
import { SPAN_DAYS, SPAN_DAYS_MAX, spanSchema } from "@/lib/simulations/schema";
import { surveyAnswerSchema } from "@/lib/surveys/schema";
import { SCORE_MOST } from "@/lib/surveys/types";
import { PING } from "@/lib/webhooks/kinds";
import { dataSchemaOf, TOLD_KINDS } from "@/lib/webhooks/told";

extendZodWithOpenApi(z);

const registry = new OpenAPIRegistry();

registry.registerComponent("securitySchemes", "apiKey", {
  type: "http",
  scheme: "bearer",
  description: `A key of the organization's, made with \`leeway api-key create\`. Scopes: ${SCOPES.join(", ")}.`,
});
registry.registerComponent("securitySchemes", "session", {
  type: "apiKey",
  in: "cookie",
  name: "next-auth.session-token",
  description: "The session of a signed-in person, for requests from Leeway's own pages only.",
});

const minorUnits = z
  .int()
  .openapi({ description: "Minor units of the currency: 2500 is 25.00 USD, 2500 JPY." });
const instant = z.iso.datetime();
const score = z.int().min(1).max(SCORE_MOST).openapi({ description: "From 1 to 5; 4 and 5 are satisfied." });

const checkSchema = registry.register(
  "Check",
  z.object({
    id: z.string(),
    kind: z.enum(["limit", "rule"]),
    scope: z.array(z.string()).nullable(),
    window: z.union([z.string(), z.object({ rollingDays: z.int() })]).nullable(),
    measure: z.enum(["amount", "count"]).nullable(),
    max: z.int().nullable(),
    used: z.int().nullable().openapi({ description: "Posted and reserved before this decision." }),
    reserved: z.int().nullable().openapi({ description: "The held part of `used`." }),
    asked: z.int().nullable(),
    left: z
      .int()
      .nullable()
      .openapi({ description: "max − used − asked: what is left after this decision." }),
    effect: z.enum(["pass", "bend", "handover", "deny"]),
    why: z.string(),
    say: z.string(),
    value: z
      .string()
      .nullable()
      .openapi({ description: "The id of the company value that it serves, one of the policy's." }),
    unknown: z
      .array(z.string())
      .optional()
      .openapi({ description: "The facts that are not known, where it could not be evaluated for them." }),
  }),
);

const exchangeSchema = registry.register(
  "Exchange",
  z
    .object({
      currency: z.string().openapi({ description: "The policy's, which `counted` is in." }),
      rate: z.string().openapi({
        description: "What one unit of the decision's currency was worth in it.",
        example: "1.0842",
      }),
      day: z.iso.date().openapi({ description: "The day from which the rate holds." }),
      counted: minorUnits.openapi({ description: "The amount in `currency`, as it counts on limits." }),
    })
    .openapi({
      description:
        "How the amount was brought into the policy's currency. Only where a rate was used; then the numbers of the checks are in the policy's currency.",
    }),
);

const explanationSchema = registry.register(
  "Explanation",
  z.object({
    binding: z.string().nullable(),
    maxAmount: minorUnits.nullable().openapi({
      description:
        "The largest amount of this remedy that would be allow or bend right now; null when nothing bounds it.",
    }),
    exchange: exchangeSchema.optional(),
    checks: z.array(checkSchema),
  }),
);

const decisionSchema = registry.register(
  "Decision",
  z.object({
    id: z.uuid().nullable().openapi({ description: "Null in a preview." }),
    verdict: z.enum(VERDICTS),
    status: z.enum(STATUSES),
    remedy: z.enum(REMEDIES),
    amount: minorUnits,
    currency: z.string(),
    employee: z.uuid(),
    customer: z.uuid(),
    order: z.uuid().nullable(),
    policyVersion: z.int(),
    createdAt: instant,
    explanation: explanationSchema,
  }),
);

const undoUntil = instant.nullable().openapi({
  description:
    "Until when it can be undone: nobody begins to carry it out before. Null where nothing was given.",
});
const decidedSchema = registry.register("Decided", decisionSchema.extend({ undoUntil }));

const reversalViewSchema = registry.register(
  "Reversal",
  z.object({
    kind: z.enum(["undo", "reversal", "failed"]).openapi({
      description:
        "Undone before anybody began to carry it out, reversed later for a reason, or given back because it could not be carried out.",
    }),
    reason: z.string().nullable(),
    reversedBy: z.uuid().nullable().openapi({ description: "Null where nobody did, but it failed." }),
    createdAt: instant,
  }),
);
const reversedSchema = registry.register(
  "ReversedDecision",
  decisionSchema.extend({ reversal: reversalViewSchema }),
);

const failureSchema = z.object({ code: z.enum(FAILURE_CODES), detail: z.string().nullable() });
const position = z.object({ posted: z.int(), reserved: z.int() });
const wholeSchema = registry.register(
  "DecisionWhole",
  decisionSchema.extend({
    note: z.string().nullable(),
    cause: z.string().nullable(),
    countedAmount: minorUnits.nullable(),
    case: z
      .object({
        id: z.uuid(),
        channel: z.string(),
        happened: z.string(),
        need: z.string().nullable(),
        cause: z.string(),
      })
      .nullable(),
    ledgerEntries: z.array(
      z.object({
        seq: z.int(),
        kind: z.enum(["post", "reserve", "commit", "release", "reverse"]),
        limitIds: z.array(z.string()),
        definition: z.string(),
        scopeKey: z.string(),
        windowFrom: z.iso.date().nullable(),
        amount: minorUnits,
        count: z.int(),
        amountBefore: position,
        amountAfter: position,
        countBefore: position,
        countAfter: position,
        statusBefore: z.enum(["asked", ...STATUSES]),
        statusAfter: z.enum(STATUSES),
        event: z.object({ id: z.uuid(), action: z.string().nullable() }).openapi({
          description: "The event of the audit log that wrote it, such as `decision.reversed`.",
        }),
        createdAt: instant,
      }),
    ),
    handover: z
      .object({
        id: z.uuid(),
        status: z.enum(HANDOVER_STATUSES),
        waitingFor: z.uuid().nullable(),
        deadlineAt: instant,
        answeredAt: instant.nullable(),
        answeredBy: z.uuid().nullable(),
        note: z.string().nullable().openapi({ description: "What the answerer wrote." }),
        grantedAmount: minorUnits.nullable(),
        explanation: explanationSchema.nullable().openapi({
          description: "The answerer's own evaluation, where something was granted.",
        }),
      })
      .nullable(),
    execution: z
      .object({
        status: z.enum(EXECUTION_STATES).openapi({
          description:
            "`unknown`: nobody knows whether it moved; what it holds stays held. `by_hand`: a person carries it out. `failed`: nothing moved, and what it counted was given back.",
        }),
        provider: z.enum(PROVIDER_KINDS).nullable(),
        attempt: z.int().openapi({ description: "How often the provider was told of it." }),
        reference: z
          .string()
          .nullable()
          .openapi({ description: "The provider's, or the one that a person wrote." }),
        failure: failureSchema.nullable(),
        begunAt: instant.nullable(),
        movedAt: instant.nullable(),
        finishedAt: instant.nullable(),
        dueAt: instant.nullable(),
        reversal: z
          .object({
            status: z.enum(REVERSAL_STATES),
            reference: z.string().nullable(),
            failure: failureSchema.nullable(),
          })
          .nullable()
          .openapi({ description: "How far it is with taking back what was carried out." }),
      })
      .nullable(),
    undoUntil,
    reversal: reversalViewSchema.nullable(),
    survey: z
      .object({ score, answeredAt: instant })
      .nullable()
      .openapi({ description: "What the customer said of its case, where a survey tool told." }),
    reviews: z
      .array(
        z.object({
          id: z.uuid(),
          verdict: z.enum(REVIEW_VERDICTS),
          note: z.string().nullable().openapi({ description: "Words for the employee." }),
          own: z.boolean().openapi({ description: "Whether whoever wrote it had decided it." }),
          reviewer: z.uuid(),
          createdAt: instant,
          reply: z.object({ text: z.string(), createdAt: instant }).nullable(),
        }),
      )
      .openapi({ description: "Looks back at it. An agent sees those of their own decisions." }),
  }),
);

const surveySchema = registry.register(
  "SurveyAnswer",
  z.object({
    decision: z.uuid().openapi({ description: "The decision that the case began with." }),
    reference: z.string(),
    score,
    answeredAt: instant,
    recordedAt: instant,
  }),
);

const creditSchema = registry.register(
  "Credit",
  z.object({
    customer: z.uuid().openapi({ description: "The record that stands for them." }),
    balances: z.array(
      z.object({
        currency: z.string(),
        balance: minorUnits,
        expiring: z.array(z.object({ amount: minorUnits, expiresAt: instant })),
      }),
    ),
    movements: z.array(
      z.object({
        id: z.uuid(),
        kind: z.enum(CREDIT_KINDS),
        amount: z
          .int()
          .openapi({ description: "Minor units; what was taken from the customer is below zero." }),
        currency: z.string(),
        decision: z.uuid().nullable(),
        reference: z.string().nullable(),
        note: z.string().nullable(),
        createdAt: instant,
      }),
    ),
  }),
);
const redeemedSchema = registry.register(
  "Redemption",
  z.object({
    id: z.uuid(),
    customer: z.uuid(),
    amount: minorUnits,
    currency: z.string(),
    reference: z.string().nullable(),
    note: z.string().nullable(),
    left: minorUnits.openapi({ description: "What was left then, in this currency." }),
    createdAt: instant,
  }),
);

const allowanceSchema = registry.register(
  "Allowance",
  z.object({
    customer: z.uuid(),
    employee: z.uuid(),
    currency: z.string(),
    policyVersion: z.int(),
    available: minorUnits.nullable(),
    binding: z.string().nullable(),
    limits: z.array(
      z.object({
        id: z.string(),
        scope: z.array(z.string()),
        window: z.union([z.string(), z.object({ rollingDays: z.int() })]),
        measure: z.enum(["amount", "count"]),
        max: z.int(),
        used: z.int(),
        reserved: z.int(),
        left: z.int(),
        over: z.enum(["bend", "handover", "deny"]),
        conditional: z.boolean(),
        why: z.string(),
        say: z.string(),
        resetsAt: instant.nullable(),
      }),
    ),
  }),
);

const customerSchema = registry.register(
  "Customer",
  z.object({
    id: z.uuid(),
    externalRef: z.string().nullable(),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    tier: z.string().nullable(),
    kind: z.enum(["external", "internal"]),
  }),
);
const writtenCustomerSchema = registry.register(
  "WrittenCustomer",
  customerSchema.extend({
    paymentRef: z.string().nullable().openapi({
      description: "Who they are to the payment provider: credit can go there.",
      example: "cus_NffrFeUfNV2Hib",
    }),
  }),
);
const customerRecordSchema = registry.register(
  "CustomerRecord",
  customerSchema.extend({
    mergedInto: z.uuid().nullable().openapi({
      description:
        "The record that stays, where this one was merged: by either, it is one customer. Null while it stands for itself.",
    }),
  }),
);

const mergeViewSchema = registry.register(
  "Merge",
  z.object({
    id: z.uuid(),
    duplicate: z.uuid().openapi({ description: "The record that was merged into the other one." }),
    customer: z.uuid().openapi({ description: "The record that stays." }),
    reason: z.string(),
    mergedBy: z.uuid().nullable(),
    mergedAt: instant,
    undoneBy: z.uuid().nullable(),
    undoneAt: instant.nullable(),
  }),
);

const handoverSchema = registry.register(
  "Handover",
  z.object({
    id: z.uuid(),
    decision: z.uuid(),
    status: z.enum(HANDOVER_STATUSES),
    askedBy: z.uuid(),
    waitingFor: z.uuid().nullable(),
    deadlineAt: instant,
    createdAt: instant,
    remedy: z.enum(REMEDIES),
    amount: minorUnits.openapi({ description: "What was asked for." }),
    currency: z.string(),
    customer: z.uuid(),
    answeredBy: z.uuid().nullable(),
    answeredAt: instant.nullable(),
    note: z.string().nullable(),
    grantedAmount: minorUnits.nullable().openapi({ description: "What was granted; null while nothing is." }),
    standInAt: instant.nullable().openapi({ description: "When the next in line is asked." }),
    clockStands: z
      .boolean()
      .openapi({ description: "More facts were asked for: the clock stands until they are given." }),
    unanswerable: z
      .object({
        reason: z.enum(["away", "policy"]),
        binding: z.string().nullable(),
        maxAmount: minorUnits.nullable(),
      })
      .nullable()
      .openapi({
        description: "Why nobody may answer it: those who could are away, or nobody's limits pass it.",
      }),
    words: z.array(
      z.object({
        kind: z.enum(["question", "facts", "customer"]),
        text: z.string(),
        by: z.uuid(),
        at: instant,
      }),
    ),
  }),
);
const proposalSchema = registry.register(
  "Proposal",
  z.object({
    version: z.int(),
    simulation: z.uuid().nullable(),
    limits: z.array(z.object({ id: z.string(), before: z.int(), max: z.int() })),
  }),
);
const dutyViewSchema = registry.register(
  "Duty",
  z.object({
    employee: z.uuid(),
    onDuty: z.boolean(),
    deputy: z.uuid().nullable(),
    since: instant
      .nullable()
      .openapi({ description: "Null where they never said so: they count as on duty." }),
  }),
);
const answerViewSchema = registry.register(
  "AnswerPreview",
  z.object({
    verdict: z.enum(VERDICTS).openapi({
      description: "The answerer's own verdict on the amount: only `allow` and `bend` grant it.",
    }),
    noteRequired: z.boolean(),
    amount: minorUnits,
    currency: z.string(),
    policyVersion: z.int(),
    explanation: explanationSchema,
    deniedToAsker: z.boolean().openapi({
      description: "A guardrail refuses it to whoever asked, so that nobody can grant it.",
    }),
  }),
);

const orderSchema = registry.register(
  "Order",
  z.object({
    id: z.uuid(),
    externalRef: z.string(),
    customer: z.uuid(),
    amountPaid: minorUnits,
    currency: z.string(),
    placedAt: instant.nullable(),
    paymentRef: z.string().nullable().openapi({
      description: "What was paid with, as the payment provider names it: a refund goes back there.",
      example: "pi_3MtwBwLkdIwHu7ix28a3tqPa",
    }),
  }),
);

const policyDocumentSchema = registry.register(
  "Policy",
  // A schema that was made elsewhere gets what this one needs by being made anew.
  policySchema.describe(
    "The policy document: what is kept in a file. Amounts are integers in minor units of its currency, which is the organization's, as is its time zone.",
  ),
);

const policyVersionSchema = registry.register(
  "PolicyVersion",
  z.object({
    version: z.int(),
    status: z.enum(POLICY_STATUSES).openapi({
      description:
        "Edited (`draft`), in force for one team (`trial`), in force (`published`), in force no more (`superseded`), or thrown away (`discarded`).",
    }),
    document: policyDocumentSchema,
    note: z.string().nullable(),
    author: z.uuid().nullable(),
    createdAt: instant,
    publishedAt: instant.nullable(),
    baseVersion: z
      .int()
      .nullable()
      .openapi({ description: "The version in force that it was made from; null for the first." }),
    restores: z
      .int()
      .nullable()
      .openapi({ description: "The version whose document it puts in force again." }),
    revision: z.int().openapi({ description: "Counts the times that the draft was saved." }),
    updatedAt: instant.nullable(),
    updatedBy: z.uuid().nullable(),
    publishAt: instant.nullable().openapi({ description: "When the draft is to be published." }),
    publishFault: z.string().nullable().openapi({ description: "Why a scheduled draft was not published." }),
  }),
);

const expectedSchema = z.object({ verdict: z.enum(VERDICTS), binding: z.string().nullish() });
const savedDraftSchema = registry.register(
  "SavedDraft",
  policyVersionSchema.extend({
    examples: z
      .array(
        z.object({
          id: z.string(),
          passes: z.boolean(),
          expected: expectedSchema,
          actual: z.object({
            verdict: z.enum(VERDICTS),
            binding: z.string().nullable(),
            maxAmount: minorUnits.nullable(),
          }),
        }),
      )
      .openapi({
        description: "What the document's examples come to. They have to pass before it is published.",
      }),
  }),
);

const trialViewSchema = registry.register(
  "Trial",
  z.object({
    id: z.uuid(),
    version: z.int(),
    team: z.uuid(),
    teamKey: z.string(),
    startsAt: instant,
    endsAt: instant.openapi({ description: "When it is over by itself." }),
    endedAt: instant.nullable().openapi({ description: "When it was over; null while it runs." }),
    startedBy: z.uuid(),
    endedBy: z.uuid().nullable(),
  }),
);

const tally = z.object({ count: z.int(), amount: minorUnits });
const byVerdict = z.object({ allow: tally, bend: tally, handover: tally, deny: tally });
const flow = z.object({ allow: byVerdict, bend: byVerdict, handover: byVerdict, deny: byVerdict });
const voices = <T extends z.ZodType>(each: T) => z.object({ recorded: each, current: each, draft: each });
const simulatedGroup = z.object({
  key: z.string().nullable(),
  name: z.string().nullable(),
  others: z.int().optional(),
  total: tally,
  solved: voices(tally).openapi({ description: "Solved without asking: allowed, or bent with a reason." }),
});
const simulationSchema = registry.register(
  "Simulation",
  z.object({
    id: z.uuid(),
    version: z.int(),
    revision: z.int(),
    comparedWith: z.int().openapi({ description: "The version that was in force when it was asked for." }),
    from: z.iso.date(),
    to: z.iso.date(),
    status: z.enum(["queued", "running", "done", "cancelled", "failed"]),
    processed: z.int(),
    total: z.int().nullable(),
    result: z
      .object({
        decisions: tally,
        verdicts: voices(byVerdict).openapi({
          description: "As it was decided, as the version in force would decide, and as the draft would.",
        }),
        flow: z.object({ recorded: flow, current: flow }).openapi({
          description: "From the verdict before (first name) to the draft's (second name).",
        }),
        teams: z.array(simulatedGroup),
        causes: z.array(simulatedGroup),
        differing: z.object({ recorded: z.int(), current: z.int(), kept: z.int() }),
        unsent: z.object({ abandoned: voices(byVerdict), lowered: voices(byVerdict) }),
        remembered: z.object({ decisions: z.int(), since: instant.nullable() }),
      })
      .nullable()
      .openapi({ description: "Null unless it is done." }),
    fault: z.enum(["nothing", "broken"]).nullable(),
    detail: z.string().nullable().openapi({ description: "The fault in words." }),
    createdAt: instant,
    finishedAt: instant.nullable(),
  }),
);

const rateText = z.string().openapi({
  description:
    "What one unit of the currency is worth in the organization's, as a plain decimal with at most 12 digits on either side of the point.",
  example: "1.0842",
});
const rateSchema = registry.register(
  "ExchangeRate",
  z.object({
    currency: z.string().openapi({ example: "EUR" }),
    day: z.iso.date().openapi({
      description:
        "It holds from this day on, of the organization's time zone, until the next one that is listed.",
    }),
    rate: rateText,
    updatedAt: instant,
    updatedBy: z.uuid().nullable(),
  }),
);
const ratePlace = z.object({
  currency: z.string().openapi({ example: "EUR" }),
  day: z.iso.date().openapi({ example: "2026-03-01" }),
});

const problemSchema = registry.register(
  "Problem",
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
    explanation: explanationSchema.optional().openapi({
      description: "The evaluation behind it, where a handover can't be granted.",
    }),
  }),
);

const page = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() });

interface Call {
  method: "get" | "post" | "put" | "delete";
  path: string;
  summary: string;
  scope?: ApiScope;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodType;
  /** No body is as good as an empty object. */
  bodyOptional?: boolean;
  /** Without a schema the answer has no body. */
  answers: Record<number, [description: string, schema?: z.ZodType]>;
  problems: ProblemCode[];
}

const actsFor = z.object({
  "Leeway-Employee": z
    .string()
    .optional()
    .openapi({ description: "With a key: the id or email of the employee it acts for." }),
});
const intent = actsFor.extend({
  "Idempotency-Key": z.string().openapi({
    description:
      "One per intent, the same on every retry. Same key and body: the stored answer, with Idempotency-Replayed: true.",
  }),
});
const byId = z.object({ id: z.string().openapi({ description: "Id or external reference." }) });
const byRef = z.object({ id: z.string().openapi({ description: "Your system's reference." }) });
const byVersion = z.object({ version: z.int().openapi({ description: "The version's number." }) });

const CALLS: Call[] = [
  {
    method: "post",
    path: "/api/v1/decisions",
    summary: "Decide and record, whatever the verdict",
    scope: "decisions:write",
    headers: intent,
    body: decisionInputSchema,
    answers: { 201: ["Recorded, or recorded before under the same key", decidedSchema] },
    problems: [
      "malformed",
      "idempotency_key_required",
      "employee_required",
      "employee_suspended",
      "customer_not_found",
      "idempotency_mismatch",
      "too_large",
      "invalid",
      "case_not_found",
      "note_required",
    ],
  },
  {
    method: "post",
    path: "/api/v1/decisions/preview",
    summary: "The same answer, nothing written",
    scope: "decisions:write",
    headers: actsFor,
    body: decisionInputSchema,
    answers: { 200: ["What would be decided now", decisionSchema.extend({ noteRequired: z.boolean() })] },
    problems: [
      "malformed",
      "employee_required",
      "employee_suspended",
      "customer_not_found",
      "too_large",
      "invalid",
    ],
  },
  {
    method: "get",
    path: "/api/v1/decisions",
    summary: "Decisions, the newest first",
    scope: "decisions:read",
    query: pagingSchema.extend(decisionFilterSchema.shape),
    answers: { 200: ["A page", page(decisionSchema)] },
    problems: ["invalid"],
  },
  {
    method: "get",
    path: "/api/v1/decisions/{id}",
    summary: "One decision with its ledger entries, handover, execution and reversal",
    scope: "decisions:read",
    params: z.object({ id: z.uuid() }),
    answers: { 200: ["The decision", wholeSchema] },
    problems: ["not_found"],
  },
  {
    method: "post",
    path: "/api/v1/decisions/{id}/reversal",
    summary:
      "Take back what was given, with a reason, in the windows that it came from; once. Managers and admins anybody's, agents their own of the same day",
    scope: "decisions:write",
    params: z.object({ id: z.uuid() }),
    headers: intent,
    body: reversalSchema,
    answers: { 201: ["Reversed, or reversed before under the same key", reversedSchema] },
    problems: [
      "malformed",
      "idempotency_key_required",
      "employee_required",
      "employee_suspended",
      "not_found",
      "idempotency_mismatch",
      "already_reversed",
      "not_posted",
      "execution_unknown",
      "too_large",
      "unsupported_media_type",
      "invalid",
    ],
  },
  {
    method: "post",
    path: "/api/v1/decisions/{id}/undo",
    summary: "Take back what was given while nobody has begun to carry it out (see `undoUntil`)",
    scope: "decisions:write",
    params: z.object({ id: z.uuid() }),
    headers: intent,
    body: undoSchema,
    bodyOptional: true,
    answers: { 201: ["Undone, or undone before under the same key", reversedSchema] },
    problems: [
      "malformed",
      "idempotency_key_required",
      "employee_required",
      "employee_suspended",
      "not_found",
      "idempotency_mismatch",
      "already_reversed",
      "not_posted",
      "execution_started",
      "execution_unknown",
      "invalid",
    ],
  },
  {
    method: "post",
    path: "/api/v1/decisions/{id}/execution",
    summary:
      "Tell what became of an execution that a signed webhook asked for, or with `of: reversal` of taking it back. With a key only; the same again changes nothing",
    scope: "decisions:write",
    params: z.object({ id: z.uuid() }),
    body: executionResultSchema,
    answers: {
      202: ["Kept, and applied at once", z.object({ decision: z.uuid(), status: z.string() })],
    },
    problems: [
      "malformed",
      "employee_suspended",
      "not_found",
      "too_large",
      "unsupported_media_type",
      "invalid",
    ],
  },
  {
    method: "get",
    path: "/api/v1/handovers",
    summary:
      "Handovers, the newest first. By session, agents list those that they asked for or may be asked to answer",
    scope: "handovers:read",
    query: pagingSchema.extend(handoverFilterSchema.shape),
    answers: { 200: ["A page", page(handoverSchema)] },
    problems: ["invalid"],
  },
  {
    method: "get",
    path: "/api/v1/handovers/{id}",
    summary: "One handover",
    scope: "handovers:read",
    params: z.object({ id: z.uuid() }),
    answers: { 200: ["The handover", handoverSchema] },
    problems: ["not_found"],
  },
  {
    method: "post",
    path: "/api/v1/handovers/{id}/answer",
    summary:
      "Answer a handover; the first answer stands. Only somebody whose own evaluation passes it grants it, and nobody their own",
    scope: "handovers:write",
    params: z.object({ id: z.uuid() }),
    headers: actsFor,
    body: answerSchema.describe("`amount` belongs to `adjust`: what is granted instead."),
    answers: { 200: ["The handover as it was answered", handoverSchema] },
    problems: [
      "malformed",
      "employee_required",
      "employee_suspended",
      "not_found",
      "own_handover",
      "beyond_own_limits",
      "handover_answered",
      "handover_expired",
      "denied_now",
      "too_large",
      "unsupported_media_type",
      "invalid",
      "amount_required",
      "note_required",
      "busy",
    ],
  },
  {
    method: "post",
    path: "/api/v1/handovers/{id}/preview",
    summary: "What an answer would be based on: the answerer's own verdict on the whole or another amount",
    scope: "handovers:write",
    params: z.object({ id: z.uuid() }),
    headers: actsFor,
    body: answerPreviewSchema,
    bodyOptional: true,
    answers: { 200: ["The verdict; nothing is written", answerViewSchema] },
    problems: [
      "malformed",
      "employee_required",
      "employee_suspended",
      "not_found",
      "own_handover",
      "handover_answered",
      "invalid",
      "amount_required",
    ],
  },
  {
    method: "post",
    path: "/api/v1/handovers/{id}/question",
    summary: "Ask whoever handed over for more facts; the clock stands meanwhile",
    scope: "handovers:write",
    params: z.object({ id: z.uuid() }),
    headers: actsFor,
    body: questionSchema,
    answers: { 200: ["The handover as it waits now", handoverSchema] },
    problems: [
      "malformed",
      "employee_required",
      "employee_suspended",
      "not_found",
      "own_handover",
      "not_allowed",
      "handover_answered",
      "handover_expired",
      "asked_already",
      "too_large",
      "unsupported_media_type",
      "invalid",
    ],
  },
  {
    method: "post",
    path: "/api/v1/handovers/{id}/facts",
    summary: "Give the facts that were asked for, by whoever handed over; the clock runs on",
    scope: "handovers:write",
    params: z.object({ id: z.uuid() }),
    headers: actsFor,
    body: factsSchema,
    answers: { 200: ["The handover as it waits now", handoverSchema] },
    problems: [
      "malformed",
      "employee_required",
      "employee_suspended",
      "not_found",
      "not_allowed",
      "handover_answered",
      "handover_expired",
      "not_asked",
      "too_large",
      "unsupported_media_type",
      "invalid",
    ],
  },
  {
    method: "post",
    path: "/api/v1/handovers/{id}/proposal",
    summary:
      "A policy draft with the smallest limits that would have let it pass without asking, and its simulation; once for each handover; by a manager or an admin",
    scope: "handovers:write",
    params: z.object({ id: z.uuid() }),
    headers: actsFor,
    body: withdrawalSchema,
    bodyOptional: true,
    answers: { 201: ["The draft", proposalSchema] },
    problems: [
      "malformed",
      "employee_required",
      "employee_suspended",
      "not_found",
      "not_allowed",
      "no_limit_to_raise",
      "no_policy",
      "invalid",
    ],
  },
  {
    method: "get",
    path: "/api/v1/duty",
    summary: "Whether the employee is on duty, and who stands in for them",
    scope: "handovers:read",
    headers: actsFor,
    answers: { 200: ["The duty", dutyViewSchema] },
    problems: ["employee_required"],
  },
  {
    method: "put",
    path: "/api/v1/duty",
    summary: "Say that the employee is on duty or away, and who stands in for them",
    scope: "handovers:write",
    headers: actsFor,
    body: dutySchema,
    answers: { 200: ["The duty", dutyViewSchema] },
    problems: [
      "malformed",
      "employee_required",
      "employee_suspended",
      "too_large",
      "unsupported_media_type",
      "invalid",
      "deputy_not_found",
      "own_deputy",
    ],
  },
  {
    method: "post",
    path: "/api/v1/handovers/{id}/withdrawal",
    summary: "Take a waiting handover back, by whoever asked; what it held is free again",
    scope: "handovers:write",
    params: z.object({ id: z.uuid() }),
    headers: actsFor,
    body: withdrawalSchema,
    bodyOptional: true,
    answers: { 200: ["The handover as it was taken back", handoverSchema] },
    problems: [
      "malformed",
      "employee_required",
      "employee_suspended",
      "not_found",
      "handover_answered",
      "invalid",
    ],
  },
  {
    method: "post",
    path: "/api/v1/surveys",
    summary:
      "Tell what a customer said of a case, as a survey tool does: the same again changes nothing, and of several answers of one case the one given last stands",
    scope: "surveys:write",
    headers: actsFor,
    body: surveyAnswerSchema,
    answers: {
      200: ["What stands: as it was, or this answer in the place of an earlier one", surveySchema],
      201: ["Recorded, the first answer of the case", surveySchema],
    },
    problems: [
      "malformed",
      "employee_suspended",
      "decision_not_found",
      "reference_used",
      "too_large",
      "unsupported_media_type",
      "invalid",
    ],
  },
  {
    method: "get",
    path: "/api/v1/customers",
    summary: "Find customers by the words of a name, an address, a phone number or an order number",
    scope: "customers:read",
    query: customerSearchSchema,
    answers: { 200: ["The nearest", page(customerSchema)] },
    problems: ["invalid"],
  },
  {
    method: "get",
    path: "/api/v1/customers/{id}/allowance",
    summary: "What the employee can still give this customer now, limit by limit",
    scope: "customers:read",
    params: byId,
    headers: actsFor,
    answers: { 200: ["The allowance", allowanceSchema] },
    problems: ["employee_required", "customer_not_found"],
  },
  {
    method: "get",
    path: "/api/v1/customers/{id}/credit",
    summary:
      "What a customer may spend of store credit, and the latest movements, of all records that are theirs",
    scope: "customers:read",
    params: byId,
    answers: { 200: ["The credit", creditSchema] },
    problems: ["not_found"],
  },
  {
    method: "post",
    path: "/api/v1/customers/{id}/credit/redemptions",
    summary: "Spend store credit, what expires first first, and never more than there is",
    scope: "customers:write",
    params: byId,
    headers: intent,
    body: redemptionSchema,
    answers: { 201: ["Redeemed, or redeemed before under this key", redeemedSchema] },
    problems: [
      "malformed",
      "idempotency_key_required",
      "employee_suspended",
      "not_found",
      "idempotency_mismatch",
      "too_large",
      "unsupported_media_type",
      "invalid",
      "insufficient_credit",
    ],
  },
  {
    method: "get",
    path: "/api/v1/customers/{id}",
    summary: "One customer, by id or external reference",
    scope: "customers:read",
    params: byId,
    answers: { 200: ["The customer", customerRecordSchema] },
    problems: ["not_found"],
  },
  {
    method: "post",
    path: "/api/v1/customers/{id}/merge",
    summary:
      "Merge a duplicate into the record that stays: what was spent on the one counts on the other, in every window",
    scope: "customers:write",
    params: byId,
    headers: actsFor,
    body: mergeSchema.describe("`into`: the record that stays, by id or external reference."),
    answers: {
      200: ["They were merged before, just so", mergeViewSchema],
      201: ["Merged", mergeViewSchema],
    },
    problems: [
      "malformed",
      "employee_suspended",
      "not_found",
      "customer_not_found",
      "merged_already",
      "too_large",
      "unsupported_media_type",
      "invalid",
      "same_customer",
    ],
  },
  {
    method: "delete",
    path: "/api/v1/customers/{id}/merge",
    summary: "Undo the merge of a duplicate: what was decided for it before counts on it again",
    scope: "customers:write",
    params: byId,
    headers: actsFor,
    answers: { 204: ["It stands for itself again, or did"] },
    problems: ["employee_suspended", "not_found"],
  },
  {
    method: "put",
    path: "/api/v1/customers/{id}",
    summary: "Create or replace a customer by external reference",
    scope: "customers:write",
    params: byRef,
    body: customerInputSchema,
    answers: {
      200: ["Replaced, or as it was", writtenCustomerSchema],
      201: ["Created", writtenCustomerSchema],
    },
    problems: ["malformed", "too_large", "invalid"],
  },
  {
    method: "get",
    path: "/api/v1/orders/{id}",
    summary: "One order, by id or external reference",
    scope: "customers:read",
    params: byId,
    answers: { 200: ["The order", orderSchema] },
    problems: ["not_found"],
  },
  {
    method: "put",
    path: "/api/v1/orders/{id}",
    summary: "Create or replace an order by external reference",
    scope: "orders:write",
    params: byRef,
    body: orderInputSchema,
    answers: { 200: ["Replaced, or as it was", orderSchema], 201: ["Created", orderSchema] },
    problems: ["malformed", "customer_not_found", "order_has_decisions", "too_large", "invalid"],
  },
  {
    method: "get",
    path: "/api/v1/policies",
    summary: "The versions of the policy, the newest first",
    scope: "policies:read",
    query: pagingSchema.extend({
      status: z.enum(POLICY_STATUSES).optional().openapi({
        description:
          "Those of one status; else all but discarded ones. By session, drafts are for those who may enter the settings.",
      }),
      cursor: z.string().optional(),
    }),
    answers: { 200: ["A page", page(policyVersionSchema)] },
    problems: ["invalid"],
  },
  {
    method: "post",
    path: "/api/v1/policies",
    summary:
      "Make a draft. Every fault of the document is named at once, by its path as it stands in the body",
    scope: "policies:write",
    headers: actsFor,
    body: z
      .union([policyDocumentSchema, wrappedDraftSchema.extend({ document: policyDocumentSchema })])
      .openapi({
        description:
          "The document alone, as it is kept in a file (paths such as `limits.0.why`), or in `document` with a note and the version in force that it was made from (paths such as `document.limits.0.why`; `base` is the version in force when left out). At most 1 MB.",
      }),
    answers: { 201: ["The draft", savedDraftSchema] },
    problems: ["malformed", "employee_suspended", "too_large", "unsupported_media_type", "invalid"],
  },
  {
    method: "get",
    path: "/api/v1/policies/{version}",
    summary: "One version",
    scope: "policies:read",
    params: byVersion,
    answers: { 200: ["The version", policyVersionSchema] },
    problems: ["not_found"],
  },
  {
    method: "put",
    path: "/api/v1/policies/{version}",
    summary: "Replace a draft, if it is still at the revision that was read",
    scope: "policies:write",
    params: byVersion,
    headers: actsFor,
    body: replaceDraftSchema.extend({ document: policyDocumentSchema }).openapi({
      description: "A note and a base that are left out stay as they are. At most 1 MB.",
    }),
    answers: { 200: ["The draft as it was saved", savedDraftSchema] },
    problems: [
      "malformed",
      "employee_suspended",
      "not_found",
      "draft_changed",
      "not_draft",
      "scheduled",
      "too_large",
      "unsupported_media_type",
      "invalid",
    ],
  },
  {
    method: "delete",
    path: "/api/v1/policies/{version}",
    summary: "Throw a draft away",
    scope: "policies:write",
    params: byVersion,
    headers: actsFor,
    answers: { 204: ["It is gone, or was"] },
    problems: ["employee_suspended", "not_found", "not_draft"],
  },
  {
    method: "post",
    path: "/api/v1/policies/{version}/simulate",
    summary: "Replay recorded history under a version; waits up to 20 seconds for it",
    scope: "policies:write",
    params: byVersion,
    headers: actsFor,
    body: spanSchema.describe(
      `The first and the last day, of the organization's time zone; the ${SPAN_DAYS} days up to today when left out, and ${SPAN_DAYS_MAX} at most.`,
    ),
    bodyOptional: true,
    answers: {
      200: ["It is over", simulationSchema],
      202: ["It goes on; Location says where to look for it", simulationSchema],
    },
    problems: [
      "malformed",
      "employee_suspended",
      "not_found",
      "no_policy",
      "too_large",
      "unsupported_media_type",
      "invalid",
      "nothing_to_simulate",
    ],
  },
  {
    method: "get",
    path: "/api/v1/policies/{version}/simulations/{id}",
    summary: "One simulation: how far it is, or what came of it",
    scope: "policies:read",
    params: byVersion.extend({ id: z.uuid() }),
    answers: { 200: ["The simulation", simulationSchema] },
    problems: ["not_found"],
  },
  {
    method: "delete",
    path: "/api/v1/policies/{version}/simulations/{id}",
    summary: "Cancel a simulation that waits or runs",
    scope: "policies:write",
    params: byVersion.extend({ id: z.uuid() }),
    answers: { 204: ["It is cancelled, or was"] },
    problems: ["not_found", "simulation_over"],
  },
  {
    method: "post",
    path: "/api/v1/policies/{version}/publish",
    summary:
      "Put a version in force, now or at a moment to come. One that was in force before comes back as a new version",
    scope: "policies:write",
    params: byVersion,
    headers: actsFor,
    body: publishSchema.describe(
      "`base`: the version in force that it was compared with, instead of the one that the draft was made from. `revision`: the draft's, as it was read. `at`: when to publish a draft.",
    ),
    bodyOptional: true,
    answers: {
      200: ["What is in force now", policyVersionSchema],
      202: ["The draft, which is to be published at `publishAt`", policyVersionSchema],
    },
    problems: [
      "malformed",
      "employee_suspended",
      "not_found",
      "draft_changed",
      "not_draft",
      "stale",
      "examples_failed",
      "too_large",
      "unsupported_media_type",
      "invalid",
    ],
  },
  {
    method: "delete",
    path: "/api/v1/policies/{version}/schedule",
    summary: "Take the time of a publication back",
    scope: "policies:write",
    params: byVersion,
    headers: actsFor,
    answers: { 204: ["It is not scheduled any more, or was not"] },
    problems: ["employee_suspended", "not_found", "not_draft"],
  },
  {
    method: "post",
    path: "/api/v1/policies/{version}/trial",
    summary: "Put a draft in force for one team, beside the published version",
    scope: "policies:write",
    params: byVersion,
    headers: actsFor,
    body: trialSchema.describe(
      "`team`: id or key. Either `days`, today included, so that it ends with a day of the organization's, or `endsAt`. `revision`: the draft's, as it was read.",
    ),
    answers: { 201: ["The trial", trialViewSchema] },
    problems: [
      "malformed",
      "employee_required",
      "employee_suspended",
      "not_found",
      "team_not_found",
      "no_policy",
      "draft_changed",
      "not_draft",
      "scheduled",
      "examples_failed",
      "team_on_trial",
      "too_large",
      "unsupported_media_type",
      "invalid",
    ],
  },
  {
    method: "delete",
    path: "/api/v1/policies/{version}/trial",
    summary: "End the trial of a version before its time",
    scope: "policies:write",
    params: byVersion,
    headers: actsFor,
    answers: { 204: ["It is over, or there was none"] },
    problems: ["employee_suspended", "not_found"],
  },
  {
    method: "get",
    path: "/api/v1/policies/{version}/trials",
    summary: "The trials of a version",
    scope: "policies:read",
    params: byVersion,
    answers: { 200: ["A page", page(trialViewSchema)] },
    problems: ["not_found"],
  },
  {
    method: "get",
    path: "/api/v1/rates",
    summary: "The table of exchange rates, by currency, of each the latest day first",
    scope: "policies:read",
    query: pagingSchema.extend({ currency: z.string().optional(), cursor: z.string().optional() }),
    answers: { 200: ["A page", page(rateSchema)] },
    problems: ["invalid"],
  },
  {
    method: "put",
    path: "/api/v1/rates",
    summary: `Set up to ${RATES_MAX} rates, all or none; decisions that were taken keep theirs`,
    scope: "policies:write",
    body: ratesBodySchema,
    answers: {
      200: [
        "All of them stand in the table",
        z.object({ created: z.int(), updated: z.int(), unchanged: z.int() }),
      ],
    },
    problems: ["malformed", "too_large", "unsupported_media_type", "invalid"],
  },
  {
    method: "get",
    path: "/api/v1/rates/{currency}/{day}",
    summary: "The rate that is listed under a day",
    scope: "policies:read",
    params: ratePlace,
    answers: { 200: ["The rate", rateSchema] },
    problems: ["not_found"],
  },
  {
    method: "delete",
    path: "/api/v1/rates/{currency}/{day}",
    summary: "Take a rate out of the table; the one before it holds then",
    scope: "policies:write",
    params: ratePlace,
    answers: { 204: ["It is gone"] },
    problems: ["not_found"],
  },
  {
    method: "get",
    path: "/api/health",
    summary:
      "Whether Leeway can serve (also /api/health/ready; /api/health/live asks nothing of the database)",
    answers: { 200: ["It can", z.object({ status: z.literal("ok"), database: z.literal("ok") })] },
    problems: ["unavailable"],
  },
];

/** Every problem of one status shares a response; the code tells them apart. */
function problemResponses(codes: readonly ProblemCode[]) {
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status, title } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `${title} (\`${code}\`)`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, titles]) => [
      status,
      { description: titles.join(" · "), content: { "application/problem+json": { schema: problemSchema } } },
    ]),
  );
}

for (const call of CALLS) {
  const common: ProblemCode[] = call.scope
    ? ["unauthorized", "not_allowed", "rate_limited", "unavailable"]
    : [];
  registry.registerPath({
    method: call.method,
    path: call.path,
    summary: call.summary,
    description: call.scope ? `Scope \`${call.scope}\`.` : undefined,
    security: call.scope ? [{ apiKey: [] }, { session: [] }] : [],
    request: {
      params: call.params,
      query: call.query,
      headers: call.headers,
      ...(call.body
        ? { body: { required: !call.bodyOptional, content: { "application/json": { schema: call.body } } } }
        : {}),
    },
    responses: {
      ...Object.fromEntries(
        Object.entries(call.answers).map(([status, [description, schema]]) => [
          status,
          schema ? { description, content: { "application/json": { schema } } } : { description },
        ]),
      ),
      ...problemResponses([...call.problems, ...common]),
    },
  });
}

const signature = z.object({
  "webhook-id": z.string().openapi({
    description:
      "The message's id, the same each time that it is sent. Do what it asks for, or note what it tells, once for each.",
  }),
  "webhook-timestamp": z.string().openapi({
    description: "When it was sent, in seconds since 1970. Refuse what is more than five minutes old.",
  }),
  "webhook-signature": z.string().openapi({
    description:
      "Signatures by HMAC-SHA256 over `id.timestamp.body` with the secret, as `v1,` and base64, separated by spaces. The libraries of https://www.standardwebhooks.com verify it.",
  }),
});

/** The body of a message. Its schema is made anew, as those of schemas that were made elsewhere are. */
function messageSchema(type: string, data: z.ZodObject) {
  return z.strictObject({
    type: z.literal(type),
    timestamp: instant,
    data: data.describe("Ids, states and amounts."),
  });
}

const TAKEN = {
  description: "An answer from 200 to 299 takes it. Everything else is tried again for three days.",
};

for (const kind of TOLD_KINDS) {
  registry.registerWebhook({
    method: "post",
    path: kind,
    summary:
      kind === PING
        ? "A test that an admin sends to an endpoint"
        : `An endpoint that chose it is told of ${kind}`,
    description:
      "Of an endpoint under Settings → Webhooks. It may come twice, and out of order; what is told of a decision or a handover is how it stood when the message was written.",
    security: [],
    request: {
      headers: signature,
      body: {
        required: true,
        content: { "application/json": { schema: messageSchema(kind, dataSchemaOf(kind)) } },
      },
    },
    responses: { "2XX": TAKEN },
  });
}

const REQUEST_WORDS: Record<RequestKind, [summary: string, description: string]> = {
  "execution.requested": [
    "Carry a decision out",
    "Of the webhook under Settings → Providers. `webhook-id` is the decision's id. The answer may say what came of it; where it says nothing, or `pending`, tell it later by `POST /api/v1/decisions/{id}/execution`.",
  ],
  "execution.reversal_requested": [
    "Take back what was carried out",
    '`webhook-id` is the decision\'s id and `:reversal`. Where the answer is `pending`, tell what came of it later by `POST /api/v1/decisions/{id}/execution` with `"of": "reversal"`. `failed` leaves it to a person.',
  ],
  "endpoint.test": ["A test that an admin sends", "It asks for nothing. Answer from 200 to 299."],
};

for (const kind of REQUEST_KINDS) {
  const [summary, description] = REQUEST_WORDS[kind];
  registry.registerWebhook({
    method: "post",
    path: kind,
    summary,
    description,
    security: [],
    request: {
      headers: signature,
      body: {
        required: true,
        content: { "application/json": { schema: messageSchema(kind, REQUEST_DATA[kind]) } },
      },
    },
    responses: {
      "2XX":
        kind === "endpoint.test"
          ? TAKEN
          : {
              ...TAKEN,
              content: {
                "application/json": {
                  schema: answeredResultSchema.describe("What came of it. Without a body it is pending."),
                },
              },
            },
    },
  });
}

/** The API as OpenAPI 3.1, from the schemas that parse its requests. */
export function openApiDocument() {
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "Leeway",
      version: "1",
      description:
        "Refund, credit or waive on the spot, inside a discretion limit. Amounts are integers in minor units.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
  });
}
