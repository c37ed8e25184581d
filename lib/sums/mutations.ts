import type pg from "pg";
import { isConflict, isDatabaseAway } from "@/lib/db/health";
import { leastIdAt } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { BEGINS_CASE } from "@/lib/decisions/filters";
import { addDays, startOfDay } from "@/lib/discretion/windows";
import { log } from "@/lib/log";
import { listStaleDays, STAMP, STANDING, type StaleDay } from "@/lib/sums/data";
import { NO_TEAM } from "@/lib/sums/types";
import { SATISFIED_FROM } from "@/lib/surveys/types";

/** A day may have an hour that belongs to its neighbour, where the clock is set back over midnight. */
const NEIGHBOUR_MS = 3_601_000;

/** How far back a case may have begun whose later decisions are looked at. */
const CASE_DAYS = 400;

/** A day that takes longer, and changes all the time, is read so rarely that reading takes this part of the time. */
const LONG_MS = 1_000;
const SHARE_OF_TIME = 1 / 20;

interface Place {
  organizationId: string;
  timeZone: string;
}

/**
 * Sums up the days whose decisions have changed since they were summed, the newest first. Answers which of them are left.
 *
 * @param options.from only days from then on (ISO date), and until `to`.
 * @param options.budget how many decisions are read at most: days beyond it wait for the worker. Without one, every day is
 * summed up, but one that was read a moment ago and takes long.
 */
export async function sumUpStale(
  place: Place,
  options: { from?: string; to?: string; budget?: number; now?: Date; signal?: AbortSignal } = {},
): Promise<StaleDay[]> {
  const { budget, now = new Date(), signal } = options;
  let rest = budget ?? Number.POSITIVE_INFINITY;
  const left: StaleDay[] = [];
  for (const stale of await listStaleDays(place.organizationId, options)) {
    rest -= stale.decisions;
    const waits = signal?.aborted || rest < 0 || (budget === undefined && restsStill(stale, now));
    if (waits || !(await sumUpDay(place, stale.day))) left.push(stale);
  }
  return left;
}

function restsStill({ builtAt, tookMs }: { builtAt: Date | null; tookMs: number }, now: Date): boolean {
  if (builtAt === null || tookMs < LONG_MS) return false;
  return now.getTime() - builtAt.getTime() < tookMs / SHARE_OF_TIME;
}

/** Sums up all days of one organization that have changed. */
export async function sumUpOrganization(
  organizationId: string,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  const timeZone = await withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ time_zone: string }>(
      "select time_zone from organizations where id = $1",
      [organizationId],
    );
    return rows[0]?.time_zone;
  });
  if (timeZone) await sumUpStale({ organizationId, timeZone }, options);
}

/** The same in every organization. What breaks in one of them is told in the log and keeps nothing from the others. */
export async function sumUpEverywhere(options: { signal?: AbortSignal } = {}): Promise<void> {
  const { rows } = await pool().query<{ id: string }>("select list_organizations() as id");
  for (const { id: organizationId } of rows) {
    if (options.signal?.aborted) return;
    try {
      await sumUpOrganization(organizationId, options);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      log.error({ err: error, organization: organizationId }, "days could not be summed up");
    }
  }
}

/** Sums one day up, unless somebody else is about to; answers whether it did. */
async function sumUpDay({ organizationId, timeZone }: Place, day: string): Promise<boolean> {
  const begun = performance.now();
  try {
    return await withTenant(organizationId, async (client) => {
      const { rows } = await client.query<{ held: boolean }>(
        "select pg_try_advisory_xact_lock(hashtextextended(concat_ws('/', 'leeway.sums', $1::text, $2::text), 0)) as held",
        [organizationId, day],
      );
      if (!rows[0]?.held) return false;
      // First how it stands: what is recorded while the day is read makes it stand otherwise, and then it is read again.
      await client.query(NOTE_STAMP, [organizationId, day]);
      const around = {
        from: leastIdAt(startOfDay(day, timeZone) - NEIGHBOUR_MS),
        until: leastIdAt(startOfDay(addDays(day, 1), timeZone) + NEIGHBOUR_MS),
      };
      await client.query("delete from insight_days where organization_id = $1 and day = $2", [
        organizationId,
        day,
      ]);
      await client.query("delete from insight_limits where organization_id = $1 and day = $2", [
        organizationId,
        day,
      ]);
      const facts = [organizationId, day, timeZone, around.from, around.until];
      await client.query(SUM_UP_DAY, [...facts, NO_TEAM, caseReach(day, timeZone)]);
      await client.query(SUM_UP_LIMITS, [...facts, NO_TEAM]);
      await rereadCases(client, facts);
      await client.query(
        "update insight_builds set took_ms = $3, built_at = clock_timestamp() where organization_id = $1 and day = $2",
        [organizationId, day, Math.round(performance.now() - begun)],
      );
      return true;
    });
  } catch (error) {
    // Somebody else has summed it up meanwhile.
    if (isConflict(error)) return false;
    throw error;
  }
}

