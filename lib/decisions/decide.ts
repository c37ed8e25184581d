import { createHash } from "node:crypto";
import type { ApiKeyActor, EmployeeActor } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { findDecisionView } from "@/lib/decisions/data";
import { type DecisionInputs, readDecisionInputs, toFacts } from "@/lib/decisions/inputs";
import { type DecisionInput, NOTE_REQUIRED } from "@/lib/decisions/schema";
import type {
  DecideAnswer,
  DecisionStatus,
  DecisionView,
  FieldError,
  PreviewAnswer,
  Refusal,
  RefusalCode,
} from "@/lib/decisions/types";
import { countingHolds, evaluate } from "@/lib/discretion/evaluate";
import { REMEDIES_AT_COST, type Verdict } from "@/lib/discretion/schema";
import type { DecisionRequest, Evaluation, Facts, Hold } from "@/lib/discretion/types";
import { localDay } from "@/lib/discretion/windows";

/** Who may decide: somebody signed in, or a key that acts for an employee. */
export type DecidingActor = EmployeeActor | ApiKeyActor;

/** How often a verdict is worked out again because a limit ran full or another policy came into force meanwhile. */
const ATTEMPTS = 12;

function refuse(code: RefusalCode, ...errors: FieldError[]): Refusal {
  return { ok: false, code, errors };
}

/** The employee who decides: the actor, or whom the key acts for. */
function decidingEmployee(actor: DecidingActor): { ok: true; id: string } | Refusal {
  if (actor.kind === "employee") {
    return actor.role === "auditor" ? refuse("not_allowed") : { ok: true, id: actor.employeeId };
  }
  if (!actor.employee) return refuse("employee_not_found");
  if (actor.employee.status !== "active") return refuse("employee_suspended");
  return actor.employee.role === "auditor" ? refuse("not_allowed") : { ok: true, id: actor.employee.id };
}

interface Considered {
  ok: true;
  inputs: DecisionInputs;
  employee: NonNullable<DecisionInputs["employee"]>;
  request: DecisionRequest;
  facts: Facts;
  evaluation: Evaluation;
}

/** Works out the verdict on what was read, or says why there is none. */
function consider(
  inputs: DecisionInputs,
  input: DecisionInput,
  caseId: string | null,
  at: Date,
): Considered | Refusal {
  const { employee, customer, order } = inputs;
  if (!employee) return refuse("employee_not_found");
  if (employee.status !== "active") return refuse("employee_suspended");
  if (!customer) {
    return refuse("customer_not_found", { path: "customer", message: "There is no such customer here." });
  }
  if (input.order && !order) {
    return refuse("order_not_found", { path: "order", message: "There is no such order here." });
  }
  if (order && order.customerId !== customer.id) {
    return refuse("order_of_another_customer", {
      path: "order",
      message: "This order belongs to another customer. Choose one of this customer's.",
    });
  }
  if (order && input.remedy === "refund" && order.currency !== input.currency) {
    return refuse("currency_mismatch", {
      path: "currency",
      message: `The order was paid in ${order.currency}: refund it in ${order.currency}.`,
    });
  }
  if (input.amount === 0 && !REMEDIES_AT_COST.includes(input.remedy)) {
    return refuse("amount_required", { path: "amount", message: "Give an amount above zero." });
  }
  const request: DecisionRequest = {
    remedy: input.remedy,
    amount: input.amount,
    currency: input.currency,
    rate: inputs.rate,
    note: input.note || null,
    caseId,
    cause: input.case?.cause ?? null,
    channel: input.case?.channel ?? null,
    at: at.getTime(),
  };
  const facts = toFacts(employee, customer, inputs);
  return {
    ok: true,
    inputs,
    employee,
    request,
    facts,
    evaluation: evaluate(inputs.policy, request, facts, inputs.usage),
  };
}

const STATUS_OF: Record<Verdict, DecisionStatus> = {
  allow: "posted",
  bend: "posted",
  handover: "reserved",
  deny: "refused",
};

