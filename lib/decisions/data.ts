import type pg from "pg";
import { findCauseName } from "@/lib/causes/data";
import { instantOf, isId, leastIdAt } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { type Conditions, conditionsOf, conjunction } from "@/lib/decisions/filters";
import { readDecisionInputs, toFacts } from "@/lib/decisions/inputs";
import type { DecisionFilter } from "@/lib/decisions/schema";
import { type StatementPage, walkByTime } from "@/lib/decisions/stretches";
import { type TimelineEvent, toTimeline } from "@/lib/decisions/timeline";
import type {
  Allowance,
  AllowanceLimit,
  DecidedView,
  DecisionStatus,
  DecisionView,
  Refusal,
} from "@/lib/decisions/types";
import { limitApplies } from "@/lib/discretion/applies";
import type { Limit, Remedy, Verdict, When } from "@/lib/discretion/schema";
import type { DecisionRequest, Explanation } from "@/lib/discretion/types";
import { DAY_MS, windowEndInstant } from "@/lib/discretion/windows";
import { notBegun, settledNote, toExecution, whyUnknown } from "@/lib/execution/data";
import type { ExecutionView } from "@/lib/execution/types";
import { STORY, toStory } from "@/lib/handovers/data";
import type { HandoverStory } from "@/lib/handovers/types";
import type { ReversalKind, ReversalStory } from "@/lib/reversals/types";
import { listReviews } from "@/lib/reviews/data";
import type { ReviewStory } from "@/lib/reviews/types";
import { readSurveyAnswer } from "@/lib/surveys/data";
import type { SurveyAnswer } from "@/lib/surveys/types";

const VIEW = {
  id: true,
  verdict: true,
  status: true,
  remedy: true,
  amount: true,
  currency: true,
  employeeId: true,
  customerId: true,
  orderId: true,
  policyVersion: true,
  createdAt: true,
  explanation: true,
} as const;

interface ViewRow {
  id: string;
  verdict: string;
  status: string;
  remedy: string;
  amount: bigint;
  currency: string;
  employeeId: string;
  customerId: string;
  orderId: string | null;
  policyVersion: number;
  createdAt: Date;
  explanation: unknown;
}

/** The row as its readers know it. The casts are what the table's CHECKs promise. */
function toView(row: ViewRow): DecisionView {
  return {
    id: row.id,
    verdict: row.verdict as Verdict,
    status: row.status as DecisionStatus,
    remedy: row.remedy as Remedy,
    amount: Number(row.amount),
    currency: row.currency,
    employee: row.employeeId,
    customer: row.customerId,
    order: row.orderId,
    policyVersion: row.policyVersion,
    createdAt: row.createdAt.toISOString(),
    explanation: row.explanation as Explanation,
  };
}

/** One decision, or null where the organization has none of that id. */
export async function findDecisionView(organizationId: string, id: string): Promise<DecisionView | null> {
  if (!isId(id)) return null;
  const row = await tenantDb(organizationId).decision.findUnique({
    where: { organizationId_id: { organizationId, id } },
    select: VIEW,
  });
  return row ? toView(row) : null;
}

/** One decision as it was answered when it was taken, but for its status; null where there is none of that id. */
export async function findDecided(organizationId: string, id: string): Promise<DecidedView | null> {
  const row = await tenantDb(organizationId).decision.findUnique({
    where: { organizationId_id: { organizationId, id } },
    select: { ...VIEW, jobs: { where: { kind: "execute" }, select: { runAt: true } } },
  });
  if (!row) return null;
  const view = toView(row);
  const given = view.verdict === "allow" || view.verdict === "bend";
  return { ...view, undoUntil: given ? (row.jobs[0]?.runAt.toISOString() ?? null) : null };
}

/**
 * The case of one of an employee's decisions, and whose it is, as the record that stands for them by now; null where
 * there is no such decision of theirs, or it belongs to no case.
 */
export async function findCaseOf(
  organizationId: string,
  employeeId: string,
  decisionId: string,
): Promise<{ id: string; cause: string; channel: string; customerId: string } | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ id: string; cause: string; channel: string; customerId: string }>(
      `select c.id, c.cause, c.channel, standing_customer($1, d.customer_id) as "customerId"
       from decisions d join cases c on c.organization_id = $1 and c.id = d.case_id
       where d.organization_id = $1 and d.id = $2 and d.employee_id = $3`,
      [organizationId, decisionId, employeeId],
    ),
  );
  return rows[0] ?? null;
}

