import { expect } from "vitest";
import { testDatabase } from "./database";

export interface BookLine {
  definition: string;
  scope_key: string;
  bucket: string;
  posted: string;
  reserved: string;
  posted_count: string;
  reserved_count: string;
  ledger_posted: string;
  ledger_reserved: string;
  ledger_posted_count: string;
  ledger_reserved_count: string;
}

/** What the counters and the ledger say of an organization, read as the owner, past row-level security. */
export async function books(organizationId: string): Promise<BookLine[]> {
  const { rows } = await testDatabase().pool.query<BookLine>(
    `select k.definition, k.scope_key, k.bucket::text, k.posted_amount as posted, k.reserved_amount as reserved,
       k.posted_count, k.reserved_count,
       coalesce(sum(l.posted_amount_after - l.posted_amount_before), 0) as ledger_posted,
       coalesce(sum(l.reserved_amount_after - l.reserved_amount_before), 0) as ledger_reserved,
       coalesce(sum(l.posted_count_after - l.posted_count_before), 0) as ledger_posted_count,
       coalesce(sum(l.reserved_count_after - l.reserved_count_before), 0) as ledger_reserved_count
     from counters k left join ledger_entries l using (organization_id, definition, scope_key, bucket, slot)
     where organization_id = $1 group by organization_id, definition, scope_key, bucket, slot`,
    [organizationId],
  );
  return rows;
}

/** Counters are worth nothing when they drift from the entries that explain them, nor a status from its steps. */
export async function expectBalanced(organizationId: string): Promise<void> {
  for (const row of await books(organizationId)) {
    expect([row.posted, row.reserved, row.posted_count, row.reserved_count]).toEqual([
      row.ledger_posted,
      row.ledger_reserved,
      row.ledger_posted_count,
      row.ledger_reserved_count,
    ]);
  }
  const { rows: adrift } = await testDatabase().pool.query(
    `select d.id, d.status, l.status_after from decisions d
     left join lateral (
       select status_after from ledger_entries e
       where e.organization_id = d.organization_id and e.decision_id = d.id order by seq desc limit 1
     ) l on true
     where d.organization_id = $1 and d.status <> coalesce(l.status_after, 'refused')`,
    [organizationId],
  );
  expect(adrift).toEqual([]);
  const { rows: rollups } = await testDatabase().pool.query(
    `select status, sum(decisions) as decisions, sum(amount) as amount from decision_rollups
     where organization_id = $1 group by status having sum(decisions) > 0 order by status`,
    [organizationId],
  );
  const { rows: counted } = await testDatabase().pool.query(
    `select d.status, count(*) as decisions, sum(coalesce(h.granted_counted_amount, d.counted_amount, 0)) as amount
     from decisions d left join handovers h on h.organization_id = d.organization_id and h.decision_id = d.id
     where d.organization_id = $1 group by d.status order by d.status`,
    [organizationId],
  );
  expect(rollups).toEqual(counted);
  // And the sums of days, in however many parts, are those of their employees.
  const { rows: apart } = await testDatabase().pool.query(
    `select day, verdict, status, coalesce(d.decisions, 0) as by_day, coalesce(r.decisions, 0) as by_employee
     from (select day, verdict, status, sum(decisions) as decisions, sum(amount) as amount from decision_days
       where organization_id = $1 group by 1, 2, 3) as d
     full join (select day, verdict, status, sum(decisions) as decisions, sum(amount) as amount from decision_rollups
       where organization_id = $1 group by 1, 2, 3) as r using (day, verdict, status)
     where (coalesce(d.decisions, 0), coalesce(d.amount, 0)) <> (coalesce(r.decisions, 0), coalesce(r.amount, 0))`,
    [organizationId],
  );
  expect(apart).toEqual([]);
}

/** The statuses that a decision may have for each of its handover's; none where it has no handover. */
const LEGAL: Record<string, readonly string[]> = {
  none: ["posted", "refused", "reversed"],
  waiting: ["reserved"],
  approved: ["posted", "reversed"],
  adjusted: ["posted", "reversed"],
  declined: ["declined"],
  expired: ["expired"],
  withdrawn: ["released"],
};

