import pg from "pg";
import { counterDefinition } from "@/lib/discretion/counters";
import { policySchema } from "@/lib/discretion/schema";
import { DAY_MS } from "@/lib/discretion/windows";
import { personName } from "./demo/names";
import { randomOf } from "./demo/random";

/** How many decisions are written in one transaction. */
const CHUNK = 50_000;
/** How many of what was really decided serve as patterns, and how many decisions there are for each customer. */
const PATTERNS = 2_000;
const PER_CUSTOMER = 50;

/**
 * Adds a long past to an organization that has decided something before: so many decisions more, spread evenly over the
 * days before today, each after the pattern of one that was really taken without an order. Customers are added, so that
 * nobody is given more than anybody ever is.
 *
 * Everything that a decision leaves behind is written with it: events, entries with what was before and after, handovers,
 * jobs, what carried it out, counters, the days' sums, and its place in the queue of what is to be sealed. So the books are balanced afterwards.
 * What is explained stays as it was in the pattern.
 *
 * @param options.databaseUrl is the owner's.
 * @throws Error when there is no decision to take as a pattern.
 */
export async function seedMany(options: {
  databaseUrl: string;
  organizationId: string;
  decisions: number;
  days?: number;
  now?: Date;
  log?: (line: string) => void;
}): Promise<void> {
  const { organizationId, decisions, days = 365, now = new Date(), log = () => undefined } = options;
  const owner = new pg.Client({ connectionString: options.databaseUrl });
  await owner.connect();
  try {
    await owner.query("select set_config('leeway.organization_id', $1, false)", [organizationId]);
    const { rows } = await owner.query<{ until: Date; zone: string }>(
      "select date_trunc('day', $2::timestamptz at time zone time_zone) at time zone time_zone as until, time_zone as zone from organizations where id = $1",
      [organizationId, now],
    );
    const place = rows[0];
    if (!place) throw new Error(`There is no organization ${organizationId}.`);
    const since = new Date(place.until.getTime() - days * DAY_MS);
    await owner.query("select ensure_partitions($1, $2)", [since, place.until]);
    await copyPatterns(owner, organizationId);
    await addCustomers(owner, organizationId, Math.ceil(decisions / PER_CUSTOMER), since);
    for (let first = 0; first < decisions; first += CHUNK) {
      const last = Math.min(first + CHUNK, decisions) - 1;
      await addChunk(owner, {
        organizationId,
        zone: place.zone,
        since,
        until: place.until,
        decisions,
        first,
        last,
      });
      log(`${last + 1} of ${decisions} decisions`);
    }
    await owner.query(
      "analyze customers, decisions, counters, ledger_entries, audit_events, jobs, executions, handovers, decision_rollups, decision_days, unsealed, credit_accounts, credit_transactions, credit_lots, credit_entries",
    );
  } finally {
    await owner.end();
  }
}

/** What was decided, as patterns: the decision with its events, entries, handover and jobs, and how much later each came. */
async function copyPatterns(owner: pg.Client, organizationId: string): Promise<void> {
  const windows = await windowsOf(owner, organizationId);
  await owner.query(
    `create temp table patterns as
     select row_number() over (order by id desc) - 1 as n, d.* from decisions d
     where organization_id = $1 and order_id is null and status in ('posted', 'refused', 'expired', 'declined')
       and not exists (
         select 1 from ledger_entries l
         where l.organization_id = d.organization_id and l.decision_id = d.id and l.status_before = l.status_after
       )
     order by id desc limit ${PATTERNS}`,
    [organizationId],
  );
  const { rowCount } = await owner.query("select 1 from patterns limit 1");
  if (!rowCount) throw new Error("Nothing was decided yet that could serve as a pattern.");
  await owner.query(
    `create temp table pattern_events as
     select p.n, e.id, e.actor_kind, e.actor_id, e.action, e.data, e.created_at - p.created_at as later
     from patterns p join audit_events e
       on e.organization_id = p.organization_id and e.subject_kind = 'decision' and e.subject_id = p.id::text
         and e.action not like 'execution%'`,
  );
  await owner.query(
    `create temp table pattern_entries as
     select p.n, l.*, l.created_at - p.created_at as later, coalesce(w.window, 'none') as counted_by
     from patterns p
     join ledger_entries l on l.organization_id = p.organization_id and l.decision_id = p.id
     left join jsonb_to_recordset($1) as w (definition text, "window" text) on w.definition = l.definition
     where l.scope_key not like '%/case:%' and (w.window is not null or l.definition = 'decision')`,
    [JSON.stringify(windows)],
  );
  await owner.query("analyze patterns, pattern_events, pattern_entries");
}

