import { mayEnter, roleHasScope } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import type { EmployeeActor } from "@/lib/auth/types";
import { readCauseNames } from "@/lib/causes/data";
import { findDecision, findDecisionView, listDecisions } from "@/lib/decisions/data";
import { hasQueue, mayAnswer } from "@/lib/handovers/ability";
import {
  countWaitingFor,
  findNewest,
  findQueueLine,
  findStory,
  listNews,
  listQueue,
} from "@/lib/handovers/data";
import { previewAnswer } from "@/lib/handovers/mutations";
import type {
  HandoverNews,
  HandoverStory,
  OpenRequest,
  QueueLine,
  QueuePage,
  SimilarCase,
} from "@/lib/handovers/types";
import { policyDocument } from "@/lib/policies/data";

/**
 * The queue of whoever is signed in, and the request that is open in it. Managers, admins and auditors see all that
 * waits; agents what waits for them.
 */
export async function loadQueue(asked: string | null): Promise<QueuePage> {
  const actor = await requireActor();
  const { organizationId, employeeId, role, timeZone, currency } = actor;
  const now = new Date();
  const seesAll = mayEnter(role, "floor");
  const [lines, causeNames] = await Promise.all([
    listQueue(organizationId, seesAll ? null : employeeId),
    readCauseNames(organizationId),
  ]);
  const isOwn = (line: QueueLine) => line.waitingFor?.id === employeeId;
  const own = bundled(lines.filter(isOwn));
  const holes = lines.filter(({ unanswerable }) => unanswerable !== null);
  const others = bundled(lines.filter((line) => !isOwn(line) && line.unanswerable === null));
  const chosen = asked === null ? null : await findChosen(actor, asked, lines);
  const line = chosen ?? own[0] ?? others[0] ?? holes[0] ?? null;
  const open = line && (await loadOpen(actor, line, lines, now));
  return {
    now: now.toISOString(),
    timeZone,
    currency,
    employeeId,
    causeNames,
    own,
    others,
    holes,
    open,
    isChosen: chosen !== null,
    seesFloor: seesAll,
    seesDesk: mayEnter(role, "desk"),
    mayPropose: hasQueue(role),
    mayEditPolicy: roleHasScope(role, "policies:write"),
  };
}

/** What waits for one customer from one person stands together, where the first of it stands. */
function bundled(lines: QueueLine[]): QueueLine[] {
  const bundles = new Map<string, QueueLine[]>();
  for (const line of lines) {
    const key = bundleOf(line);
    bundles.set(key, [...(bundles.get(key) ?? []), line]);
  }
  return [...bundles.values()].flat();
}

function bundleOf({ askedBy, customer }: QueueLine): string {
  return `${askedBy.id} ${customer.id}`;
}

/** The request that the address names; also one that was answered meanwhile, to whoever may see it. */
async function findChosen(
  actor: EmployeeActor,
  id: string,
  lines: readonly QueueLine[],
): Promise<QueueLine | null> {
  const listed = lines.find((line) => line.id === id);
  if (listed) return listed;
  const found = await findQueueLine(actor.organizationId, id);
  if (!found) return null;
  const wasTheirs = found.waitingFor?.id === actor.employeeId;
  return mayEnter(actor.role, "floor") || wasTheirs ? found : null;
}

async function loadOpen(
  actor: EmployeeActor,
  line: QueueLine,
  lines: readonly QueueLine[],
  now: Date,
): Promise<OpenRequest | null> {
  const { organizationId } = actor;
  const decision = await findDecision(organizationId, line.decision);
  if (!decision?.handover) return null;
  const [{ values }, answering, similar] = await Promise.all([
    policyDocument(organizationId, decision.policyVersion),
    readAnswering(actor, decision.handover, line, now),
    readSimilar(actor, line),
  ]);
  const answeringPolicy = answering && (await policyDocument(organizationId, answering.policyVersion));
  return {
    line,
    decision,
    handover: decision.handover,
    answering,
    values,
    answeringValues: answeringPolicy?.values ?? [],
    similar,
    others: lines.filter((other) => other.id !== line.id && bundleOf(other) === bundleOf(line)),
  };
}

async function readAnswering(actor: EmployeeActor, handover: HandoverStory, line: QueueLine, now: Date) {
  if (!mayAnswer(actor, { askedBy: line.askedBy.id, status: handover.status })) return null;
  if (Date.parse(handover.deadlineAt) <= now.getTime()) return null;
  const answer = await previewAnswer({ actor, handoverId: handover.id, amount: null, now });
  return answer.ok ? answer.preview : null;
}

const SIMILAR = 5;

/** The latest decisions with the same remedy for the same cause. */
async function readSimilar(
  { organizationId, timeZone }: EmployeeActor,
  { cause, remedy, decision }: QueueLine,
): Promise<SimilarCase[]> {
  if (cause === null) return [];
  const page = await listDecisions(organizationId, { cause, remedy }, { limit: SIMILAR + 1, timeZone });
  return page.data
    .filter(({ id }) => id !== decision)
    .slice(0, SIMILAR)
    .map((item) => ({
      id: item.id,
      amount: item.granted ?? item.amount,
      currency: item.currency,
      status: item.status,
      employee: item.employeeName,
      createdAt: item.createdAt,
    }));
}

/** What waits for whoever is signed in, and the one that came last, for the bar of every page. */
export async function loadWaiting(): Promise<{ count: number; newest: QueueLine | null }> {
  const { organizationId, employeeId, role } = await requireActor();
  if (role === "auditor") return { count: 0, newest: null };
  const [count, newest] = await Promise.all([
    countWaitingFor(organizationId, employeeId),
    findNewest(organizationId, employeeId),
  ]);
  return { count, newest };
}

/**
 * The handover of a decision as the desk tells it: a story of null where it has none. Null where the organization has no
 * such decision.
 */
export async function loadStory(
  { organizationId, timeZone }: EmployeeActor,
  decisionId: string,
): Promise<{ story: HandoverStory | null; timeZone: string } | null> {
  const story = await findStory(organizationId, decisionId);
  if (!story && !(await findDecisionView(organizationId, decisionId))) return null;
  return { story, timeZone };
}

/** What became of what the person handed over, since a moment. */
export async function loadNews(since: string | null): Promise<HandoverNews[]> {
  const { organizationId, employeeId } = await requireActor("desk");
  const from = new Date(since ?? "");
  return Number.isNaN(from.getTime()) ? [] : listNews(organizationId, employeeId, from);
}
