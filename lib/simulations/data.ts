import { leastIdAt } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type { Remedy, Verdict } from "@/lib/discretion/schema";
import type { SimulationRow } from "@/lib/discretion/simulate";
import type { ExchangeRate, Facts } from "@/lib/discretion/types";
import { DAY_MS } from "@/lib/discretion/windows";
import type { RecordedDecision, StandingDecision, UnsentAsk } from "@/lib/simulations/replay";
import type {
  ByVerdict,
  Difference,
  DifferenceFilter,
  SimulationFault,
  SimulationLine,
  SimulationProgress,
  SimulationResult,
  SimulationStatus,
  SimulationView,
  Voices,
} from "@/lib/simulations/types";

const LINE = `s.id, s.version, s.revision, s.compared_with, s.from_day, s.to_day, s.status, s.processed, s.total, s.fault,
  s.created_at, s.finished_at, s.result -> 'verdicts' as verdicts, e.name as asker`;

interface LineRow {
  id: string;
  version: number;
  revision: number;
  compared_with: number;
  from_day: string;
  to_day: string;
  status: SimulationStatus;
  processed: string;
  total: string | null;
  fault: SimulationFault | null;
  created_at: Date;
  finished_at: Date | null;
  verdicts: Voices<ByVerdict> | null;
  asker: string | null;
}

function toLine(row: LineRow): SimulationLine {
  return {
    id: row.id,
    version: row.version,
    revision: row.revision,
    comparedWith: row.compared_with,
    from: row.from_day,
    to: row.to_day,
    status: row.status,
    processed: Number(row.processed),
    total: row.total === null ? null : Number(row.total),
    fault: row.fault,
    askedBy: row.asker,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    verdicts: row.verdicts,
  };
}

const FROM = `policy_simulations s
  left join employees e on e.organization_id = s.organization_id and e.id = s.asked_by`;

/** The replays of one version, the newest first. */
export async function listSimulationLines(
  organizationId: string,
  version: number,
  limit: number,
): Promise<SimulationLine[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<LineRow>(
      `select ${LINE} from ${FROM} where s.organization_id = $1 and s.version = $2
       order by s.created_at desc, s.id desc limit $3`,
      [organizationId, version, limit],
    ),
  );
  return rows.map(toLine);
}

/** As `listSimulationLines`, each with all that came of it. */
export async function listSimulations(
  organizationId: string,
  version: number,
  limit: number,
): Promise<SimulationView[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<LineRow & { result: SimulationResult | null }>(
      `select ${LINE}, s.result from ${FROM} where s.organization_id = $1 and s.version = $2
       order by s.created_at desc, s.id desc limit $3`,
      [organizationId, version, limit],
    ),
  );
  return rows.map((row) => ({ ...toLine(row), result: row.result }));
}

/** One replay, or null where the organization has none of that id. */
export async function findSimulation(organizationId: string, id: string): Promise<SimulationView | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<LineRow & { result: SimulationResult | null }>(
      `select ${LINE}, s.result from ${FROM} where s.organization_id = $1 and s.id = $2`,
      [organizationId, id],
    ),
  );
  return rows[0] ? { ...toLine(rows[0]), result: rows[0].result } : null;
}

/** How far a version's replay is; null where the version has none of that id. */
export async function findProgress(
  organizationId: string,
  version: number,
  id: string,
): Promise<SimulationProgress | null> {
  const row = await tenantDb(organizationId).policySimulation.findUnique({
    where: { organizationId_id: { organizationId, id } },
    select: { version: true, status: true, processed: true, total: true },
  });
  if (row?.version !== version) return null;
  return {
    id,
    status: row.status as SimulationStatus,
    processed: Number(row.processed),
    total: row.total === null ? null : Number(row.total),
  };
}

/** Where a page of differences begins: behind the one named, towards the older ones or the newer ones. */
export interface DifferenceCursor {
  than: string;
  towards: "older" | "newer";
}