/** By what window each counter of every version that was ever in force counts. */
async function windowsOf(
  owner: pg.Client,
  organizationId: string,
): Promise<{ definition: string; window: string }[]> {
  const { rows } = await owner.query<{ document: unknown }>(
    "select document from policies where organization_id = $1 and status in ('published', 'superseded', 'trial')",
    [organizationId],
  );
  const windows = new Map<string, string>();
  for (const { document } of rows) {
    const policy = policySchema.parse(document);
    for (const limit of policy.limits) {
      const window = typeof limit.window === "object" ? "rolling" : limit.window;
      windows.set(counterDefinition(limit, policy), window === "lifetime" ? "none" : window);
    }
  }
  return [...windows].map(([definition, window]) => ({ definition, window }));
}

async function addCustomers(
  owner: pg.Client,
  organizationId: string,
  count: number,
  at: Date,
): Promise<void> {
  const random = randomOf("many customers");
  const names = Array.from({ length: count }, () => {
    const { given, family } = personName(random);
    return `${given} ${family}`;
  });
  await owner.query(
    `insert into customers (organization_id, id, external_ref, name, tier, created_at, updated_at)
     select $1, new_id($3), 'many-' || i, name, (array['gold', 'silver', null])[1 + i % 3], $3, $3
     from unnest($2::text[]) with ordinality as x (name, i) on conflict (organization_id, external_ref) do nothing`,
    [organizationId, names, at],
  );
  await owner.query(
    `create temp table many_customers as
     select row_number() over (order by external_ref) - 1 as n, id from customers
     where organization_id = $1 and external_ref like 'many-%'`,
    [organizationId],
  );
  await owner.query("create index on many_customers (n); analyze many_customers");
}

interface Chunk {
  organizationId: string;
  zone: string;
  since: Date;
  until: Date;
  decisions: number;
  first: number;
  last: number;
}

async function addChunk(owner: pg.Client, chunk: Chunk): Promise<void> {
  await owner.query("begin");
  await owner.query(
    `create temp table chunk on commit drop as
     select p.n, new_id(g.at) as id, g.at, (g.at at time zone $3)::date as day, c.id as customer
     from (
       select i, $1::timestamptz + ($2::timestamptz - $1::timestamptz) * ((i + 0.5) / $4) as at from generate_series($5::int, $6::int) as i
     ) as g
     join patterns p on p.n = (hashint4(g.i) & 2147483647) % (select count(*) from patterns)
     join many_customers c on c.n = (hashint4(g.i + 7) & 2147483647) % (select count(*) from many_customers)`,
    [chunk.since, chunk.until, chunk.zone, chunk.decisions, chunk.first, chunk.last],
  );
  await owner.query("analyze chunk");
  for (const statement of STATEMENTS) await owner.query(statement);
  await owner.query("commit");
}