/** A decision as the floor and the desk list it, with the names of the people. */
export interface DecisionListItem extends DecisionView {
  id: string;
  cause: string | null;
  note: string | null;
  countedAmount: number | null;
  /** What was granted of a handover; null where it was none, or nothing is granted. */
  granted: number | null;
  employeeName: string;
  customerName: string;
  orderRef: string | null;
  teamId: string | null;
}

interface ItemRow extends ViewRow {
  cause: string | null;
  note: string | null;
  countedAmount: bigint | null;
  handover: { grantedAmount: bigint | null } | null;
  teamId: string | null;
  employee: { name: string };
  customer: { name: string };
  order: { externalRef: string } | null;
}

function toItem(row: ItemRow): DecisionListItem {
  return {
    ...toView(row),
    id: row.id,
    cause: row.cause,
    note: row.note,
    countedAmount: row.countedAmount === null ? null : Number(row.countedAmount),
    granted: typeof row.handover?.grantedAmount === "bigint" ? Number(row.handover.grantedAmount) : null,
    teamId: row.teamId,
    employeeName: row.employee.name,
    customerName: row.customer.name,
    orderRef: row.order?.externalRef ?? null,
  };
}

export interface Page<T> {
  data: T[];
  /** Goes on towards the older ones; null at the end. */
  nextCursor: string | null;
}

/** A clock that was set back makes an event look older than what it is about. */
const CLOCK_MS = DAY_MS;

/** How long the API looks for rows that may not be there before a page is enough; the next one goes on from there. */
const PATIENCE_MS = 1_000;

/**
 * Decisions, the newest first, as fast on the last page as on the first: pages follow the ids, which are in the order
 * of time. `cursor` is a page's `nextCursor`. A page is full where there are so many, but for filters that have to look into
 * each row: where those match little, it holds what was found after a while.
 */
export async function listDecisions(
  organizationId: string,
  filter: DecisionFilter,
  page: { limit: number; cursor?: string | null; timeZone: string },
): Promise<Page<DecisionListItem>> {
  const base = await conditionsOf(organizationId, filter, page.timeZone);
  const { rows, next } = await walkByTime(
    organizationId,
    base,
    {
      ...{ sort: "newest", limit: page.limit, after: page.cursor ?? null },
      patienceMs: base.dear.length > 0 ? PATIENCE_MS : Number.POSITIVE_INFINITY,
      readRows: (client, part) => readIds(client, organizationId, base, part),
    },
    (work) => withTenant(organizationId, work),
  );
  return { data: await readItems(organizationId, rows), nextCursor: next };
}

async function readIds(
  client: pg.PoolClient,
  organizationId: string,
  base: Conditions,
  part: StatementPage,
): Promise<{ id: string }[]> {
  const { where, values } = conjunction(organizationId, base, part);
  const { rows } = await client.query<{ id: string }>(
    `select d.id from decisions d where ${where} order by ${part.order} limit ${part.limit}`,
    values,
  );
  return rows;
}

async function readItems(
  organizationId: string,
  rows: readonly { id: string }[],
): Promise<DecisionListItem[]> {
  if (rows.length === 0) return [];
  const items = await tenantDb(organizationId).decision.findMany({
    where: { organizationId, id: { in: rows.map(({ id }) => id) } },
    orderBy: { id: "desc" },
    select: {
      ...VIEW,
      cause: true,
      note: true,
      countedAmount: true,
      handover: { select: { grantedAmount: true } },
      teamId: true,
      employee: { select: { name: true } },
      customer: { select: { name: true } },
      order: { select: { externalRef: true } },
    },
  });
  return items.map(toItem);
}

export interface LedgerEntryView {
  seq: number;
  kind: "post" | "reserve" | "commit" | "release" | "reverse";
  limitIds: string[];
  definition: string;
  scopeKey: string;
  /** First local day of the window that was counted in; null where it never begins anew. */
  windowFrom: string | null;
  amount: number;
  count: number;
  amountBefore: { posted: number; reserved: number };
  amountAfter: { posted: number; reserved: number };
  countBefore: { posted: number; reserved: number };
  countAfter: { posted: number; reserved: number };
  /** The decision's status before and after the step that the entry belongs to. */
  statusBefore: DecisionStatus | "asked";
  statusAfter: DecisionStatus;
  /** The event that wrote it. */
  event: { id: string; action: string | null };
  createdAt: string;
}