/** The listed decisions that the draft would have taken otherwise, the newest first. */
export async function listDifferences(
  organizationId: string,
  simulationId: string,
  filter: DifferenceFilter,
  page: { limit: number; cursor: DifferenceCursor | null },
): Promise<{ rows: Difference[]; older: string | null; newer: string | null }> {
  const before = COLUMN[filter.against];
  const { cursor, limit } = page;
  const back = cursor?.towards === "newer";
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<Omit<Difference, "at" | "amount"> & { at: Date; amount: string }>(
      `select x.decision_id as "decisionId", d.created_at as at, e.name as employee, c.name as customer, d.remedy,
         d.amount, d.currency, x.recorded, x.current, x.draft, x.binding
       from policy_simulation_differences x
       join decisions d on d.organization_id = x.organization_id and d.id = x.decision_id
       join employees e on e.organization_id = d.organization_id and e.id = d.employee_id
       join customers c on c.organization_id = d.organization_id and c.id = d.customer_id
       where x.organization_id = $1 and x.simulation_id = $2 and x.draft <> ${before}
         and ($3::text is null or ${before} = $3) and ($4::text is null or x.draft = $4)
         and ($5::uuid is null or x.decision_id ${back ? ">" : "<"} $5)
       order by x.decision_id ${back ? "asc" : "desc"} limit $6`,
      [organizationId, simulationId, filter.from ?? null, filter.to ?? null, cursor?.than ?? null, limit + 1],
    ),
  );
  const data = rows.slice(0, limit).map(({ at, amount, ...row }) => ({
    ...row,
    at: at.toISOString(),
    amount: Number(amount),
  }));
  if (back) data.reverse();
  const goesOn = rows.length > limit;
  const first = data[0]?.decisionId ?? null;
  const last = data.at(-1)?.decisionId ?? null;
  // Whoever came from one side can go back there.
  return {
    rows: data,
    newer: back ? (goesOn ? first : null) : cursor ? first : null,
    older: back || goesOn ? last : null,
  };
}

/** The column that holds what the draft is held against. */
const COLUMN = { recorded: "x.recorded", current: "x.current" } as const;

/** How many of the listed differences a filter leaves. */
export async function countDifferences(
  organizationId: string,
  simulationId: string,
  filter: DifferenceFilter,
): Promise<number> {
  const before = COLUMN[filter.against];
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ count: string }>(
      `select count(*) from policy_simulation_differences x
       where x.organization_id = $1 and x.simulation_id = $2 and x.draft <> ${before}
         and ($3::text is null or ${before} = $3) and ($4::text is null or x.draft = $4)`,
      [organizationId, simulationId, filter.from ?? null, filter.to ?? null],
    ),
  );
  return Number(rows[0]?.count ?? 0);
}

interface Past {
  id: string;
  employee_id: string;
  customer_id: string;
  order_id: string | null;
  case_id: string | null;
  remedy: Remedy;
  amount: string;
  currency: string;
  exchange: ExchangeRate | null;
  verdict: Verdict;
  cause: string | null;
  channel: string | null;
  facts: Facts;
  created_at: Date;
}

function toRow(past: Past): SimulationRow {
  const { facts } = past;
  const at = past.created_at.getTime();
  const { startedAt } = facts.employee;
  return {
    id: past.id,
    at,
    employee: past.employee_id,
    customer: past.customer_id,
    remedy: past.remedy,
    amount: Number(past.amount),
    currency: past.currency,
    rate: past.exchange,
    role: facts.employee.role,
    team: facts.employee.team,
    tier: facts.customer.tier,
    order: past.order_id,
    orderPaid: facts.order?.paid ?? null,
    orderRefunded: facts.order ? facts.order.refunded + facts.order.reserved : null,
    orderAt: facts.order?.placedAt ?? null,
    tenureDays: startedAt === null ? null : Math.floor((at - startedAt) / DAY_MS),
    hasOpenDispute: facts.hasOpenDispute,
    case: past.case_id,
    cause: past.cause,
    channel: past.channel,
  };
}

/** Records that were merged are one customer, for the past too. Most never were: only of those the chain is followed. */
const CUSTOMER = `coalesce((
  select standing_customer(c.organization_id, c.id) from customers c
  where c.organization_id = p.organization_id and c.id = p.customer_id and c.merged_into is not null
), p.customer_id)`;

const PAST = `p.id, p.employee_id, ${CUSTOMER} as customer_id, p.order_id, p.remedy, p.currency, p.verdict, p.cause,
  p.channel, p.facts, p.created_at`;

/** What was granted of a handover is what counted since. */
const COUNTED = `coalesce((
  select h.granted_amount from handovers h where h.organization_id = p.organization_id and h.decision_id = p.id
), p.amount)`;

/** What is only known of a decision that was recorded. */
const RECORDED = `p.case_id, p.explanation -> 'exchange' as exchange, p.status`;

/** When a decision ceased to count; null where it still does, or never did. */
const ENDED_AT = `case when p.status in ('declined', 'expired', 'released', 'reversed') then coalesce(
  (select max(l.created_at) from ledger_entries l
    where l.organization_id = p.organization_id and l.decision_id = p.id
      and l.status_after in ('declined', 'expired', 'released', 'reversed')),
  (select h.answered_at from handovers h where h.organization_id = p.organization_id and h.decision_id = p.id),
  p.created_at
) end`;

/** How many requests are read at once. */
const BATCH = 2_000;

/** A stretch of time, epoch milliseconds; `to` is not part of it. */
export interface Stretch {
  from: number;
  to: number;
}