function toView(id: string | null, considered: Considered, at: Date): DecisionView {
  const { request, facts, evaluation, inputs } = considered;
  return {
    id,
    verdict: evaluation.verdict,
    status: STATUS_OF[evaluation.verdict],
    remedy: request.remedy,
    amount: request.amount,
    currency: request.currency,
    employee: facts.employee.id,
    customer: facts.customer.id,
    order: facts.order?.id ?? null,
    policyVersion: inputs.policyVersion,
    createdAt: at.toISOString(),
    explanation: evaluation.explanation,
  };
}

/**
 * The answer that `decide` would give right now. Writes nothing. A bend without a written reason is answered too,
 * marked `noteRequired`, so that the desk can show what it is about while the reason is being typed.
 */
export async function preview(options: {
  actor: DecidingActor;
  input: DecisionInput;
  now: Date;
}): Promise<PreviewAnswer> {
  const employee = decidingEmployee(options.actor);
  if (!employee.ok) return employee;
  const inputs = await readDecisionInputs({
    organizationId: options.actor.organizationId,
    employeeId: employee.id,
    customer: options.input.customer,
    order: options.input.order,
    currency: options.input.currency,
    at: options.now,
  });
  if (!inputs) return refuse("no_policy");
  const considered = consider(
    inputs,
    options.input,
    options.input.case ? newId(options.now) : null,
    options.now,
  );
  if (!considered.ok) return considered;
  const view = toView(null, considered, options.now);
  return { ok: true, decision: { ...view, noteRequired: considered.evaluation.noteRequired } };
}

/**
 * Decides a request and records the decision, whatever its verdict, exactly once per idempotency key and employee.
 *
 * The verdict that is recorded was true at the moment of recording: a limit that ran full between reading and writing
 * undoes the whole, and the request is evaluated again with fresh usage. `now` is the moment of the decision.
 */
export async function decide(options: {
  actor: DecidingActor;
  input: DecisionInput;
  idempotencyKey: string;
  now: Date;
}): Promise<DecideAnswer> {
  const { actor, input, idempotencyKey, now } = options;
  const { organizationId } = actor;
  const employee = decidingEmployee(actor);
  if (!employee.ok) return employee;
  const requestHash = hashOf(input);
  const caseId = input.case ? newId(now) : null;

  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const inputs = await readDecisionInputs({
      organizationId,
      employeeId: employee.id,
      customer: input.customer,
      order: input.order,
      currency: input.currency,
      idempotencyKey,
      at: now,
    });
    if (!inputs) return refuse("no_policy");
    if (inputs.replay) {
      return inputs.replay.hash === requestHash
        ? replayed(organizationId, inputs.replay.decisionId)
        : refuse("idempotency_mismatch");
    }
    const considered = consider(inputs, input, caseId, now);
    if (!considered.ok) return considered;
    if (considered.evaluation.noteRequired) {
      return refuse("note_required", { path: "note", message: NOTE_REQUIRED });
    }

    const id = newId(now);
    const outcome = await record({ id, actor, considered, input, idempotencyKey, requestHash, now });
    switch (outcome.outcome) {
      case "recorded":
        return { ok: true, replayed: false, decision: toView(id, considered, now) };
      case "replayed":
        return replayed(organizationId, outcome.decisionId);
      case "mismatch":
        return refuse("idempotency_mismatch");
      case "full":
      case "policy_changed":
        continue;
      default:
        throw new Error(`record_decision answered ${JSON.stringify(outcome satisfies never)}.`);
    }
  }
  return refuse("busy");
}

/** The stored answer: as it was given, so with the status that the verdict had then. */
async function replayed(organizationId: string, decisionId: string): Promise<DecideAnswer> {
  const decision = await findDecisionView(organizationId, decisionId);
  if (!decision) throw new Error(`Decision ${decisionId} is gone.`);
  return { ok: true, replayed: true, decision: { ...decision, status: STATUS_OF[decision.verdict] } };
}

type RecordOutcome =
  | { outcome: "recorded" }
  | { outcome: "replayed"; decisionId: string }
  | { outcome: "mismatch" }
  | { outcome: "policy_changed" }
  | { outcome: "full"; definition: string };