/** A decision with everything that belongs to it. */
export interface DecisionDetail extends DecisionListItem {
  teamName: string | null;
  /** What the catalogue of causes calls its cause, or what that is on record as; null without one. */
  causeName: string | null;
  /** By what key it came in, when it wasn't the employee's own session. */
  apiKeyName: string | null;
  policyPublishedAt: string | null;
  case: { id: string; channel: string; happened: string; need: string | null; cause: string } | null;
  ledgerEntries: LedgerEntryView[];
  handover: HandoverStory | null;
  execution: ExecutionView | null;
  /** Why nobody knows what came of its execution: for the floor, it may speak of settings. Null once somebody does. */
  whyUnknown: string | null;
  /** Until when it can be undone: nobody begins to carry it out before. Null where it can't be. */
  undoUntil: string | null;
  reversal: ReversalStory | null;
  /** What the customer said of the case; null where they said nothing, or nobody told. */
  survey: SurveyAnswer | null;
  reviews: ReviewStory[];
  timeline: TimelineEvent[];
}

/** One decision with its ledger entries, handover, execution, reversal and timeline; null where the organization has none such. */
export async function findDecision(organizationId: string, id: string): Promise<DecisionDetail | null> {
  if (!isId(id)) return null;
  const db = tenantDb(organizationId);
  const row = await db.decision.findUnique({
    where: { organizationId_id: { organizationId, id } },
    include: {
      employee: { select: { name: true, team: { select: { id: true, name: true } } } },
      customer: { select: { name: true } },
      order: { select: { externalRef: true } },
      case: true,
      policy: { select: { publishedAt: true } },
      ledgerEntries: { orderBy: { seq: "asc" } },
      handover: { include: STORY },
      reversal: { include: { reversedByEmployee: { select: { id: true, name: true } } } },
      jobs: true,
      execution: true,
    },
  });
  if (!row) return null;
  const [events, reviews, apiKey, team, causeName, survey] = await Promise.all([
    db.auditEvent.findMany({
      where: {
        ...{ organizationId, subjectKind: "decision", subjectId: id },
        id: { gte: leastIdAt(instantOf(id) - CLOCK_MS) },
      },
      orderBy: { id: "asc" },
    }),
    listReviews(organizationId, id),
    row.apiKeyId
      ? db.apiKey.findUnique({
          where: { organizationId_id: { organizationId, id: row.apiKeyId } },
          select: { name: true },
        })
      : null,
    row.teamId
      ? db.team.findUnique({
          where: { organizationId_id: { organizationId, id: row.teamId } },
          select: { name: true },
        })
      : null,
    row.cause === null ? null : findCauseName(organizationId, row.cause),
    readSurveyAnswer(organizationId, id),
  ]);
  const job = row.jobs.find((j) => j.kind === "execute");
  return {
    ...toItem(row),
    teamName: team?.name ?? null,
    causeName: causeName ?? row.cause,
    apiKeyName: apiKey?.name ?? null,
    policyPublishedAt: row.policy.publishedAt?.toISOString() ?? null,
    case: row.case && {
      id: row.case.id,
      channel: row.case.channel,
      happened: row.case.happened,
      need: row.case.need,
      cause: row.case.cause,
    },
    ledgerEntries: row.ledgerEntries.map((entry) =>
      toLedgerEntry(entry, events.find((event) => event.id === entry.eventId)?.action ?? null),
    ),
    handover: row.handover && toStory(row.handover),
    execution: row.execution ? toExecution(row.execution) : job ? notBegun(job) : null,
    whyUnknown: row.execution && whyUnknown(row.execution),
    undoUntil: row.status === "posted" && job?.status === "queued" ? job.runAt.toISOString() : null,
    reversal: row.reversal && {
      kind: row.reversal.kind as ReversalKind,
      reason: row.reversal.reason,
      reversedBy: row.reversal.reversedByEmployee,
      createdAt: row.reversal.createdAt.toISOString(),
    },
    survey,
    reviews,
    timeline: await toTimeline(organizationId, events, row.execution && settledNote(row.execution)),
  };
}

interface LedgerRow {
  seq: number;
  kind: string;
  limitIds: string[];
  definition: string;
  scopeKey: string;
  bucket: Date;
  amount: bigint;
  count: number;
  postedAmountBefore: bigint;
  postedAmountAfter: bigint;
  reservedAmountBefore: bigint;
  reservedAmountAfter: bigint;
  postedCountBefore: bigint;
  postedCountAfter: bigint;
  reservedCountBefore: bigint;
  reservedCountAfter: bigint;
  statusBefore: string;
  statusAfter: string;
  eventId: string;
  createdAt: Date;
}