/** How many decisions, and amounts that were not sent, there are in a stretch of time. */
export async function countPast(organizationId: string, stretch: Stretch): Promise<number> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ count: string }>(
      `select (select count(*) from decisions where organization_id = $1 and id > $2 and id < $3)
         + (select count(*) from unsent_requests where organization_id = $1 and id > $2 and id < $3) as count`,
      [organizationId, leastIdAt(stretch.from), leastIdAt(stretch.to)],
    );
    return Number(rows[0]?.count ?? 0);
  });
}

const STANDING = `decisions p where p.organization_id = $1 and p.id > $2 and p.id < $3
  and (p.status in ('posted', 'reserved') or (p.status <> 'refused' and ${ENDED_AT} > $4))`;

/** How many decisions of a stretch of time counted at its end. */
export async function countStanding(organizationId: string, { from, to }: Stretch): Promise<number> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${STANDING}`, [
      organizationId,
      leastIdAt(from),
      leastIdAt(to),
      new Date(to),
    ]);
    return Number(rows[0]?.count ?? 0);
  });
}

/** What counted at the end of a stretch of time, in order of time, a batch at once. */
export async function* readStanding(
  organizationId: string,
  { from, to }: Stretch,
): AsyncGenerator<StandingDecision[]> {
  for (let after = leastIdAt(from); ; ) {
    const { rows } = await withTenant(organizationId, (client) =>
      client.query<Past & { status: string; ended_at: Date | null }>(
        `select ${PAST}, ${COUNTED} as amount, ${RECORDED}, ${ENDED_AT} as ended_at from ${STANDING} order by p.id limit ${BATCH}`,
        [organizationId, after, leastIdAt(to), new Date(to)],
      ),
    );
    yield rows.map((past) => ({
      row: toRow(past),
      as: past.status === "posted" || past.status === "reversed" ? "posted" : "reserved",
      endedAt: past.ended_at?.getTime() ?? null,
    }));
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last.id;
  }
}

export type PastRequest = ({ kind: "decision" } & RecordedDecision) | ({ kind: "unsent" } & UnsentAsk);

interface PastRow extends Past {
  kind: "decision" | "unsent";
  status: string | null;
  ended_at: Date | null;
  /** Of what was not sent: what was sent instead, if that is known. */
  sent_decision_id: string | null;
  /** Of what was not sent: the most that the same employee gave the same customer in the same way within a day. */
  later: string | null;
}

/**
 * Everything that was asked for in a stretch of time, and what was not sent, in order of time, a batch at once. `read`
 * is how many rows a batch was made of: what was sent after all is among the decisions and is left out.
 */
export async function* readPast(
  organizationId: string,
  { from, to }: Stretch,
): AsyncGenerator<{ requests: PastRequest[]; read: number }> {
  const end = leastIdAt(to);
  for (let after = leastIdAt(from); ; ) {
    const { rows } = await withTenant(organizationId, (client) =>
      client.query<PastRow>(
        `(select 'decision' as kind, ${PAST}, p.amount, ${RECORDED}, ${ENDED_AT} as ended_at, null::uuid as sent_decision_id,
            null::bigint as later
          from decisions p
          where p.organization_id = $1 and p.id > $2 and p.id < $3 order by p.id limit ${BATCH})
         union all
         (select 'unsent', ${PAST}, p.amount, null::uuid, p.exchange, null, null, p.sent_decision_id, ${LATER}
          from unsent_requests p
          where p.organization_id = $1 and p.id > $2 and p.id < $3 order by p.id limit ${BATCH})
         order by id limit ${BATCH}`,
        [organizationId, after, end],
      ),
    );
    yield { requests: rows.flatMap(toRequest), read: rows.length };
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last.id;
  }
}

/**
 * Somebody may come back to what they left. What they gave then tells what became of it: the same or more, and it was
 * sent after all; less, and it was lowered.
 */
const LATER = `(select max(d.amount) from decisions d
  where d.organization_id = p.organization_id and d.id > p.id
    and d.customer_id = any(array(
      select merged_customers(p.organization_id, standing_customer(p.organization_id, p.customer_id))
    ))
    and d.created_at < p.created_at + interval '1 day' and d.employee_id = p.employee_id and d.remedy = p.remedy
    and d.currency = p.currency)`;

function toRequest(past: PastRow): PastRequest[] {
  const row = toRow(past);
  const { verdict } = past;
  if (past.kind === "decision") return [{ kind: "decision", row, verdict, ending: endingOf(past) }];
  if (past.sent_decision_id !== null) return [{ kind: "unsent", row, verdict, isLowered: true }];
  if (past.later !== null && Number(past.later) >= row.amount) return [];
  return [{ kind: "unsent", row, verdict, isLowered: past.later !== null }];
}

function endingOf({ status, ended_at }: PastRow): RecordedDecision["ending"] {
  if (ended_at === null) return null;
  return { at: ended_at.getTime(), of: status === "declined" || status === "expired" ? "handover" : "gift" };
}
