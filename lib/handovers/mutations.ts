import { type AuditActor, auditActor } from "@/lib/audit/mutations";
import type { ApiKeyActor, EmployeeActor } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { callRecording } from "@/lib/db/recording";
import { ATTEMPTS, type CounterWrite, holdsOf, toCounters, undoUntil } from "@/lib/decisions/decide";
import { type DecisionInputs, readDecisionInputs, toFacts } from "@/lib/decisions/inputs";
import { NOTE_REQUIRED } from "@/lib/decisions/schema";
import { evaluate } from "@/lib/discretion/evaluate";
import { REMEDIES_AT_COST, type Remedy } from "@/lib/discretion/schema";
import type { DecisionRequest, Evaluation, Facts } from "@/lib/discretion/types";
import { findHandover } from "@/lib/handovers/data";
import type { AnswerInput } from "@/lib/handovers/schema";
import type { AnswerHandover, AnswerPreview, HandoverRefusal } from "@/lib/handovers/types";

type Answering = EmployeeActor | ApiKeyActor;

const AMOUNT_REQUIRED = [{ path: "amount", message: "Give an amount above zero." }];

/** What the answer needs to know of the decision that waits. */
export interface Waiting {
  handoverId: string;
  decisionId: string;
  /** Whether it waits still; the database looks again when it is answered. */
  waits: boolean;
  askedBy: string;
  waitingFor: string | null;
  customerId: string;
  orderId: string | null;
  request: Omit<DecisionRequest, "rate">;
  createdAt: Date;
}

function answering(
  actor: Answering,
): { ok: true; id: string; role: EmployeeActor["role"] } | HandoverRefusal {
  const person =
    actor.kind === "employee"
      ? { id: actor.employeeId, role: actor.role, status: "active" as const }
      : actor.employee;
  if (person?.status !== "active" || person.role === "auditor") {
    return { ok: false, code: "not_allowed" };
  }
  return { ok: true, id: person.id, role: person.role };
}

/**
 * Answers a handover: grants it whole (`approve`) or with another amount (`adjust`), or not at all (`decline`).
 *
 * Only somebody whose own evaluation of the request is `allow` or `bend` grants it, under the policy in force now; what is
 * granted counts on their limits and on the asker's, in the windows of the day that it was asked for. A guardrail that
 * refuses it to the asker by now refuses it altogether. Nobody answers their own. The first answer stands.
 */
export async function answerHandover(options: {
  actor: Answering;
  handoverId: string;
  input: AnswerInput;
  now: Date;
}): Promise<AnswerHandover> {
  const { actor, handoverId, input, now } = options;
  const { organizationId } = actor;
  const person = answering(actor);
  if (!person.ok) return person;
  const waiting = await readWaiting(organizationId, handoverId);
  if (!waiting) return { ok: false, code: "handover_not_found" };
  if (waiting.askedBy === person.id) return { ok: false, code: "own_handover" };
  // What it was granted would count against whoever granted it, and hide that the answer stands.
  if (!waiting.waits) return toAnswer(organizationId, handoverId, "already");

  const common = {
    handoverId,
    answer: input.answer,
    by: person.id,
    actor: auditActor(actor),
    note: input.note,
    ...(input.customerWords ? { customerWords: input.customerWords, wordsId: newId(now) } : {}),
    at: now,
  };
  if (input.answer === "decline") {
    if (person.role === "agent" && waiting.waitingFor !== person.id)
      return { ok: false, code: "not_allowed" };
    const outcome = await record(organizationId, { ...common, eventId: newId(now) });
    if (isMoved(outcome)) throw new Error(`A declined handover answered ${outcome.outcome}.`);
    return toAnswer(organizationId, handoverId, outcome.outcome);
  }

  const amount = input.amount ?? waiting.request.amount;
  if (amount === 0 && !REMEDIES_AT_COST.includes(waiting.request.remedy)) {
    return { ok: false, code: "amount_required", errors: AMOUNT_REQUIRED };
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const granted = await considerGrant(organizationId, waiting, person.id, {
      amount,
      note: input.note,
      now,
    });
    if (!granted.ok) return granted;
    const outcome = await record(organizationId, {
      ...common,
      ...granted.grant,
      answer: amount === waiting.request.amount ? "approve" : "adjust",
      eventId: newId(now),
    });
    if (!isMoved(outcome)) return toAnswer(organizationId, handoverId, outcome.outcome);
  }
  return { ok: false, code: "busy" };
}

