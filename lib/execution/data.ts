import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type { SettledNote } from "@/lib/decisions/timeline";
import { REMEDIES, type Remedy } from "@/lib/discretion/schema";
import { DAY_MS } from "@/lib/discretion/windows";
import {
  type FailureCode,
  type Instruction,
  PROVIDER_KINDS,
  type ProviderKind,
} from "@/lib/execution/provider";
import type { ByHandFilter, ListShown } from "@/lib/execution/schema";
import type {
  ExecutionNumbers,
  ExecutionState,
  ExecutionView,
  FailedExecution,
  OpenExecution,
  ProviderChoice,
  ProviderHealth,
  ReversalState,
} from "@/lib/execution/types";

/** What a provider is told of a decision: as it was told before or, the first time, as it is granted and as its records stand now. */
export async function readInstruction(
  organizationId: string,
  decisionId: string,
): Promise<Instruction | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{
      remedy: Remedy;
      amount: string;
      currency: string;
      customer: { id: string; externalRef: string | null };
      order: Instruction["order"];
      kept: Instruction | null;
    }>(
      `select d.remedy, coalesce(h.granted_amount, d.amount) as amount, d.currency,
         jsonb_build_object('id', c.id, 'externalRef', c.external_ref, 'paymentRef', c.payment_ref) as customer,
         case when o.id is not null then jsonb_build_object('id', o.id, 'externalRef', o.external_ref,
           'paymentRef', o.payment_ref) end as "order", x.instruction as kept
       from decisions d
       join customers c on c.organization_id = $1 and c.id = standing_customer($1, d.customer_id)
       left join handovers h on h.organization_id = $1 and h.decision_id = d.id
       left join orders o on o.organization_id = $1 and o.id = d.order_id
       left join executions x on x.organization_id = $1 and x.decision_id = d.id
       where d.organization_id = $1 and d.id = $2`,
      [organizationId, decisionId],
    ),
  );
  const [row] = rows;
  if (!row) return null;
  const { kept, ...fresh } = row;
  return kept ?? { organizationId, decisionId, ...fresh, amount: Number(fresh.amount) };
}

interface ExecutionRow {
  provider: string;
  status: string;
  attempt: number;
  reference: string | null;
  failureCode: string | null;
  failureDetail: string | null;
  reversalStatus: string;
  reversalReference: string | null;
  reversalCode: string | null;
  reversalDetail: string | null;
  ownerId: string | null;
  dueAt: Date | null;
  begunAt: Date;
  movedAt: Date;
  finishedAt: Date | null;
}

/** An execution as REST and the pages show it. */
export function toExecution(row: ExecutionRow): ExecutionView {
  return {
    status: row.status as ExecutionState,
    provider: row.provider as ProviderKind,
    attempt: row.attempt,
    reference: row.reference,
    failure: row.failureCode ? { code: row.failureCode as FailureCode, detail: row.failureDetail } : null,
    begunAt: row.begunAt.toISOString(),
    movedAt: row.movedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    dueAt: row.dueAt?.toISOString() ?? null,
    reversal:
      row.reversalStatus === "not_needed"
        ? null
        : {
            status: row.reversalStatus as ReversalState,
            reference: row.reversalReference,
            failure: row.reversalCode
              ? { code: row.reversalCode as FailureCode, detail: row.reversalDetail }
              : null,
          },
  };
}

/** Why nobody knows what came of it, for those who look after it; null once somebody does. */
export function whyUnknown(row: Pick<ExecutionRow, "status" | "failureDetail">): string | null {
  return row.status === "unknown" ? row.failureDetail : null;
}

/** What a person said came of it last, for the history; null where nobody had to. */
export function settledNote(
  row: Pick<ExecutionRow, "failureDetail" | "reversalDetail"> & {
    settledAt: Date | null;
    settledOf: string | null;
  },
): SettledNote | null {
  if (!row.settledAt) return null;
  const of = row.settledOf === "reversal" ? "reversal" : "execution";
  return { at: row.settledAt, of, reason: of === "execution" ? row.failureDetail : row.reversalDetail };
}

