import { extendZodWithOpenApi, OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { type ApiScope, SCOPES } from "@/lib/auth/types";
import { customerInputSchema, customerSearchSchema } from "@/lib/customers/schema";
import { decisionFilterSchema, decisionInputSchema } from "@/lib/decisions/schema";
import { STATUSES } from "@/lib/decisions/types";
import { policySchema, REMEDIES, VERDICTS } from "@/lib/discretion/schema";
import { pagingSchema } from "@/lib/http/paging";
import { PROBLEMS, type ProblemCode } from "@/lib/http/problem";
import { orderInputSchema } from "@/lib/orders/schema";

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
    value: z.string().nullable(),
    unknown: z.array(z.string()).optional(),
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
    explanation: z.object({
      binding: z.string().nullable(),
      maxAmount: minorUnits.nullable().openapi({
        description:
          "The largest amount of this remedy that would be allow or bend right now; null when nothing bounds it.",
      }),
      checks: z.array(checkSchema),
    }),
  }),
);

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
        createdAt: instant,
      }),
    ),
    handover: z
      .object({
        id: z.uuid(),
        status: z.string(),
        waitingFor: z.uuid().nullable(),
        deadlineAt: instant,
        answeredAt: instant.nullable(),
      })
      .nullable(),
    execution: z
      .object({ status: z.enum(["queued", "by_hand", "done", "cancelled"]), finishedAt: instant.nullable() })
      .nullable(),
    reviews: z.array(z.unknown()),
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

const orderSchema = registry.register(
  "Order",
  z.object({
    id: z.uuid(),
    externalRef: z.string(),
    customer: z.uuid(),
    amountPaid: minorUnits,
    currency: z.string(),
    placedAt: instant.nullable(),
  }),
);

const policyVersionSchema = registry.register(
  "PolicyVersion",
  z.object({
    version: z.int(),
    status: z.enum(["draft", "published", "superseded"]),
    document: policySchema,
    note: z.string().nullable(),
    author: z.uuid().nullable(),
    createdAt: instant,
    publishedAt: instant.nullable(),
  }),
);

const problemSchema = registry.register(
  "Problem",
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
  }),
);

const page = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() });

interface Call {
  method: "get" | "post" | "put";
  path: string;
  summary: string;
  scope?: ApiScope;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodType;
  answers: Record<number, [description: string, schema: z.ZodType]>;
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

const CALLS: Call[] = [
  {
    method: "post",
    path: "/api/v1/decisions",
    summary: "Decide and record, whatever the verdict",
    scope: "decisions:write",
    headers: intent,
    body: decisionInputSchema,
    answers: { 201: ["Recorded, or recorded before under the same key", decisionSchema] },
    problems: [
      "malformed",
      "idempotency_key_required",
      "employee_required",
      "employee_suspended",
      "customer_not_found",
      "idempotency_mismatch",
      "too_large",
      "invalid",
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
    summary: "One decision with its ledger entries, handover and execution",
    scope: "decisions:read",
    params: z.object({ id: z.uuid() }),
    answers: { 200: ["The decision", wholeSchema] },
    problems: ["not_found"],
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
    path: "/api/v1/customers/{id}",
    summary: "One customer, by id or external reference",
    scope: "customers:read",
    params: byId,
    answers: { 200: ["The customer", customerSchema] },
    problems: ["not_found"],
  },
  {
    method: "put",
    path: "/api/v1/customers/{id}",
    summary: "Create or replace a customer by external reference",
    scope: "customers:write",
    params: byRef,
    body: customerInputSchema,
    answers: { 200: ["Replaced, or as it was", customerSchema], 201: ["Created", customerSchema] },
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
    query: pagingSchema.extend({ cursor: z.string().optional() }),
    answers: { 200: ["A page", page(policyVersionSchema)] },
    problems: ["invalid"],
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
        ? { body: { required: true, content: { "application/json": { schema: call.body } } } }
        : {}),
    },
    responses: {
      ...Object.fromEntries(
        Object.entries(call.answers).map(([status, [description, schema]]) => [
          status,
          { description, content: { "application/json": { schema } } },
        ]),
      ),
      ...problemResponses([...call.problems, ...common]),
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
