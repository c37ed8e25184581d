import { isId, leastIdAt } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { readDecisionInputs, toFacts } from "@/lib/decisions/inputs";
import type { DecisionFilter } from "@/lib/decisions/schema";
import type { Allowance, AllowanceLimit, DecisionStatus, DecisionView, Refusal } from "@/lib/decisions/types";
import { limitApplies } from "@/lib/discretion/applies";
import type { Limit, Remedy, Verdict, When } from "@/lib/discretion/schema";
import type { DecisionRequest, Explanation } from "@/lib/discretion/types";
import { addDays, startOfDay, windowEndInstant } from "@/lib/discretion/windows";

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

/** A decision as the floor and the desk list it, with the names of the people. */
export interface DecisionListItem extends DecisionView {
  id: string;
  cause: string | null;
  note: string | null;
  countedAmount: number | null;
  employeeName: string;
  customerName: string;
  orderRef: string | null;
  teamId: string | null;
}

interface ItemRow extends ViewRow {
  cause: string | null;
  note: string | null;
  countedAmount: bigint | null;
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

/** An instant as it is; a day as its first moment in the organization's time zone, or the first after it. */
function momentOf(value: string, timeZone: string, edge: "start" | "end"): number {
  if (value.length > 10) return Date.parse(value);
  return startOfDay(edge === "start" ? value : addDays(value, 1), timeZone);
}

/** The ids that a filter's words stand for; an unknown one matches nothing, as another organization's would. */
async function resolveFilter(organizationId: string, filter: DecisionFilter) {
  const db = tenantDb(organizationId);
  const nobody = "00000000-0000-0000-0000-000000000000";
  const byId = (value: string) => (isId(value) ? [{ id: value }] : []);
  const [employee, customer, team] = await Promise.all([
    filter.employee &&
      db.employee.findFirst({
        where: { organizationId, OR: [...byId(filter.employee), { email: filter.employee.toLowerCase() }] },
        select: { id: true },
      }),
    filter.customer &&
      db.customer.findFirst({
        where: { organizationId, OR: [...byId(filter.customer), { externalRef: filter.customer }] },
        select: { id: true },
      }),
    filter.team &&
      db.team.findFirst({
        where: { organizationId, OR: [...byId(filter.team), { key: filter.team }] },
        select: { id: true },
      }),
  ]);
  return {
    employeeId: filter.employee ? ((employee || null)?.id ?? nobody) : undefined,
    customerId: filter.customer ? ((customer || null)?.id ?? nobody) : undefined,
    teamId: filter.team ? ((team || null)?.id ?? nobody) : undefined,
  };
}

/**
 * Decisions, the newest first, as fast on the last page as on the first: pages follow the ids, which are in the order
 * of time. `cursor` is a page's `nextCursor`; `newer` turns round and reads towards the newest from there.
 */
export async function listDecisions(
  organizationId: string,
  filter: DecisionFilter,
  page: { limit: number; cursor?: string | null; newer?: boolean; timeZone: string },
): Promise<Page<DecisionListItem>> {
  const ids = await resolveFilter(organizationId, filter);
  const id: { lt?: string; gte?: string; gt?: string }[] = [];
  if (filter.from) id.push({ gte: leastIdAt(momentOf(filter.from, page.timeZone, "start")) });
  if (filter.to) id.push({ lt: leastIdAt(momentOf(filter.to, page.timeZone, "end")) });
  if (page.cursor) id.push(page.newer ? { gt: page.cursor } : { lt: page.cursor });
  const rows = await tenantDb(organizationId).decision.findMany({
    where: {
      organizationId,
      ...ids,
      verdict: filter.verdict,
      remedy: filter.remedy,
      cause: filter.cause,
      policyVersion: filter.policyVersion,
      amount: filter.minAmount === undefined ? undefined : { gte: filter.minAmount },
      AND: id.map((bound) => ({ id: bound })),
    },
    orderBy: { id: page.newer ? "asc" : "desc" },
    take: page.limit + 1,
    select: {
      ...VIEW,
      cause: true,
      note: true,
      countedAmount: true,
      teamId: true,
      employee: { select: { name: true } },
      customer: { select: { name: true } },
      order: { select: { externalRef: true } },
    },
  });
  const kept = rows.slice(0, page.limit);
  const more = rows.length > page.limit;
  if (page.newer) kept.reverse();
  const data = kept.map(toItem);
  const last = data.at(-1)?.id ?? null;
  return { data, nextCursor: more || page.newer ? last : null };
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
  createdAt: string;
}

/** A decision with everything that belongs to it. */
export interface DecisionDetail extends DecisionListItem {
  teamName: string | null;
  /** By what key it came in, when it wasn't the employee's own session. */
  apiKeyName: string | null;
  policyPublishedAt: string | null;
  case: { id: string; channel: string; happened: string; need: string | null; cause: string } | null;
  ledgerEntries: LedgerEntryView[];
  handover: {
    id: string;
    status: string;
    waitingFor: { id: string; name: string } | null;
    deadlineAt: string;
    answeredAt: string | null;
  } | null;
  execution: { status: "queued" | "by_hand" | "done" | "cancelled"; finishedAt: string | null } | null;
  timeline: { action: string; at: string; actor: string | null }[];
}

/** One decision with its ledger entries, handover, execution and timeline; null where the organization has none such. */
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
      handover: { include: { waitingForEmployee: { select: { id: true, name: true } } } },
      jobs: true,
    },
  });
  if (!row) return null;
  const [events, apiKey, team] = await Promise.all([
    db.auditEvent.findMany({
      where: { organizationId, subjectKind: "decision", subjectId: id },
      orderBy: { id: "asc" },
    }),
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
  ]);
  const job = row.jobs.find((j) => j.kind === "execute");
  const actorName = (kind: string) => {
    if (kind === "employee") return row.employee.name;
    return kind === "api_key" ? (apiKey?.name ?? null) : null;
  };
  return {
    ...toItem(row),
    teamName: team?.name ?? null,
    apiKeyName: apiKey?.name ?? null,
    policyPublishedAt: row.policy.publishedAt?.toISOString() ?? null,
    case: row.case && {
      id: row.case.id,
      channel: row.case.channel,
      happened: row.case.happened,
      need: row.case.need,
      cause: row.case.cause,
    },
    ledgerEntries: row.ledgerEntries.map(toLedgerEntry),
    handover: row.handover && {
      id: row.handover.id,
      status: row.handover.status,
      waitingFor: row.handover.waitingForEmployee,
      deadlineAt: row.handover.deadlineAt.toISOString(),
      answeredAt: row.handover.answeredAt?.toISOString() ?? null,
    },
    execution: job
      ? {
          status: job.status as NonNullable<DecisionDetail["execution"]>["status"],
          finishedAt: job.finishedAt?.toISOString() ?? null,
        }
      : null,
    timeline: events.map((event) => ({
      action: event.action,
      at: event.createdAt.toISOString(),
      actor: actorName(event.actorKind),
    })),
  };
}

function toLedgerEntry(entry: {
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
  createdAt: Date;
}): LedgerEntryView {
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