/** What nobody has begun with, or what was undone before anybody did. */
export function notBegun(job: { status: string; finishedAt: Date | null }): ExecutionView {
  return {
    status: job.status === "cancelled" ? "cancelled" : "queued",
    provider: null,
    attempt: 0,
    reference: null,
    failure: null,
    begunAt: null,
    movedAt: null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
    dueAt: null,
    reversal: null,
  };
}

interface OpenRow {
  decision_id: string;
  of: OpenExecution["of"];
  status: OpenExecution["status"];
  provider: ProviderKind;
  remedy: Remedy;
  amount: string;
  currency: string;
  customer: OpenExecution["customer"];
  employee: OpenExecution["employee"];
  owner: OpenExecution["owner"];
  settler: string | null;
  settled_at: Date | null;
  code: FailureCode | null;
  detail: string | null;
  reference: string | null;
  begun_at: Date;
  moved_at: Date;
  due_at: Date | null;
  next_look_at: Date | null;
}

/** Executions and reversals of executions as rows of one shape; what follows picks among `o`. */
const OPEN = `
  select o.*, jsonb_build_object('id', c.id, 'name', c.name) as customer,
    jsonb_build_object('id', e.id, 'name', e.name) as employee,
    case when w.id is not null then jsonb_build_object('id', w.id, 'name', w.name) end as owner, p.name as settler
  from (
    select x.decision_id, 'execution' as of, x.status, x.provider, x.remedy, x.amount, x.currency, x.failure_code as code,
      x.failure_detail as detail, x.reference, x.begun_at, x.moved_at, x.due_at, x.owner_id, x.next_look_at,
      case x.settled_of when 'execution' then x.settled_by end as settled_by, case x.settled_of when 'execution' then x.settled_at end as settled_at
    from executions x
    where x.organization_id = $1 and (x.status in ('processing', 'pending', 'unknown', 'by_hand') or (x.status = 'failed' and x.moved_at > $2)
      or (x.settled_of = 'execution' and x.settled_at > $2 and x.provider <> 'by_hand'))
    union all
    select x.decision_id, 'reversal', x.reversal_status, x.provider, x.remedy, x.amount, x.currency, x.reversal_code, x.reversal_detail,
      x.reversal_reference, x.begun_at, x.moved_at, x.due_at, x.owner_id, x.next_look_at,
      case x.settled_of when 'reversal' then x.settled_by end, case x.settled_of when 'reversal' then x.settled_at end
    from executions x
    where x.organization_id = $1 and (x.reversal_status in ('queued', 'processing', 'pending', 'unknown', 'by_hand')
      or (x.reversal_status = 'failed' and x.moved_at > $2)
      or (x.settled_of = 'reversal' and x.settled_at > $2 and x.provider <> 'by_hand'))
  ) as o
  join decisions d on d.organization_id = $1 and d.id = o.decision_id
  join customers c on c.organization_id = $1 and c.id = standing_customer($1, d.customer_id)
  join employees e on e.organization_id = $1 and e.id = d.employee_id
  left join employees w on w.organization_id = $1 and w.id = o.owner_id
  left join employees p on p.organization_id = $1 and p.id = o.settled_by`;

function toOpen(row: OpenRow): OpenExecution {
  return {
    decisionId: row.decision_id,
    of: row.of,
    status: row.status,
    provider: row.provider,
    remedy: row.remedy,
    amount: Number(row.amount),
    currency: row.currency,
    customer: row.customer,
    employee: row.employee,
    owner: row.owner,
    failure: row.code ? { code: row.code, detail: row.detail } : null,
    why: row.status === "unknown" ? row.detail : null,
    stopped: row.status === "unknown" && row.next_look_at === null,
    reference: row.reference,
    settled:
      row.settler && row.settled_at
        ? { by: row.settler, at: row.settled_at.toISOString(), reason: row.detail }
        : null,
    begunAt: row.begun_at.toISOString(),
    movedAt: row.moved_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
  };
}