async function record(entry: {
  id: string;
  actor: DecidingActor;
  considered: Considered;
  input: DecisionInput;
  idempotencyKey: string;
  requestHash: string;
  now: Date;
}): Promise<RecordOutcome> {
  const { id, actor, considered, input, now } = entry;
  const { inputs, employee, request, facts, evaluation } = considered;
  const status = STATUS_OF[evaluation.verdict];
  const deadlineAt = new Date(now.getTime() + inputs.organization.handoverMinutes * 60_000);
  const { counted } = evaluation;
  const decision = {
    id,
    employeeId: employee.id,
    teamId: employee.teamId,
    customerId: facts.customer.id,
    orderId: facts.order?.id ?? null,
    caseId: request.caseId,
    case: input.case ?? null,
    remedy: request.remedy,
    amount: request.amount,
    currency: request.currency,
    countedAmount: counted,
    verdict: evaluation.verdict,
    status,
    note: request.note,
    cause: request.cause,
    channel: request.channel,
    policyVersion: inputs.policyVersion,
    explanation: evaluation.explanation,
    facts,
    apiKeyId: actor.kind === "api_key" ? actor.apiKeyId : null,
    at: now,
    day: localDay(request.at, inputs.organization.timeZone),
    versionsInForce: inputs.versionsInForce,
    counters: status === "refused" ? [] : toCounters(holdsOf(considered), counted),
    handover: status === "reserved" ? { id: newId(now), waitingFor: waitingFor(employee), deadlineAt } : null,
    job:
      status === "refused"
        ? null
        : {
            id: newId(now),
            kind: status === "posted" ? "execute" : "expire_handover",
            runAt: status === "posted" ? now : deadlineAt,
          },
    auditId: newId(now),
  };
  const { rows } = await pool().query<{ outcome: RecordOutcome }>({
    name: "record_decision",
    text: "select record_decision($1, $2, $3, $4) as outcome",
    values: [actor.organizationId, entry.idempotencyKey, entry.requestHash, JSON.stringify(decision)],
  });
  const outcome = rows[0]?.outcome;
  if (!outcome) throw new Error("record_decision gave no row.");
  return outcome;
}

/** The asker's line manager, who is nearest; nobody in particular where there is none. */
function waitingFor(employee: { id: string; managerId: string | null }): string | null {
  return employee.managerId === employee.id ? null : employee.managerId;
}

interface CounterWrite {
  definition: string;
  scopeKey: string;
  bucket: string;
  rollingFrom: string | null;
  limitIds: string[];
  amount: number;
  guardAmount: number | null;
  guardCount: number | null;
}

function least(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

/** What the decision counts on: under its own policy, guarded; under every other that is in force, without a guard. */
function holdsOf({ evaluation, inputs, request, facts }: Considered): Hold[] {
  const beside = inputs.policiesBeside.flatMap((policy) => countingHolds(policy, request, facts));
  const own = new Set(evaluation.holds.map(({ counter }) => counter.definition));
  return [...evaluation.holds, ...beside.filter(({ counter }) => !own.has(counter.definition))];
}

/** One write for each counter: limits that count the same share one, and the tightest guard of each measure holds. */
export function toCounters(holds: readonly Hold[], countedAmount: number | null): CounterWrite[] {
  const writes = new Map<string, CounterWrite>();
  for (const { counter, limitId, measure, asked, guardMax } of holds) {
    const key = JSON.stringify([counter.definition, counter.scopeKey, counter.bucket]);
    const write = writes.get(key) ?? {
      definition: counter.definition,
      scopeKey: counter.scopeKey,
      bucket: counter.bucket,
      rollingFrom: counter.rollingFrom,
      limitIds: [],
      amount: measure === "amount" ? asked : (countedAmount ?? 0),
      guardAmount: null,
      guardCount: null,
    };
    write.limitIds.push(limitId);
    if (measure === "amount") write.guardAmount = least(write.guardAmount, guardMax);
    else write.guardCount = least(write.guardCount, guardMax);
    writes.set(key, write);
  }
  return [...writes.values()];
}

/** A digest of what was asked, the same for the same request however its JSON was written. */
export function hashOf(input: DecisionInput): string {
  return createHash("sha256").update(canonical(input)).digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined && member !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