export type PreviewAnswer = { ok: true; preview: AnswerPreview } | HandoverRefusal;

/** The verdict that an answer would be based on right now, on the whole of what was asked or another amount. */
export async function previewAnswer(options: {
  actor: Answering;
  handoverId: string;
  /** Null: the whole. */
  amount: number | null;
  now: Date;
}): Promise<PreviewAnswer> {
  const { actor, handoverId, now } = options;
  const { organizationId } = actor;
  const person = answering(actor);
  if (!person.ok) return person;
  const waiting = await readWaiting(organizationId, handoverId);
  if (!waiting) return { ok: false, code: "handover_not_found" };
  if (waiting.askedBy === person.id) return { ok: false, code: "own_handover" };
  if (!waiting.waits) {
    const handover = await findHandover(organizationId, handoverId);
    if (!handover) throw new Error(`Handover ${handoverId} is gone.`);
    return { ok: false, code: "handover_answered", handover };
  }
  const amount = options.amount ?? waiting.request.amount;
  if (amount === 0 && !REMEDIES_AT_COST.includes(waiting.request.remedy)) {
    return { ok: false, code: "amount_required", errors: AMOUNT_REQUIRED };
  }
  const [answerer, asker] = await lookBoth(organizationId, waiting, person.id, { amount, note: null, now });
  const { verdict, noteRequired, explanation } = answerer.evaluation;
  return {
    ok: true,
    preview: {
      verdict,
      noteRequired,
      amount,
      currency: waiting.request.currency,
      policyVersion: answerer.inputs.policyVersion,
      explanation,
      deniedToAsker: asker.evaluation.verdict === "deny",
    },
  };
}

/** A handover as whoever answers it has to know it; null where the organization has none of that id. */
export async function readWaiting(organizationId: string, handoverId: string): Promise<Waiting | null> {
  const row = await tenantDb(organizationId).handover.findUnique({
    where: { organizationId_id: { organizationId, id: handoverId } },
    select: { status: true, askedBy: true, waitingFor: true, decision: true },
  });
  if (!row) return null;
  const { decision } = row;
  return {
    handoverId,
    decisionId: decision.id,
    waits: row.status === "waiting",
    askedBy: row.askedBy,
    waitingFor: row.waitingFor,
    customerId: decision.customerId,
    orderId: decision.orderId,
    createdAt: decision.createdAt,
    request: {
      remedy: decision.remedy as Remedy,
      amount: Number(decision.amount),
      currency: decision.currency,
      note: decision.note,
      caseId: decision.caseId,
      cause: decision.cause,
      channel: decision.channel,
      at: decision.createdAt.getTime(),
    },
  };
}

export interface Seen {
  inputs: DecisionInputs;
  request: DecisionRequest;
  facts: Facts;
  evaluation: Evaluation;
  employee: NonNullable<DecisionInputs["employee"]>;
  customerId: string;
}

/** The request as it looks for one person, without what it holds itself. */
export async function look(
  organizationId: string,
  waiting: Waiting,
  employeeId: string,
  asked: { amount: number; note: string | null; now: Date },
): Promise<Seen> {
  const inputs = await readDecisionInputs({
    organizationId,
    employeeId,
    customer: waiting.customerId,
    order: waiting.orderId,
    currency: waiting.request.currency,
    at: asked.now,
    countsAt: waiting.createdAt,
    answered: waiting.decisionId,
    caseId: waiting.request.caseId ?? null,
  });
  if (!inputs?.employee || !inputs.customer)
    throw new Error(`Handover ${waiting.handoverId} lost its people.`);
  const request = { ...waiting.request, amount: asked.amount, note: asked.note, rate: inputs.rate };
  const facts = toFacts(inputs.employee, inputs.customer, inputs);
  const evaluation = evaluate(inputs.policy, request, facts, inputs.usage);
  return { inputs, request, facts, evaluation, employee: inputs.employee, customerId: inputs.customer.id };
}