/** How long what failed, and what people said came of it, is listed. */
const FAILED_MS = 30 * DAY_MS;

const SHOWN: Record<Exclude<ListShown, "settled">, readonly string[]> = {
  open: ["queued", "processing", "pending", "unknown", "by_hand"],
  pending: ["queued", "processing", "pending"],
  unknown: ["unknown"],
  failed: ["failed"],
  by_hand: ["by_hand"],
};

/** What is open, the oldest first; what failed lately, or what people said came of, the newest first. */
export async function listExecutions(
  organizationId: string,
  options: { show: ListShown; limit: number; now: Date },
): Promise<OpenExecution[]> {
  const { show, limit, now } = options;
  const [which, order] =
    show === "settled"
      ? ["o.settled_at > $2 and o.provider <> 'by_hand' and $3::text[] is null", "o.settled_at desc"]
      : ["o.status = any ($3)", show === "failed" ? "o.moved_at desc" : "o.begun_at"];
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<OpenRow>(`${OPEN} where ${which} order by ${order}, o.decision_id limit $4`, [
      ...[organizationId, new Date(now.getTime() - FAILED_MS)],
      ...[show === "settled" ? null : SHOWN[show], limit],
    ]),
  );
  return rows.map(toOpen);
}

/** What people are to do, what is due first first. */
export async function listByHand(
  organizationId: string,
  options: ByHandFilter & { employeeId: string; limit: number; now: Date },
): Promise<OpenExecution[]> {
  const { owner, due, employeeId, limit, now } = options;
  const until = due === "overdue" ? now : due === "today" ? new Date(now.getTime() + DAY_MS) : null;
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<OpenRow>(
      `${OPEN} where o.status = 'by_hand' and ($3::timestamptz is null or o.due_at <= $3)
         and case $4 when 'me' then o.owner_id = $5 when 'nobody' then o.owner_id is null else true end
       order by o.due_at nulls last, o.decision_id limit $6`,
      [organizationId, new Date(now.getTime() - FAILED_MS), until, owner, employeeId, limit],
    ),
  );
  return rows.map(toOpen);
}

/** What somebody sees to by hand, what is due first first. */
export async function listOwned(
  organizationId: string,
  employeeId: string,
  { limit, now }: { limit: number; now: Date },
): Promise<OpenExecution[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<OpenRow>(
      `${OPEN} where o.status = 'by_hand' and o.owner_id = $3 order by o.due_at nulls last, o.decision_id limit $4`,
      [organizationId, new Date(now.getTime() - FAILED_MS), employeeId, limit],
    ),
  );
  return rows.map(toOpen);
}

/** How many there are of each kind on the list of what is open or failed. */
export async function countExecutions(organizationId: string, now: Date): Promise<Record<ListShown, number>> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ status: string; count: string }>(
      `select status, sum(count) as count from (
         select status, count(*) from executions where organization_id = $1
           and (status in ('processing', 'pending', 'unknown', 'by_hand') or (status = 'failed' and moved_at > $2)) group by 1
         union all
         select reversal_status, count(*) from executions where organization_id = $1
           and (reversal_status in ('queued', 'processing', 'pending', 'unknown', 'by_hand') or (reversal_status = 'failed' and moved_at > $2))
         group by 1
         union all
         select 'settled', count(*) from executions where organization_id = $1 and settled_at > $2 and provider <> 'by_hand'
       ) as each group by 1`,
      [organizationId, new Date(now.getTime() - FAILED_MS)],
    ),
  );
  const of = (show: keyof typeof SHOWN) =>
    rows.reduce((sum, { status, count }) => sum + (SHOWN[show].includes(status) ? Number(count) : 0), 0);
  return {
    open: of("open"),
    pending: of("pending"),
    unknown: of("unknown"),
    failed: of("failed"),
    by_hand: of("by_hand"),
    settled: Number(rows.find(({ status }) => status === "settled")?.count ?? 0),
  };
}