/** What the worker owes a decision of each status: the jobs that it has, and how they may stand. */
const OWED: Record<string, { execute?: readonly string[]; expire_handover?: readonly string[] }> = {
  posted: { execute: ["queued", "done"] },
  reversed: { execute: ["cancelled", "done"] },
  reserved: { expire_handover: ["queued"] },
  expired: { expire_handover: ["done"] },
  declined: { expire_handover: ["cancelled"] },
  released: { expire_handover: ["cancelled"] },
  refused: {},
};

interface DecisionState {
  id: string;
  status: string;
  handover: string;
  jobs: Record<string, string>;
  /** Jobs that were handed to the worker's queue and are not in it, though nobody has done them. */
  asleep: string | null;
  keys: string;
  events: string;
}

/**
 * What must be true of an organization's books after whatever happened: counters equal the ledger; every entry of a counter
 * begins where another one ended; each decision has one key, one event that recorded it, a legal status, and the jobs
 * that its status owes it; none of them got lost on its way into the queue.
 */
export async function expectSound(organizationId: string): Promise<void> {
  await expectBalanced(organizationId);
  await expectChained(organizationId);
  const { rows } = await testDatabase().pool.query<DecisionState>(
    `select d.id, d.status, coalesce(h.status, 'none') as handover,
       coalesce((select jsonb_object_agg(j.kind, j.status) from jobs j
         where j.organization_id = d.organization_id and j.decision_id = d.id), '{}') as jobs,
       (select string_agg(j.kind, ' ') from jobs j
         where j.organization_id = d.organization_id and j.decision_id = d.id and j.status = 'queued'
           and j.dispatched_at is not null and not exists (select 1 from graphile_worker.jobs g where g.key = j.kind || '/' || d.id)) as asleep,
       -- A reversal has a key of its own; this one was written with the decision.
       (select count(*) from idempotency_keys i
         join audit_events e on e.organization_id = i.organization_id and e.subject_id = i.decision_id::text
           and e.action = 'decision.recorded' and e.xmin = i.xmin
         where i.organization_id = d.organization_id and i.decision_id = d.id and i.employee_id = d.employee_id) as keys,
       (select count(*) from audit_events e
         where e.organization_id = d.organization_id and e.subject_kind = 'decision' and e.subject_id = d.id::text
           and e.action = 'decision.recorded') as events
     from decisions d left join handovers h on h.organization_id = d.organization_id and h.decision_id = d.id
     where d.organization_id = $1`,
    [organizationId],
  );
  for (const decision of rows) expectState(decision);
}

function expectState(decision: DecisionState): void {
  const { id, status, handover, jobs } = decision;
  const of = `decision ${id}, ${status}, handover ${handover}, jobs ${JSON.stringify(jobs)}`;
  expect(LEGAL[handover], of).toContain(status);
  for (const [kind, legal] of Object.entries(OWED[status] ?? {})) expect(legal, of).toContain(jobs[kind]);
  if (handover === "none") expect(jobs, of).not.toHaveProperty("expire_handover");
  if (["reserved", "expired", "declined", "released", "refused"].includes(status)) {
    expect(jobs, of).not.toHaveProperty("execute");
  }
  expect([decision.asleep, decision.keys, decision.events], of).toEqual([null, "1", "1"]);
}

/**
 * The states of a counter are a chain: each entry goes from one to another, so that every state that is not the first or
 * the last is left as often as it is come to. And nothing counts on a counter that is not there.
 */
async function expectChained(organizationId: string): Promise<void> {
  const { rows } = await testDatabase().pool.query(
    `with states as (
       select definition, scope_key, bucket, slot, 1 as way, posted_amount_after as pa, reserved_amount_after as ra,
           posted_count_after as pc, reserved_count_after as rc
         from ledger_entries where organization_id = $1 and definition <> 'decision'
       union all
       select definition, scope_key, bucket, slot, -1, posted_amount_before, reserved_amount_before, posted_count_before,
           reserved_count_before
         from ledger_entries where organization_id = $1 and definition <> 'decision'
       union all
       select definition, scope_key, bucket, slot, 1, 0, 0, 0, 0 from counters where organization_id = $1
       union all
       select definition, scope_key, bucket, slot, -1, posted_amount, reserved_amount, posted_count, reserved_count
         from counters where organization_id = $1
     )
     select definition, scope_key, bucket, slot, pa, ra, pc, rc, sum(way) as astray from states
     group by definition, scope_key, bucket, slot, pa, ra, pc, rc having sum(way) <> 0`,
    [organizationId],
  );
  expect(rows, "entries that begin where no other one ended").toEqual([]);
}