function caseReach(day: string, timeZone: string): string {
  return leastIdAt(startOfDay(addDays(day, -CASE_DAYS), timeZone));
}

/** A case of an earlier day that was decided on again may have come to its remedy now: that day is read again. */
async function rereadCases(client: pg.PoolClient, facts: readonly unknown[]): Promise<void> {
  await client.query(
    `update insight_builds b set stamp = null
     from (
       select distinct (${MOMENT_OF_CASE} at time zone $3)::date as day
       from decisions d
       where d.organization_id = $1 and d.id >= $4 and d.id < $5 and (d.created_at at time zone $3)::date = $2::date
         and d.case_id is not null and d.case_id < $4
     ) as earlier
     where b.organization_id = $1 and b.day = earlier.day and b.day < $2::date`,
    [...facts],
  );
}

/** Ids begin with their milliseconds. */
const MOMENT_OF_CASE = `to_timestamp(('x' || substr(replace(d.case_id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0)`;

const NOTE_STAMP = `
  insert into insight_builds (organization_id, day, stamp, built_at, took_ms)
  select $1::uuid, $2::date, ${STAMP}, clock_timestamp(), 0
  from (
    select verdict, status, sum(decisions) as decisions, sum(amount) as amount from (${STANDING}) as each
    where day = $2 group by 1, 2
  ) as standing
  where decisions <> 0 or amount <> 0
  on conflict (organization_id, day) do update set stamp = excluded.stamp`;

/** The decisions of a day, $2, as they are summed. */
const DECIDED = `
  select d.id, coalesce(d.team_id, $6::uuid) as team_id, d.remedy, d.employee_id::text as employee, coalesce(d.cause, '') as cause,
    d.verdict, d.status, d.customer_id, d.case_id, d.explanation,
    coalesce(d.counted_amount, 0) as asked, coalesce(h.granted_counted_amount, d.counted_amount, 0) as amount,
    coalesce(h.granted_counted_amount, 0) as granted, coalesce(h.granted_amount, d.amount) as wanted,
    case when d.verdict <> 'allow' then coalesce(d.explanation ->> 'binding', '') end as binding,
    h.status as answer,
    case when h.status in ('approved', 'adjusted', 'declined')
      then greatest(0, floor(extract(epoch from h.answered_at - h.created_at)))::bigint end as waited,
    case when h.status in ('approved', 'adjusted', 'declined', 'expired', 'withdrawn')
      then greatest(0, floor(extract(epoch from h.answered_at - h.created_at)))::bigint end as settled,
    ${BEGINS_CASE} as begins_case, s.score
  from decisions d
  left join handovers h on h.organization_id = d.organization_id and h.decision_id = d.id
  left join survey_answers s on s.organization_id = d.organization_id and s.decision_id = d.id
  where d.organization_id = $1 and d.id >= $4 and d.id < $5 and (d.created_at at time zone $3)::date = $2::date`;

/** Which of them a row is not put together by: a bit for each, the last one the lowest. */
const GROUPED = "grouping(team_id, remedy, employee, cause, binding)";

/** What customers said of the cases that began so: how many, how many were satisfied, and all scores together. */
function saidOf(begun: string): string {
  return `count(score) filter (where ${begun}),
    count(score) filter (where ${begun} and score >= ${SATISFIED_FROM}),
    coalesce(sum(score) filter (where ${begun}), 0)`;
}

