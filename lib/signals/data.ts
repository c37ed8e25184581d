import { leastIdAt } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { readTenant } from "@/lib/db/replica";
import { IDS_MOST } from "@/lib/decisions/schema";
import type { Policy } from "@/lib/discretion/schema";
import { DAY_MS } from "@/lib/discretion/windows";
import { type Counted, JUST_UNDER, thresholdsOf } from "@/lib/signals/find";
import { LOOKED_AT_MOST, type SignalKind } from "@/lib/signals/schema";
import type { Signal } from "@/lib/signals/types";

/** What was looked at, and what was counted of it. */
export interface LookedAt {
  since: string | null;
  decisions: number;
  handovers: number;
  counted: Counted;
}

interface Row {
  since: Date | null;
  decisions: number;
  employees: Counted["employees"] | null;
  pairs: Counted["pairs"] | null;
  pair_count: number;
  by_remedy: { employee: string; remedy: string; given: number }[] | null;
  near: { threshold: number; employee: string; near: number }[] | null;
  parts: Counted["parts"] | null;
  shopping: Counted["shopping"] | null;
  answers: Counted["answers"] | null;
}

/**
 * Counts what signals are made of over the last days, in one statement that reads each decision once, and never more than
 * the latest of them. Amounts are held against what the policy says now. With a replica it may be a few seconds old.
 */
export async function countSpan(
  organizationId: string,
  query: { policy: Policy; days: number; timeZone: string; now: Date },
): Promise<LookedAt> {
  const thresholds = thresholdsOf(query.policy);
  const { rows } = await readTenant(organizationId, (client) =>
    client.query<Row>(COUNTED, [
      organizationId,
      leastIdAt(query.now.getTime() - query.days * DAY_MS),
      LOOKED_AT_MOST,
      query.timeZone,
      JSON.stringify(
        thresholds.map(({ amount, remedies, single }, place) => ({
          ...{ place, amount, remedies, single },
          low: Math.floor(amount * (1 - JUST_UNDER)),
        })),
      ),
    ]),
  );
  const row = rows[0];
  if (!row) throw new Error("Nothing was counted.");
  const answers = row.answers ?? [];
  return {
    since: row.since?.toISOString() ?? null,
    decisions: row.decisions,
    handovers: answers.reduce((sum, { times }) => sum + times, 0),
    counted: {
      employees: row.employees ?? [],
      pairs: row.pairs ?? [],
      pairCount: row.pair_count,
      thresholds,
      under: underOf(thresholds, row),
      parts: row.parts ?? [],
      shopping: row.shopping ?? [],
      answers,
    },
  };
}

/** For each threshold and employee, what was near it among all that it is about. */
function underOf(thresholds: Counted["thresholds"], row: Row): Counted["under"] {
  const near = new Map((row.near ?? []).map((each) => [`${each.threshold} ${each.employee}`, each.near]));
  return thresholds.flatMap(({ remedies }, threshold) => {
    const all = new Map<string, number>();
    for (const { employee, remedy, given } of row.by_remedy ?? []) {
      if (remedies !== null && !remedies.some((each) => each === remedy)) continue;
      all.set(employee, (all.get(employee) ?? 0) + given);
    }
    return [...all].map(([employee, count]) => ({
      threshold,
      employee,
      near: near.get(`${threshold} ${employee}`) ?? 0,
      all: count,
    }));
  });
}

/** The latest decisions of a span, $2 on, $3 at most. Records that were merged are one customer, the one that stands. */
const SPAN = `
  latest as materialized (
    select id, employee_id, team_id, customer_id, remedy, counted_amount, status, created_at
    from decisions where organization_id = $1 and id >= $2::uuid order by id desc limit $3
  ),
  span as materialized (
    select l.id, l.employee_id, l.team_id, case when m.id is null then l.customer_id else standing_customer($1, m.id) end as customer_id,
      l.remedy, l.counted_amount, l.status, l.created_at
    from latest l
    left join customers m on m.organization_id = $1 and m.id = l.customer_id and m.merged_into is not null
  )`;