/** As it looks for who answers, and for who asked. */
function lookBoth(
  organizationId: string,
  waiting: Waiting,
  answererId: string,
  asked: { amount: number; note: string | null; now: Date },
): Promise<[answerer: Seen, asker: Seen]> {
  return Promise.all([
    look(organizationId, waiting, answererId, asked),
    look(organizationId, waiting, waiting.askedBy, { ...asked, note: waiting.request.note ?? null }),
  ]);
}

/** What is recorded of a grant: what the answerer's evaluation was based on, and what counts on whom. */
interface Grant {
  amount: number;
  countedAmount: number | null;
  explanation: Evaluation["explanation"];
  policyVersion: number;
  teamId: string | null;
  askerVersion: number;
  askerTeamId: string | null;
  versionsInForce: number[];
  customerId: string;
  counters: (CounterWrite & { askers: boolean })[];
  job: { id: string; runAt: Date };
}

async function considerGrant(
  organizationId: string,
  waiting: Waiting,
  answererId: string,
  asked: { amount: number; note: string; now: Date },
): Promise<{ ok: true; grant: Grant } | HandoverRefusal> {
  const [answerer, asker] = await lookBoth(organizationId, waiting, answererId, asked);
  if (asker.evaluation.verdict === "deny") {
    return { ok: false, code: "denied_now", explanation: asker.evaluation.explanation };
  }
  const { verdict, explanation, noteRequired, counted } = answerer.evaluation;
  if (verdict === "handover" || verdict === "deny") {
    return { ok: false, code: "beyond_own_limits", explanation };
  }
  if (noteRequired) {
    return { ok: false, code: "note_required", errors: [{ path: "note", message: NOTE_REQUIRED }] };
  }
  return {
    ok: true,
    grant: {
      amount: asked.amount,
      countedAmount: counted,
      explanation,
      policyVersion: answerer.inputs.policyVersion,
      teamId: answerer.employee.teamId,
      askerVersion: asker.inputs.policyVersion,
      askerTeamId: asker.employee.teamId,
      versionsInForce: answerer.inputs.versionsInForce,
      customerId: answerer.customerId,
      counters: countersOf(answerer, asker),
      job: { id: newId(asked.now), runAt: undoUntil(asked.now, answerer.inputs) },
    },
  };
}

/** One write for each counter, the tighter guard of the two where both count on it. */
function countersOf(answerer: Seen, asker: Seen): Grant["counters"] {
  const both = toCounters([...holdsOf(answerer), ...holdsOf(asker)], answerer.evaluation.counted);
  const own = new Set(toCounters(holdsOf(answerer), answerer.evaluation.counted).map(keyOf));
  return both.map((write) => ({
    ...write,
    limitIds: [...new Set(write.limitIds)],
    askers: !own.has(keyOf(write)),
  }));
}

function keyOf({ definition, scopeKey, bucket }: CounterWrite): string {
  return JSON.stringify([definition, scopeKey, bucket]);
}

/** What was to be recorded was no longer so: a limit ran full, or another policy came into force. */
type Moved = { outcome: "policy_changed" } | { outcome: "full"; definition: string };
type Outcome = { outcome: Told } | Moved;

function isMoved(outcome: Outcome): outcome is Moved {
  return outcome.outcome === "full" || outcome.outcome === "policy_changed";
}

async function record(organizationId: string, answer: object): Promise<Outcome> {
  const { outcome } = await callRecording<{ outcome: Outcome }>({
    name: "answer_with_words",
    text: "select answer_with_words($1, $2) as outcome",
    values: [organizationId, JSON.stringify(answer)],
  });
  return outcome;
}

