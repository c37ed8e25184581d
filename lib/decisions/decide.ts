import { createHash } from "node:crypto";
import type { ApiKeyActor, EmployeeActor } from "@/lib/auth/types";
import { demandsNote } from "@/lib/causes/data";
import { newId } from "@/lib/db/ids";
import { callRecording } from "@/lib/db/recording";
import { findCaseOf, findDecided } from "@/lib/decisions/data";
import { type DecisionInputs, readDecisionInputs, toFacts } from "@/lib/decisions/inputs";
import { CAUSE_NOTE_REQUIRED, type DecisionInput, NOTE_REQUIRED } from "@/lib/decisions/schema";
import type {
  DecideAnswer,
  DecidedView,
  DecisionStatus,
  DecisionView,
  FieldError,
  PreviewAnswer,
  PreviewView,
  Refusal,
  RefusalCode,
  TogetherAnswer,
} from "@/lib/decisions/types";
import { type CountersInMemory, createCountersInMemory } from "@/lib/discretion/counters-in-memory";
import { countingHolds, evaluate, isReason } from "@/lib/discretion/evaluate";
import { REMEDIES_AT_COST, type Verdict } from "@/lib/discretion/schema";
import type { DecisionRequest, Evaluation, Facts, Hold, Usage, Used } from "@/lib/discretion/types";
import { localDay } from "@/lib/discretion/windows";
import { log } from "@/lib/log";
import { countDecide } from "@/lib/metrics/registry";

/** Who may decide: somebody signed in, or a key that acts for an employee. */
export type DecidingActor = EmployeeActor | ApiKeyActor;

/** How often a verdict is worked out again because a limit ran full or another policy came into force meanwhile. */
export const ATTEMPTS = 12;

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

/** The case that a request belongs to: a new one, or that of an earlier decision. */
interface TheCase {
  id: string;
  cause: string;
  channel: string;
  /** Whose case it is, as the record that stands for them; null for a new one, which is of whom the request names. */
  customerId: string | null;
}

const CASE_NOT_FOUND: FieldError = {
  path: "caseOf",
  message: "There is no such decision of yours with a case of this customer.",
};

/** The case of a request; null where it tells of none. */
async function caseOf(
  organizationId: string,
  employeeId: string,
  input: DecisionInput,
  at: Date,
): Promise<{ ok: true; theCase: TheCase | null } | Refusal> {
  if (input.caseOf) {
    const theCase = await findCaseOf(organizationId, employeeId, input.caseOf);
    return theCase ? { ok: true, theCase } : refuse("case_not_found", CASE_NOT_FOUND);
  }
  if (!input.case) return { ok: true, theCase: null };
  const { cause, channel } = input.case;
  return { ok: true, theCase: { id: newId(at), cause, channel, customerId: null } };
}

/** What requests before this one, which are only asked about, would have counted. */
interface SeenBefore {
  usageFor(request: DecisionRequest, facts: Facts): Usage;
  refundsOf(orderId: string): { refunded: number; reserved: number };
}

function add(usage: Usage, more: Usage): Usage {
  const sum: Record<string, Used> = { ...usage };
  for (const [limitId, used] of Object.entries(more)) {
    const before = sum[limitId];
    sum[limitId] = before
      ? {
          postedAmount: before.postedAmount + used.postedAmount,
          reservedAmount: before.reservedAmount + used.reservedAmount,
          postedCount: before.postedCount + used.postedCount,
          reservedCount: before.reservedCount + used.reservedCount,
        }
      : used;
  }
  return sum;
}

/** The facts with what those requests would have taken from the order. */
function factsAfter(facts: Facts, before: SeenBefore): Facts {
  if (!facts.order) return facts;
  const { refunded, reserved } = before.refundsOf(facts.order.id);
  const { order } = facts;
  return {
    ...facts,
    order: { ...order, refunded: order.refunded + refunded, reserved: order.reserved + reserved },
  };
}