const SUM_UP_DAY = `
  with decided as materialized (${DECIDED}),
  judged as (
    select d.*,
      d.verdict = 'handover' and (d.binding = '' or (d.explanation ->> 'maxAmount')::numeric >= d.wanted) as within_limit,
      d.status in ('refused', 'declined', 'expired', 'released') and not exists (
        -- Another decision of the case that gave something or waits, or that came first and stands for the case.
        select from decisions o
        where o.organization_id = $1 and o.customer_id = d.customer_id and o.case_id = d.case_id and o.id <> d.id and o.id >= $7
          and (o.status in ('posted', 'reserved', 'reversed') or o.id < d.id)
      ) as without_remedy,
      case when d.answer = 'approved' then coalesce(
        (select case c ->> 'measure'
            when 'amount' then (c ->> 'used')::numeric + d.granted
            when 'count' then (c ->> 'used')::numeric + 1
            else d.granted end
          from jsonb_array_elements(d.explanation -> 'checks') as c where c ->> 'id' = d.binding limit 1),
        d.granted) end as needed
    from decided d
  )
  insert into insight_days
  select $1,
    case ${GROUPED}
      when 31 then 'whole' when 15 then 'team' when 23 then 'remedy' when 27 then 'person' when 29 then 'reason'
      when 3 then 'employee' when 5 then 'cause' when 6 then 'check' else 'all' end,
    $2, coalesce(team_id, $6), coalesce(remedy, ''), coalesce(employee, cause, binding, ''),
    count(*),
    count(*) filter (where verdict in ('allow', 'bend')),
    count(*) filter (where verdict = 'bend'),
    count(*) filter (where verdict = 'handover'),
    count(*) filter (where verdict = 'deny'),
    count(*) filter (where status = 'posted'), coalesce(sum(amount) filter (where status = 'posted'), 0),
    count(*) filter (where status = 'reserved'), coalesce(sum(amount) filter (where status = 'reserved'), 0),
    count(*) filter (where status = 'reversed'), coalesce(sum(amount) filter (where status = 'reversed'), 0),
    count(*) filter (where answer = 'approved'),
    count(*) filter (where answer = 'adjusted'),
    count(*) filter (where answer = 'declined'),
    count(*) filter (where answer = 'expired'),
    count(*) filter (where answer = 'withdrawn'),
    coalesce(sum(granted) filter (where answer in ('approved', 'adjusted')), 0),
    coalesce(sum(greatest(0, asked - granted)) filter (where answer in ('adjusted', 'declined')), 0),
    coalesce(sum(waited), 0), coalesce(max(waited), 0),
    count(*) filter (where waited <= 60),
    count(*) filter (where waited > 60 and waited <= 300),
    count(*) filter (where waited > 300 and waited <= 900),
    count(*) filter (where waited > 900 and waited <= 3600),
    count(*) filter (where waited > 3600 and waited <= 28800),
    count(*) filter (where waited > 28800),
    coalesce(sum(settled), 0),
    count(*) filter (where within_limit),
    count(*) filter (where without_remedy),
    case ${GROUPED}
      when 6 then coalesce(array_agg(least(needed, 9007199254740991)::bigint) filter (where needed is not null), '{}')
      else '{}' end,
    count(*) filter (where begins_case),
    ${["true", "verdict in ('allow', 'bend')", "verdict = 'handover'"].map(saidOf).join(",\n    ")}
  from judged
  group by grouping sets (
    (), (team_id), (remedy), (employee), (cause),
    (team_id, remedy), (team_id, remedy, employee), (team_id, remedy, cause), (team_id, remedy, binding)
  )
  having ${GROUPED} <> 6 or binding is not null`;

const SUM_UP_LIMITS = `
  with decided as materialized (${DECIDED}),
  used as (
    select d.team_id, d.remedy, c ->> 'id' as limit_id,
      least(1000000, floor(((c ->> 'used')::numeric + (c ->> 'asked')::numeric) * 1000 / (c ->> 'max')::numeric))::bigint as permille
    from decided d cross join lateral jsonb_array_elements(d.explanation -> 'checks') as c
    where d.status = 'posted' and d.verdict in ('allow', 'bend') and c ->> 'kind' = 'limit' and (c ->> 'max')::numeric > 0
  )
  insert into insight_limits
  select $1, $2, team_id, remedy, limit_id, count(*),
    count(*) filter (where permille <= 250),
    count(*) filter (where permille > 250 and permille <= 500),
    count(*) filter (where permille > 500 and permille <= 750),
    count(*) filter (where permille > 750 and permille <= 1000),
    count(*) filter (where permille > 1000),
    sum(permille), max(permille)
  from used group by team_id, remedy, limit_id`;