function toLedgerEntry(entry: LedgerRow, action: string | null): LedgerEntryView {
  const bucket = entry.bucket.toISOString().slice(0, 10);
  return {
    seq: entry.seq,
    kind: entry.kind as LedgerEntryView["kind"],
    limitIds: entry.limitIds,
    definition: entry.definition,
    scopeKey: entry.scopeKey,
    windowFrom: bucket === "0001-01-01" ? null : bucket,
    amount: Number(entry.amount),
    count: entry.count,
    amountBefore: { posted: Number(entry.postedAmountBefore), reserved: Number(entry.reservedAmountBefore) },
    amountAfter: { posted: Number(entry.postedAmountAfter), reserved: Number(entry.reservedAmountAfter) },
    countBefore: { posted: Number(entry.postedCountBefore), reserved: Number(entry.reservedCountBefore) },
    countAfter: { posted: Number(entry.postedCountAfter), reserved: Number(entry.reservedCountAfter) },
    statusBefore: entry.statusBefore as LedgerEntryView["statusBefore"],
    statusAfter: entry.statusAfter as DecisionStatus,
    event: { id: entry.eventId, action },
    createdAt: entry.createdAt.toISOString(),
  };
}

/** What depends on the gesture that is chosen, so that a limit with it can't bound "what you may still give". */
const OF_THE_GESTURE: readonly (keyof When)[] = [
  "remedies",
  "causes",
  "channels",
  "amount",
  "orderAgeDays",
  "hasOrder",
  "hasOpenDispute",
];

function isConditional(limit: Limit): boolean {
  return (
    limit.scope.includes("order") || OF_THE_GESTURE.some((condition) => limit.when?.[condition] !== undefined)
  );
}

/** What an employee can still give a customer now, limit by limit. Amounts are minor units of the policy's currency. */
export async function readAllowance(query: {
  organizationId: string;
  employeeId: string;
  customer: string;
  now: Date;
}): Promise<{ ok: true; allowance: Allowance } | Refusal> {
  const inputs = await readDecisionInputs({ ...query, at: query.now });
  if (!inputs) return { ok: false, code: "no_policy", errors: [] };
  const { employee, customer, policy } = inputs;
  if (!employee) return { ok: false, code: "employee_not_found", errors: [] };
  if (!customer) return { ok: false, code: "customer_not_found", errors: [] };
  const facts = toFacts(employee, customer, inputs);
  const request: DecisionRequest = {
    remedy: "credit",
    amount: 0,
    currency: policy.currency,
    at: query.now.getTime(),
  };

  const limits = policy.limits
    .filter((limit) => limit.window !== "decision" && limit.window !== "case")
    .filter((limit) => isConditional(limit) || limitApplies(limit, policy, request, facts))
    .filter((limit) => appliesToPerson(limit, policy, request, facts))
    .map((limit): AllowanceLimit => {
      const used = inputs.usage[limit.id];
      const posted = (limit.measure === "amount" ? used?.postedAmount : used?.postedCount) ?? 0;
      const reserved = (limit.measure === "amount" ? used?.reservedAmount : used?.reservedCount) ?? 0;
      const end = windowEndInstant(limit.window, query.now.getTime(), policy.timeZone);
      return {
        id: limit.id,
        scope: limit.scope,
        window: limit.window,
        measure: limit.measure,
        max: limit.max,
        used: posted + reserved,
        reserved,
        left: Math.max(0, limit.max - posted - reserved),
        over: limit.over,
        conditional: isConditional(limit),
        why: limit.why,
        say: limit.say,
        // A rolling window gives back day by day, so it has no one moment to begin anew.
        resetsAt: end === null || typeof limit.window === "object" ? null : new Date(end).toISOString(),
      };
    });

  // A guideline can be bent with a reason, so it is no bound.
  const bounding = limits.filter((l) => !l.conditional && l.measure === "amount" && l.over !== "bend");
  const exhausted = limits.find(
    (l) => !l.conditional && l.measure === "count" && l.over !== "bend" && l.left === 0,
  );
  const least = bounding.reduce<AllowanceLimit | null>(
    (a, b) => (a === null || b.left < a.left ? b : a),
    null,
  );
  const binding = exhausted ?? least;
  return {
    ok: true,
    allowance: {
      customer: customer.id,
      employee: employee.id,
      currency: policy.currency,
      policyVersion: inputs.policyVersion,
      available: exhausted ? 0 : (least?.left ?? null),
      binding: binding?.id ?? null,
      limits,
    },
  };
}

/** Whether a limit is about this person and customer at all, whatever the gesture. */
function appliesToPerson(
  limit: Limit,
  policy: Parameters<typeof limitApplies>[1],
  request: DecisionRequest,
  facts: Parameters<typeof limitApplies>[3],
): boolean {
  const { roles, teams, tiers, tenureDays } = limit.when ?? {};
  const when: When = { roles, teams, tiers, tenureDays };
  const scope = limit.scope.filter((member) => member !== "order");
  return limitApplies({ ...limit, scope, when }, policy, request, facts);
}