/** So many gestures make a pair worth counting, and so many refusals a customer. */
const COUNTED = `
  with ${SPAN},
  given as materialized (select * from span where status = 'posted'),
  by_pair as materialized (
    select employee_id, customer_id, count(*)::integer as given from given group by employee_id, customer_id
  ),
  by_customer as materialized (select customer_id, sum(given)::integer as given from by_pair group by customer_id),
  thresholds as materialized (
    select * from jsonb_to_recordset($5::jsonb) as t (place integer, amount bigint, low bigint, single boolean, remedies text[])
  ),
  several as materialized (
    select employee_id, remedy, max(counted_amount) as most, sum(counted_amount) as together
    from given where counted_amount is not null
    group by employee_id, customer_id, remedy, (created_at at time zone $4)::date having count(*) > 1
  ),
  refused as materialized (
    select customer_id from span where status in ('refused', 'declined', 'expired') group by customer_id having count(*) > 2
  ),
  moments as (
    select customer_id, employee_id, status, created_at,
      lead(employee_id) over next as next_employee, lead(status) over next as next_status, lead(created_at) over next as next_at
    from span where customer_id in (select customer_id from refused)
    window next as (partition by customer_id, remedy order by id)
  )
  select
    (select min(created_at) from span) as since,
    (select count(*)::integer from span) as decisions,
    (select jsonb_agg(x) from (
      select g.employee_id as employee, e.team_id as team, g.given
      from (select employee_id, count(*)::integer as given from given group by employee_id) as g
      join employees e on e.organization_id = $1 and e.id = g.employee_id
    ) as x) as employees,
    (select count(*)::integer from by_pair) as pair_count,
    (select jsonb_agg(x) from (
      select p.employee_id as employee, p.customer_id as customer, p.given, c.given as "ofCustomer"
      from by_pair p join by_customer c on c.customer_id = p.customer_id
      where p.given > 4 order by p.given desc limit 200
    ) as x) as pairs,
    (select jsonb_agg(x) from (
      select employee_id as employee, remedy, count(*)::integer as given from given group by employee_id, remedy
    ) as x) as by_remedy,
    (select jsonb_agg(x) from (
      select t.place as threshold, g.employee_id as employee, count(*)::integer as near
      from thresholds t join given g on g.counted_amount > t.low and g.counted_amount <= t.amount
        and (t.remedies is null or g.remedy = any (t.remedies))
      group by t.place, g.employee_id
    ) as x) as near,
    (select jsonb_agg(x) from (
      select t.place as threshold, s.employee_id as employee, count(*)::integer as days,
        (count(*) filter (where s.most <= t.amount and s.together > t.amount))::integer as passing
      from thresholds t join several s on t.single and (t.remedies is null or s.remedy = any (t.remedies))
      group by t.place, s.employee_id
    ) as x) as parts,
    (select jsonb_agg(x) from (
      select customer_id as customer,
        (count(*) filter (where status in ('refused', 'declined', 'expired')))::integer as refusals,
        (count(*) filter (where status in ('refused', 'declined', 'expired') and next_status = 'posted'
          and next_employee <> employee_id and next_at < created_at + interval '3 days'))::integer as hops
      from moments group by customer_id
    ) as x) as shopping,
    (select jsonb_agg(x) from (
      select asked_by as asked, answered_by as answered, count(*)::integer as times from handovers
      where organization_id = $1 and id >= $2::uuid and status in ('approved', 'adjusted') and answered_by is not null
      group by asked_by, answered_by
    ) as x) as answers`;

/** What of the span a signal has seen, as ids: the same counts as above, told one by one. */
const SEEN: Record<Exclude<SignalKind, "pair">, string> = {
  under: `select id from span where status = 'posted' and employee_id = any ($4::uuid[])
    and counted_amount > $6::bigint and counted_amount <= $7::bigint and ($8::text[] is null or remedy = any ($8))`,
  parts: `select unnest(ids) as id from (
      select array_agg(id) as ids from span
      where status = 'posted' and employee_id = any ($4::uuid[]) and counted_amount is not null and ($8::text[] is null or remedy = any ($8))
      group by employee_id, customer_id, remedy, (created_at at time zone $9)::date
      having count(*) > 1 and max(counted_amount) <= $7::bigint and sum(counted_amount) > $7::bigint
    ) as days`,
  shopping: `select unnest(array[id, next_id]) as id from (
      select id, employee_id, status, created_at, lead(id) over next as next_id,
        lead(employee_id) over next as next_employee, lead(status) over next as next_status, lead(created_at) over next as next_at
      from span where customer_id = any ($5::uuid[])
      window next as (partition by customer_id, remedy order by id)
    ) as moments
    where status in ('refused', 'declined', 'expired') and next_status = 'posted'
      and next_employee <> employee_id and next_at < created_at + interval '3 days'`,
  trade: `select decision_id as id from handovers
    where organization_id = $1 and id >= $2::uuid and status in ('approved', 'adjusted')
      and asked_by = any ($4::uuid[]) and answered_by = any ($4::uuid[])`,
};

/** The latest decisions that a signal has seen, as many as an address can name. */
export async function findSeen(
  organizationId: string,
  { kind, subjects, amount, remedies }: Signal & { kind: Exclude<SignalKind, "pair"> },
  query: { days: number; timeZone: string; now: Date },
): Promise<string[]> {
  const { rows } = await readTenant(organizationId, (client) =>
    client.query<{ id: string }>(
      `with ${SPAN},
       facts as (
         select $4::uuid[] as employees, $5::uuid[] as customers, $6::bigint as low, $7::bigint as amount,
           $8::text[] as remedies, $9::text as time_zone
       )
       select distinct id from (${SEEN[kind]}) as seen cross join facts order by id desc limit ${IDS_MOST}`,
      [
        organizationId,
        leastIdAt(query.now.getTime() - query.days * DAY_MS),
        LOOKED_AT_MOST,
        subjects.employees,
        subjects.customers,
        amount === null ? null : Math.floor(amount * (1 - JUST_UNDER)),
        amount,
        remedies,
        query.timeZone,
      ],
    ),
  );
  return rows.map(({ id }) => id);
}

/** The names of whom a signal is about. */
export async function nameSubjects(
  organizationId: string,
  subjects: { employees: readonly string[]; customers: readonly string[] },
): Promise<{ employees: { id: string; name: string }[]; customers: { id: string; name: string }[] }> {
  const db = tenantDb(organizationId);
  const among = (ids: readonly string[]) => ({
    where: { organizationId, id: { in: [...ids] } },
    select: { id: true, name: true },
  });
  const [employees, customers] = await Promise.all([
    db.employee.findMany(among(subjects.employees)),
    db.customer.findMany(among(subjects.customers)),
  ]);
  return { employees, customers };
}