/** What the database says of a step of a handover. */
type Told = keyof typeof MEANING;

/** Taken: the step is done. Answered: an answer stands already. Else why there was no step. */
const MEANING = {
  answered: "taken",
  asked: "taken",
  given: "taken",
  withdrawn: "taken",
  already: "answered",
  missing: "handover_not_found",
  own: "own_handover",
  expired: "handover_expired",
  not_allowed: "not_allowed",
  asked_already: "asked_already",
  not_asked: "not_asked",
} as const satisfies Record<string, "taken" | "answered" | HandoverRefusal["code"]>;

/** What came of a step: the handover as it is now, whoever took it, or why not. */
async function toAnswer(organizationId: string, id: string, told: Told): Promise<AnswerHandover> {
  const meaning = MEANING[told];
  if (meaning !== "taken" && meaning !== "answered") return { ok: false, code: meaning };
  const handover = await findHandover(organizationId, id);
  if (!handover) throw new Error(`Handover ${id} is gone.`);
  return meaning === "taken" ? { ok: true, handover } : { ok: false, code: "handover_answered", handover };
}

/** The same of a step that is no answer: there, an answer is what stands in its way. */
function toStep(organizationId: string, id: string, told: Told): Promise<AnswerHandover> {
  return toAnswer(organizationId, id, told === "answered" ? "already" : told);
}

/**
 * Asks whoever handed over for more facts. The clock stands meanwhile, and whoever asks has it. Whoever may answer may
 * ask; an agent only what waits for them.
 */
export async function askBack(options: {
  actor: Answering;
  handoverId: string;
  question: string;
  now: Date;
}): Promise<AnswerHandover> {
  const { actor, handoverId, now } = options;
  const { organizationId } = actor;
  const person = answering(actor);
  if (!person.ok) return person;
  if (person.role === "agent") {
    const waiting = await readWaiting(organizationId, handoverId);
    if (waiting && waiting.askedBy !== person.id && waiting.waitingFor !== person.id) {
      return { ok: false, code: "not_allowed" };
    }
  }
  const { outcome } = await callRecording<{
    outcome: { outcome: Told };
  }>({
    text: "select ask_back($1, $2, $3, $4, $5, $6, $7, $8) as outcome",
    values: [
      ...[organizationId, handoverId, person.id, JSON.stringify(auditActor(actor)), newId(now)],
      ...[options.question, newId(now), now],
    ],
  });
  return toStep(organizationId, handoverId, outcome.outcome);
}

/** Gives the facts that were asked for, by who handed over; the clock runs on, and whoever asked is told. */
export async function giveFacts(options: {
  organizationId: string;
  handoverId: string;
  employeeId: string;
  facts: string;
  actor: AuditActor;
  now: Date;
}): Promise<AnswerHandover> {
  const { organizationId, handoverId, now } = options;
  const { outcome } = await callRecording<{
    outcome: { outcome: Told };
  }>({
    text: "select give_facts($1, $2, $3, $4, $5, $6, $7, $8) as outcome",
    values: [
      ...[organizationId, handoverId, options.employeeId, JSON.stringify(options.actor), newId(now)],
      ...[options.facts, newId(now), now],
    ],
  });
  return toStep(organizationId, handoverId, outcome.outcome);
}

/** Takes a handover back, by who asked, while it waits; what it held is free again. */
export async function withdrawHandover(options: {
  organizationId: string;
  handoverId: string;
  employeeId: string;
  actor: AuditActor;
  now: Date;
}): Promise<AnswerHandover> {
  const { organizationId, handoverId, now } = options;
  const { outcome } = await callRecording<{
    outcome: { outcome: Told };
  }>({
    text: "select withdraw_handover($1, $2, $3, $4, $5, $6) as outcome",
    values: [organizationId, handoverId, options.employeeId, JSON.stringify(options.actor), newId(now), now],
  });
  return toStep(organizationId, handoverId, outcome.outcome);
}