/** Works out the verdict on what was read, or says why there is none. */
function consider(
  inputs: DecisionInputs,
  input: DecisionInput,
  theCase: TheCase | null,
  at: Date,
  before: SeenBefore | null = null,
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
  if (theCase?.customerId && theCase.customerId !== customer.id) {
    return refuse("case_not_found", CASE_NOT_FOUND);
  }
  const request: DecisionRequest = {
    remedy: input.remedy,
    amount: input.amount,
    currency: input.currency,
    rate: inputs.rate,
    note: input.note || null,
    caseId: theCase?.id ?? null,
    cause: theCase?.cause ?? null,
    channel: theCase?.channel ?? null,
    at: at.getTime(),
  };
  const known = toFacts(employee, customer, inputs);
  const facts = before ? factsAfter(known, before) : known;
  const usage = before ? add(inputs.usage, before.usageFor(request, facts)) : inputs.usage;
  return {
    ok: true,
    inputs,
    employee,
    request,
    facts,
    evaluation: evaluate(inputs.policy, request, facts, usage),
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

function toDecided(id: string, considered: Considered, at: Date): DecidedView {
  const view = toView(id, considered, at);
  const undoable = view.status === "posted";
  return { ...view, undoUntil: undoable ? undoUntil(at, considered.inputs).toISOString() : null };
}

/** What a request is decided on: with the other decisions of its case, where it names one of them. */
function inputsOf(
  organizationId: string,
  employeeId: string,
  input: DecisionInput,
  theCase: TheCase | null,
  at: Date,
  idempotencyKey?: string,
): Promise<DecisionInputs | null> {
  return readDecisionInputs({
    organizationId,
    employeeId,
    customer: input.customer,
    order: input.order,
    currency: input.currency,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    at,
    caseId: input.caseOf ? theCase?.id : null,
  });
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
  const { actor, input, now } = options;
  const told = await caseOf(actor.organizationId, employee.id, input, now);
  if (!told.ok) return told;
  const inputs = await inputsOf(actor.organizationId, employee.id, input, told.theCase, now);
  if (!inputs) return refuse("no_policy");
  const considered = consider(inputs, input, told.theCase, now);
  if (!considered.ok) return considered;
  const noteRequired = considered.evaluation.noteRequired || (await lacksNote(actor, input, considered));
  return { ok: true, decision: { ...toView(null, considered, now), noteRequired } };
}

/**
 * What several requests of one case would come to if they were decided one after the other: each is evaluated with what
 * the ones before it would count. Writes nothing. The first that cannot be evaluated is the answer.
 */
export async function previewTogether(options: {
  actor: DecidingActor;
  inputs: readonly DecisionInput[];
  now: Date;
}): Promise<TogetherAnswer> {
  const { actor, now } = options;
  const employee = decidingEmployee(actor);
  if (!employee.ok) return employee;
  let counters: CountersInMemory | null = null;
  let shared: TheCase | null = null;
  const decisions: PreviewView[] = [];
  for (const input of options.inputs) {
    const told = await caseOf(actor.organizationId, employee.id, input, now);
    if (!told.ok) return told;
    // They are of one case, so what counts by case counts all of them.
    shared ??= told.theCase;
    const theCase = told.theCase && shared ? { ...told.theCase, id: shared.id } : null;
    const inputs = await inputsOf(actor.organizationId, employee.id, input, told.theCase, now);
    if (!inputs) return refuse("no_policy");
    counters ??= createCountersInMemory(inputs.policy);
    const considered = consider(inputs, input, theCase, now, counters);
    if (!considered.ok) return considered;
    const { evaluation } = considered;
    counters.count(evaluation.holds, evaluation.verdict === "handover" ? "reserved" : "posted");
    const isFirst = decisions.length === 0;
    const noteRequired = evaluation.noteRequired || (isFirst && (await lacksNote(actor, input, considered)));
    decisions.push({ ...toView(null, considered, now), noteRequired });
  }
  return { ok: true, decisions };
}

/**
 * Whether somebody on the desk has yet to write why, because the cause of their case asks for it. A system that decides
 * by a key names causes as it likes, and a further remedy of a case has the reason of the first.
 */
async function lacksNote(
  actor: DecidingActor,
  input: DecisionInput,
  { evaluation }: Considered,
): Promise<boolean> {
  if (actor.kind !== "employee" || !input.case || evaluation.verdict === "deny" || isReason(input.note))
    return false;
  return demandsNote(actor.organizationId, input.case.cause);
}

interface Deciding {
  actor: DecidingActor;
  input: DecisionInput;
  idempotencyKey: string;
  now: Date;
  /** What was just read for this very request, where it was; what is evaluated again is read anew. */
  inputs?: DecisionInputs | null;
}

/**
 * Decides a request and records the decision, whatever its verdict, exactly once per idempotency key and employee.
 *
 * The verdict that is recorded was true at the moment of recording: a limit that ran full between reading and writing
 * undoes the whole, and the request is evaluated again with fresh usage. `now` is the moment of the decision.
 */
export async function decide(options: Deciding): Promise<DecideAnswer> {
  const begun = performance.now();
  const answered = await decideAndRecord(options);
  const outcome = !answered.ok ? answered.code : answered.replayed ? "replayed" : answered.decision.verdict;
  const ms = performance.now() - begun;
  countDecide(outcome, ms);
  const decision = answered.ok ? answered.decision.id : null;
  log.debug({ organization: options.actor.organizationId, decision, outcome, ms }, "a request was decided");
  return answered;
}

async function decideAndRecord(options: Deciding): Promise<DecideAnswer> {
  const { actor, input, idempotencyKey, now } = options;
  const { organizationId } = actor;
  const employee = decidingEmployee(actor);
  if (!employee.ok) return employee;
  const requestHash = hashOf(input);
  const told = await caseOf(organizationId, employee.id, input, now);
  if (!told.ok) return told;

  // What was read for the request knows nothing of the other decisions of its case.
  let read = input.caseOf ? null : (options.inputs ?? null);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const inputs =
      read ?? (await inputsOf(organizationId, employee.id, input, told.theCase, now, idempotencyKey));
    read = null;
    if (!inputs) return refuse("no_policy");
    if (inputs.replay) {
      return inputs.replay.hash === requestHash
        ? replayed(organizationId, inputs.replay.decisionId)
        : refuse("idempotency_mismatch");
    }
    const considered = consider(inputs, input, told.theCase, now);
    if (!considered.ok) return considered;
    if (considered.evaluation.noteRequired) {
      return refuse("note_required", { path: "note", message: NOTE_REQUIRED });
    }
    if (await lacksNote(actor, input, considered)) {
      return refuse("note_required", { path: "note", message: CAUSE_NOTE_REQUIRED });
    }

    const id = newId(now);
    const outcome = await record(
      toRecordCall({ id, actor, considered, input, idempotencyKey, requestHash, now }),
    );
    switch (outcome.outcome) {
      case "recorded":
        return { ok: true, replayed: false, decision: toDecided(id, considered, now) };
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

/**
 * The call that `decide` would record this request with, for who measures the recording by itself. Throws where the
 * request is refused.
 */
export async function prepareRecord(options: {
  actor: DecidingActor;
  input: DecisionInput;
  idempotencyKey: string;
  now: Date;
}): Promise<RecordCall> {
  const { actor, input, idempotencyKey, now } = options;
  const employee = decidingEmployee(actor);
  const inputs = employee.ok ? await inputsOf(actor.organizationId, employee.id, input, null, now) : null;
  const considered = inputs && consider(inputs, input, null, now);
  if (!considered?.ok) throw new Error("This request can't be decided.");
  const id = newId(now);
  return toRecordCall({ id, actor, considered, input, idempotencyKey, requestHash: hashOf(input), now });
}

/** The stored answer: as it was given, so with the status that the verdict had then. */
async function replayed(organizationId: string, decisionId: string): Promise<DecideAnswer> {
  const decision = await findDecided(organizationId, decisionId);
  if (!decision) throw new Error(`Decision ${decisionId} is gone.`);
  return { ok: true, replayed: true, decision: { ...decision, status: STATUS_OF[decision.verdict] } };
}

type RecordOutcome =
  | { outcome: "recorded" }
  | { outcome: "replayed"; decisionId: string }
  | { outcome: "mismatch" }
  | { outcome: "policy_changed" }
  | { outcome: "full"; definition: string };

interface Entry {
  id: string;
  actor: DecidingActor;
  considered: Considered;
  input: DecisionInput;
  idempotencyKey: string;
  requestHash: string;
  now: Date;
}

/** What `record_decision` is called with: the organization, the key, the request's hash, and all of the decision. */
type RecordCall = [organizationId: string, key: string, requestHash: string, decision: string];

function toRecordCall(entry: Entry): RecordCall {
  const { id, actor, considered, input, now } = entry;
  const { inputs, employee, request, facts, evaluation } = considered;
  const status = STATUS_OF[evaluation.verdict];
  const { handoverMinutes } = inputs.organization;
  const deadlineAt = new Date(now.getTime() + handoverMinutes * 60_000);
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
            runAt: status === "posted" ? undoUntil(now, inputs) : deadlineAt,
          },
    auditId: newId(now),
  };
  return [actor.organizationId, entry.idempotencyKey, entry.requestHash, JSON.stringify(decision)];
}

/** Records what was worked out, in one round trip. */
export async function record(call: RecordCall): Promise<RecordOutcome> {
  const { outcome } = await callRecording<{ outcome: RecordOutcome }>({
    name: "record_decision",
    text: "select record_decision($1, $2, $3, $4) as outcome",
    values: call,
  });
  return outcome;
}

/** Until when a decision can be undone: nobody begins to carry it out before. */
export function undoUntil(at: Date, { organization }: Pick<DecisionInputs, "organization">): Date {
  return new Date(at.getTime() + organization.undoSeconds * 1_000);
}

/** The asker's line manager, who is nearest; nobody in particular where there is none. */
function waitingFor(employee: { id: string; managerId: string | null }): string | null {
  return employee.managerId === employee.id ? null : employee.managerId;
}

export interface CounterWrite {
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
export function holdsOf({
  evaluation,
  inputs,
  request,
  facts,
}: Pick<Considered, "evaluation" | "inputs" | "request" | "facts">): Hold[] {
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