/** What somebody decided since a moment and couldn't be carried out, the latest first. */
export async function listFailed(
  organizationId: string,
  employeeId: string,
  since: Date,
): Promise<FailedExecution[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{
      id: string;
      customer: FailedExecution["customer"];
      remedy: Remedy;
      amount: string;
      currency: string;
      code: FailureCode;
      detail: string | null;
      moved_at: Date;
    }>(
      `select x.decision_id as id, jsonb_build_object('id', c.id, 'name', c.name) as customer, x.remedy, x.amount, x.currency,
         x.failure_code as code, x.failure_detail as detail, x.moved_at
       from executions x
       join decisions d on d.organization_id = $1 and d.id = x.decision_id and d.employee_id = $2
       join customers c on c.organization_id = $1 and c.id = standing_customer($1, d.customer_id)
       where x.organization_id = $1 and x.status = 'failed' and x.moved_at >= $3
       order by x.moved_at desc limit 20`,
      [organizationId, employeeId, since],
    ),
  );
  return rows.map((row) => ({
    decisionId: row.id,
    customer: row.customer,
    remedy: row.remedy,
    amount: Number(row.amount),
    currency: row.currency,
    failure: { code: row.code, detail: row.detail },
    at: row.moved_at.toISOString(),
  }));
}

/** Which provider serves each remedy, and whether somebody said so. */
export async function readChoices(organizationId: string): Promise<ProviderChoice[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ remedy: Remedy; provider: ProviderKind; chosen: boolean }>(
      `select r.remedy, provider_of($1, r.remedy) as provider,
         exists (select from remedy_providers p where p.organization_id = $1 and p.remedy = r.remedy) as chosen
       from unnest($2::text[]) with ordinality as r (remedy, n) order by r.n`,
      [organizationId, REMEDIES],
    ),
  );
  return rows;
}

/** How each provider has done lately and what it owes. */
export async function readHealth(organizationId: string, now: Date): Promise<ProviderHealth[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{
      provider: ProviderKind;
      succeeded_at: Date | null;
      failed_at: Date | null;
      open: string;
      oldest: Date | null;
    }>(
      `select k.provider,
         (select max(x.moved_at) from executions x where x.organization_id = $1 and x.provider = k.provider and x.status = 'succeeded') as succeeded_at,
         (select max(x.moved_at) from executions x where x.organization_id = $1 and x.provider = k.provider
           and x.status in ('failed', 'unknown')) as failed_at,
         o.open, o.oldest
       from unnest($2::text[]) as k (provider)
       cross join lateral (
         select count(*) as open, min(x.begun_at) as oldest from executions x
         where x.organization_id = $1 and x.provider = k.provider and x.status in ('processing', 'pending', 'unknown', 'by_hand')
       ) as o`,
      [organizationId, PROVIDER_KINDS],
    ),
  );
  return rows.map((row) => {
    const failedLast =
      row.failed_at !== null && (row.succeeded_at === null || row.failed_at > row.succeeded_at);
    const waits =
      row.provider !== "by_hand" && row.oldest !== null && now.getTime() - row.oldest.getTime() > BEHIND_MS;
    const idle = row.succeeded_at === null && row.failed_at === null && Number(row.open) === 0;
    return {
      provider: row.provider,
      light: idle ? "idle" : failedLast ? "bad" : waits ? "waits" : "good",
      succeededAt: row.succeeded_at?.toISOString() ?? null,
      failedAt: row.failed_at?.toISOString() ?? null,
      open: Number(row.open),
      oldest: row.oldest?.toISOString() ?? null,
    };
  });
}

/** A provider that has owed something for so long is behind. */
const BEHIND_MS = 15 * 60_000;

/** By when people should be done, and how long credit is good for. */
export async function readNumbers(organizationId: string): Promise<ExecutionNumbers> {
  const { byHandHours, creditDays } = await tenantDb(organizationId).organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { byHandHours: true, creditDays: true },
  });
  return { byHandHours, creditDays };
}