const STATEMENTS = [
  `insert into decisions (organization_id, id, employee_id, team_id, customer_id, remedy, amount, currency, counted_amount, verdict,
     status, note, cause, channel, policy_version, explanation, facts, api_key_id, created_at)
   select p.organization_id, c.id, p.employee_id, p.team_id, c.customer, p.remedy, p.amount, p.currency, p.counted_amount, p.verdict,
     p.status, p.note, p.cause, p.channel, p.policy_version, p.explanation,
     jsonb_set(p.facts, '{customer,id}', to_jsonb(c.customer)), p.api_key_id, c.at
   from chunk c join patterns p using (n) order by c.id`,
  `create temp table chunk_events on commit drop as
   select c.n, c.id as decision, e.id as pattern, new_id(c.at + e.later) as id, c.at + e.later as at,
     e.actor_kind, e.actor_id, e.action, e.data
   from chunk c join pattern_events e using (n)`,
  "create index on chunk_events (decision); analyze chunk_events",
  `insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
   select current_organization(), id, actor_kind, actor_id, action, 'decision', decision::text, data, at from chunk_events order by id`,
  `create temp table chunk_entries on commit drop as
   select c.id as decision, ev.id as event, e.seq, e.kind, e.definition,
     case e.definition when 'decision' then 'decision:' || c.id
       else replace(e.scope_key, 'customer:' || p.customer_id, 'customer:' || c.customer) end as scope_key,
     case e.counted_by
       when 'day' then c.day when 'rolling' then c.day
       when 'week' then date_trunc('week', c.day)::date
       when 'month' then date_trunc('month', c.day)::date
       when 'year' then date_trunc('year', c.day)::date
       else date '0001-01-01' end as bucket,
     e.counted_by, e.limit_ids, e.amount, e.count, e.status_before, e.status_after, c.at + e.later as at,
     case when e.kind in ('post', 'commit') then 1 when e.kind = 'reverse' then -1 else 0 end as posted,
     case when e.kind = 'reserve' then 1 when e.kind in ('commit', 'release') then -1 else 0 end as reserved
   from chunk c join patterns p using (n) join pattern_entries e using (n)
   join chunk_events ev on ev.decision = c.id and ev.pattern = e.event_id`,
  "analyze chunk_entries",
  `insert into ledger_entries (organization_id, decision_id, seq, kind, definition, scope_key, bucket, limit_ids, amount, count,
     posted_amount_before, posted_amount_after, reserved_amount_before, reserved_amount_after, posted_count_before, posted_count_after,
     reserved_count_before, reserved_count_after, event_id, status_before, status_after, created_at)
   select current_organization(), e.decision, e.seq, e.kind, e.definition, e.scope_key, e.bucket, e.limit_ids, e.amount, e.count,
     coalesce(k.posted_amount, 0) + e.posted_amount - e.posted * e.amount, coalesce(k.posted_amount, 0) + e.posted_amount,
     coalesce(k.reserved_amount, 0) + e.reserved_amount - e.reserved * e.amount, coalesce(k.reserved_amount, 0) + e.reserved_amount,
     coalesce(k.posted_count, 0) + e.posted_count - e.posted * e.count, coalesce(k.posted_count, 0) + e.posted_count,
     coalesce(k.reserved_count, 0) + e.reserved_count - e.reserved * e.count, coalesce(k.reserved_count, 0) + e.reserved_count,
     e.event, e.status_before, e.status_after, e.at
   from (
     select *, sum(posted * amount) over run as posted_amount, sum(reserved * amount) over run as reserved_amount,
       sum(posted * count) over run as posted_count, sum(reserved * count) over run as reserved_count
     from chunk_entries window run as (partition by definition, scope_key, bucket order by decision, seq)
   ) as e
   left join counters k on k.organization_id = current_organization() and k.definition = e.definition
     and k.scope_key = e.scope_key and k.bucket = e.bucket and k.slot = 0
   order by e.decision, e.seq`,
  `insert into counters (organization_id, definition, scope_key, bucket)
   select distinct current_organization(), definition, scope_key, date '0001-01-01' from chunk_entries where counted_by = 'rolling'
   on conflict do nothing`,
  `insert into counters as k (organization_id, definition, scope_key, bucket, posted_amount, reserved_amount, posted_count, reserved_count)
   select current_organization(), definition, scope_key, bucket, sum(posted * amount), sum(reserved * amount), sum(posted * count),
     sum(reserved * count)
   from chunk_entries where definition <> 'decision' group by definition, scope_key, bucket
   on conflict (organization_id, definition, scope_key, bucket, slot) do update set
     posted_amount = k.posted_amount + excluded.posted_amount, reserved_amount = k.reserved_amount + excluded.reserved_amount,
     posted_count = k.posted_count + excluded.posted_count, reserved_count = k.reserved_count + excluded.reserved_count`,
  `insert into handovers (organization_id, id, decision_id, status, asked_by, waiting_for, deadline_at, answered_by, answered_at, created_at,
     granted_amount, granted_counted_amount, answer_note, answer_policy_version, answer_explanation)
   select h.organization_id, new_id(c.at), c.id, h.status, h.asked_by, h.waiting_for, c.at + (h.deadline_at - h.created_at), h.answered_by,
     c.at + (h.answered_at - h.created_at), c.at, h.granted_amount, h.granted_counted_amount, h.answer_note, h.answer_policy_version,
     h.answer_explanation
   from chunk c join patterns p using (n) join handovers h on h.organization_id = p.organization_id and h.decision_id = p.id`,
  `insert into jobs (organization_id, id, decision_id, kind, status, run_at, created_at, finished_at, dispatched_at)
   select j.organization_id, new_id(c.at), c.id, j.kind, case j.status when 'queued' then 'done' else j.status end,
     c.at + (j.run_at - j.created_at), c.at, c.at + (coalesce(j.finished_at, j.run_at) - j.created_at), c.at + (j.run_at - j.created_at)
   from chunk c join patterns p using (n) join jobs j on j.organization_id = p.organization_id and j.decision_id = p.id`,
  // Carried out as it is where nobody chose otherwise: credit as store credit, which nobody has spent yet, everything else by
  // somebody's hand.
  `create temp table chunk_given on commit drop as
   select g.*, g.begun_at + case when g.is_credit then interval '40 ms' else (5 + (hashint8(g.amount) & 31)) * interval '1 minute' end as done_at,
     new_id(g.begun_at) as movement
   from (
     select c.id, c.customer, p.remedy, p.currency, p.remedy = 'credit' as is_credit, coalesce(h.granted_amount, p.amount) as amount,
       c.at + coalesce(h.answered_at - h.created_at, '0') + interval '34 seconds' as begun_at
     from chunk c join patterns p using (n)
     left join handovers h on h.organization_id = p.organization_id and h.decision_id = p.id
     where p.status = 'posted'
   ) as g`,
  "create index on chunk_given (id); analyze chunk_given",
  `insert into executions (organization_id, decision_id, provider, remedy, amount, currency, status, attempt, due_at, begun_at, moved_at)
   select current_organization(), id, case when is_credit then 'store_credit' else 'by_hand' end, remedy, amount, currency,
     case when is_credit then 'processing' else 'by_hand' end, is_credit::integer,
     case when not is_credit then begun_at + interval '48 hours' end, begun_at, begun_at
   from chunk_given order by id`,
  `update executions x set status = 'succeeded', moved_at = g.done_at, finished_at = g.done_at,
     reference = case when g.is_credit then g.movement::text else initcap(replace(g.remedy, '_', ' ')) || ' ' || (1000 + (hashint8(g.amount) & 8191)) end
   from chunk_given g where x.organization_id = current_organization() and x.decision_id = g.id`,
  `insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
   select current_organization(), new_id(e.at), case when e.by is null then 'system' else 'employee' end, e.by, e.action, 'decision', e.decision, e.data, e.at
   from (
     select id::text as decision, begun_at as at, null::uuid as by, case when is_credit then 'execution.processing' else 'execution.by_hand' end as action,
       jsonb_build_object('provider', case when is_credit then 'store_credit' else 'by_hand' end, 'attempt', is_credit::integer) as data
     from chunk_given
     union all
     select g.id::text, g.done_at, case when not g.is_credit then m.id end, 'execution.succeeded',
       jsonb_build_object('provider', x.provider, 'via', case when g.is_credit then 'call' else 'person' end, 'reference', x.reference, 'attempt', x.attempt)
     from chunk_given g
     join executions x on x.organization_id = current_organization() and x.decision_id = g.id
     left join (
       select id from employees where organization_id = current_organization() and role = 'manager' and status = 'active' order by email limit 1
     ) as m on true
   ) as e order by 2`,
  `insert into credit_accounts (organization_id, id, kind, customer_id, currency, balance, created_at)
   select current_organization(), new_id(min(begun_at)), 'customer', customer, currency, 0, min(begun_at)
   from chunk_given where is_credit group by customer, currency on conflict do nothing`,
  `insert into credit_accounts (organization_id, id, kind, customer_id, currency, balance, created_at)
   select current_organization(), new_id(min(begun_at)), 'goodwill', null, currency, null, min(begun_at)
   from chunk_given where is_credit group by currency on conflict do nothing`,
  `create temp table chunk_credit on commit drop as
   select g.movement as id, g.id as decision, g.customer, g.currency, g.amount, g.done_at as at, a.id as account,
     a.balance + sum(g.amount) over (partition by a.id order by g.done_at, g.id) as balance
   from chunk_given g
   join credit_accounts a on a.organization_id = current_organization() and a.customer_id = g.customer and a.currency = g.currency
   where g.is_credit and g.amount > 0`,
  `insert into credit_transactions (organization_id, id, kind, customer_id, currency, amount, decision_id, created_at)
   select current_organization(), id, 'grant', customer, currency, amount, decision, at from chunk_credit order by id`,
  `insert into credit_lots (organization_id, id, account_id, decision_id, amount, left_amount, created_at)
   select current_organization(), id, account, decision, amount, amount, at from chunk_credit order by id`,
  `insert into credit_entries (organization_id, transaction_id, seq, account_id, lot_id, amount, balance_after)
   select current_organization(), id, 1, account, id, amount, balance from chunk_credit
   union all
   select current_organization(), c.id, 2, h.id, null, -c.amount, null from chunk_credit c
   join credit_accounts h on h.organization_id = current_organization() and h.kind = 'goodwill' and h.currency = c.currency
   order by 2, 3`,
  // The check at the end that each movement adds up to nothing is planned for as many as there are.
  "analyze credit_entries",
  `update credit_accounts a set balance = a.balance + c.sum from (select account, sum(amount) as sum from chunk_credit group by 1) as c
   where a.organization_id = current_organization() and a.id = c.account`,
  `insert into decision_rollups as r (organization_id, day, employee_id, remedy, verdict, status, decisions, amount)
   select p.organization_id, c.day, p.employee_id, p.remedy, p.verdict, p.status, count(*),
     sum(coalesce(h.granted_counted_amount, p.counted_amount, 0))
   from chunk c join patterns p using (n)
   left join handovers h on h.organization_id = p.organization_id and h.decision_id = p.id
   group by 1, 2, 3, 4, 5, 6
   on conflict (organization_id, day, employee_id, remedy, verdict, status) do update set
     decisions = r.decisions + excluded.decisions, amount = r.amount + excluded.amount`,
];
