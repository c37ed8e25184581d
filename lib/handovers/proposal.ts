import type { ApiKeyActor, EmployeeActor } from "@/lib/auth/types";
import { tenantDb } from "@/lib/db/prisma";
import { readDecisionInputs } from "@/lib/decisions/inputs";
import type { FieldError } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";
import type { DecisionRequest, Explanation, Facts } from "@/lib/discretion/types";
import { proposingAuthor } from "@/lib/handovers/ability";
import { type RaisedLimit, raiseLimits } from "@/lib/handovers/raised-limits";
import { timeZoneOf } from "@/lib/organizations/data";
import { type Author, proposeDraft } from "@/lib/policies/mutations";
import { requestSimulation } from "@/lib/simulations/mutations";

/** A draft under which a request need not have been handed over. */
export interface Proposal {
  version: number;
  /** The replay of history under it, which was asked for; null where there is nothing to replay. */
  simulation: string | null;
  limits: RaisedLimit[];
}

export type ProposeLimits =
  | { ok: true; proposal: Proposal }
  | { ok: false; code: "handover_not_found" | "not_allowed" | "no_limit_to_raise" | "no_policy" }
  | { ok: false; code: "invalid"; errors: FieldError[] };

/**
 * "Next time you need not ask": makes a draft of the policy in force for who asked, with the smallest limits that would
 * have let this handover pass, and asks for its simulation. Once for each handover: asked again, it is the same draft, unless
 * that was thrown away. A manager or an admin does; an admin publishes it, or not.
 */
export async function proposeLimits(options: {
  actor: EmployeeActor | ApiKeyActor;
  handoverId: string;
  now: Date;
}): Promise<ProposeLimits> {
  const { actor, handoverId, now } = options;
  const { organizationId } = actor;
  const writer = proposingAuthor(actor);
  if (!writer) return { ok: false, code: "not_allowed" };
  const row = await tenantDb(organizationId).handover.findUnique({
    where: { organizationId_id: { organizationId, id: handoverId } },
    select: { askedBy: true, decision: true },
  });
  if (!row) return { ok: false, code: "handover_not_found" };
  const before = await findProposal(organizationId, handoverId);
  if (before) return withSimulation(actor, writer, before, now);
  const { decision } = row;
  const inputs = await readDecisionInputs({
    organizationId,
    employeeId: row.askedBy,
    customer: decision.customerId,
    order: decision.orderId,
    currency: decision.currency,
    at: now,
    countsAt: decision.createdAt,
    answered: decision.id,
  });
  if (!inputs) return { ok: false, code: "no_policy" };
  const request: DecisionRequest = {
    remedy: decision.remedy as Remedy,
    amount: Number(decision.amount),
    currency: decision.currency,
    note: decision.note,
    caseId: decision.caseId,
    cause: decision.cause,
    channel: decision.channel,
    at: decision.createdAt.getTime(),
    rate: inputs.rate,
  };
  const explanation = decision.explanation as unknown as Explanation;
  // As they were then: what was granted since is in the way of no repetition.
  const facts = decision.facts as unknown as Facts;
  const raised = raiseLimits(inputs.policy, explanation, request, facts);
  if (!raised) return { ok: false, code: "no_limit_to_raise" };
  const saved = await proposeDraft({
    organizationId,
    handoverId,
    limits: raised.limits,
    base: inputs.policyVersion,
    document: raised.policy,
    note: noteOf(raised.limits),
    author: writer,
    now,
  });
  if (!saved.ok) return saved;
  const proposed = saved.isNew
    ? { version: saved.version, limits: raised.limits }
    : await findProposal(organizationId, handoverId);
  // Thrown away in the very moment between.
  if (!proposed) return { ok: false, code: "no_limit_to_raise" };
  return withSimulation(actor, writer, proposed, now);
}

type Proposed = Pick<Proposal, "version" | "limits">;

/** The draft that a handover led to already; null where there is none, or it was thrown away. */
async function findProposal(organizationId: string, handoverId: string): Promise<Proposed | null> {
  const row = await tenantDb(organizationId).handoverProposal.findFirst({
    where: { organizationId, handoverId, policy: { status: { not: "discarded" } } },
    select: { version: true, limits: true },
  });
  return row && { version: row.version, limits: row.limits as unknown as RaisedLimit[] };
}

/** A proposal with the replay of history under it: the first that was asked for, or one that is asked for now. */
async function withSimulation(
  actor: EmployeeActor | ApiKeyActor,
  { employeeId }: Author,
  { version, limits }: Proposed,
  now: Date,
): Promise<ProposeLimits> {
  const { organizationId } = actor;
  const asked = await tenantDb(organizationId).policySimulation.findFirst({
    where: { organizationId, version },
    orderBy: { id: "asc" },
    select: { id: true },
  });
  if (asked) return { ok: true, proposal: { version, simulation: asked.id, limits } };
  const timeZone = await timeZoneOf(actor);
  const request = { organizationId, version, span: {}, timeZone, askedBy: employeeId, now };
  const queued = await requestSimulation(request);
  return { ok: true, proposal: { version, simulation: queued.ok ? queued.id : null, limits } };
}

/** Says in the draft what it came from, without a word about anybody. */
function noteOf(limits: readonly RaisedLimit[]): string {
  const ids = limits.map(({ id }) => id).join(", ");
  return `Next time nobody need ask: ${ids} as far as an answered handover needed.`;
}
