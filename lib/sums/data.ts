import type pg from "pg";
import { withTenant } from "@/lib/db/tenant";
import {
  type Dimension,
  type Freshness,
  type LimitUse,
  noSums,
  SUMMED,
  type Sums,
  type SumsFilter,
} from "@/lib/sums/types";

/**
 * What a day is summed from, as far as it can change: its decisions by verdict and status, and how often customers' answers
 * about them were recorded or changed. The organization is $1.
 */
export const STANDING = `
  select day, verdict, status, decisions, amount from decision_days where organization_id = $1
  union all
  select day, 'survey', 'answered', 0, changes from survey_days where organization_id = $1`;

/** How a day stands: what every decision that is recorded, every step of one, and every answer of a customer changes for good. */
export const STAMP =
  "string_agg(concat_ws('/', verdict, status, decisions, amount), ' ' order by verdict, status)";

export interface StaleDay {
  /** ISO date. */
  day: string;
  decisions: number;
  /** When it was summed up before; null where it never was. */
  builtAt: Date | null;
  tookMs: number;
}

/** The days that have changed since they were summed up, the newest first. */
export async function listStaleDays(
  organizationId: string,
  span: { from?: string; to?: string } = {},
): Promise<StaleDay[]> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{
      day: string;
      decisions: string;
      built_at: Date | null;
      took_ms: number | null;
    }>(
      `select s.day, s.decisions, b.built_at, b.took_ms
       from (
         select day, ${STAMP} as stamp, sum(decisions) as decisions
         from (
           select day, verdict, status, sum(decisions) as decisions, sum(amount) as amount from (${STANDING}) as each
           where ($2::date is null or day >= $2) and ($3::date is null or day <= $3)
           group by 1, 2, 3
         ) as standing
         where decisions <> 0 or amount <> 0
         group by day
       ) as s
       left join insight_builds b on b.organization_id = $1 and b.day = s.day
       where b.stamp is distinct from s.stamp
       order by s.day desc`,
      [organizationId, span.from ?? null, span.to ?? null],
    );
    return rows.map(({ day, decisions, built_at, took_ms }) => ({
      day,
      decisions: Number(decisions),
      builtAt: built_at,
      tookMs: took_ms ?? 0,
    }));
  });
}

/** What is to be said of days of which these are stale. */
export function freshnessOf(stale: readonly StaleDay[]): Freshness {
  const told = stale.flatMap(({ builtAt }) => (builtAt ? [builtAt.getTime()] : []));
  return {
    asOf: told.length === 0 ? null : new Date(Math.min(...told)).toISOString(),
    missing: stale.length - told.length,
  };
}

/** What sums are put together by: one of the columns, the week (its Monday) or nothing. */
export type SumsBy = "day" | "week" | "team" | "remedy" | "key" | "total";

const BY: Record<SumsBy, string> = {
  day: "day::text",
  week: "date_trunc('week', day)::date::text",
  team: "team_id::text",
  remedy: "remedy",
  key: "key",
  total: "''",
};

const COLUMNS = [
  ...SUMMED.map(([, column]) => `sum(${column}) as ${column}`),
  "max(wait_longest) as wait_longest",
];

type Row = Record<string, string | null>;

const WITHIN = `organization_id = $1 and dimension = $2 and day between $3 and $4
  and ($5::uuid is null or team_id = $5) and ($6::text is null or remedy = $6)`;

function parameters(organizationId: string, dimension: string, filter: SumsFilter): unknown[] {
  return [organizationId, dimension, filter.from, filter.to, filter.teamId ?? null, filter.remedy ?? null];
}

function toSums(row: Row): Sums {
  const sums = noSums();
  for (const [name, column] of SUMMED) sums[name] = Number(row[column] ?? 0);
  sums.waitLongest = Number(row.wait_longest ?? 0);
  return sums;
}

/** The same by one thing alone, which is much less to read; null where that does not say it. */
function alone(dimension: Dimension, by: SumsBy, andBy: SumsBy): string | null {
  const others = [by, andBy].filter((each) => each !== "total" && each !== "day" && each !== "week");
  if (others.length > 1) return null;
  const [other] = others;
  switch (dimension) {
    case "all":
      if (other === undefined) return "whole";
      return other === "team" || other === "remedy" ? other : null;
    case "employee":
      return other === "key" ? "person" : null;
    case "cause":
      return other === "key" ? "reason" : null;
    case "check":
      return null;
    default:
      return dimension satisfies never;
  }
}

/** Sums of some days, put together by one thing or by two ("" where one of them is the total); nothing where there is nothing. */
export async function readSums(
  client: pg.PoolClient,
  organizationId: string,
  dimension: Dimension,
  filter: SumsFilter,
  by: SumsBy,
  andBy: SumsBy = "total",
): Promise<{ key: string; second: string; sums: Sums }[]> {
  const whole = filter.teamId === undefined && filter.remedy === undefined;
  const read = (whole ? alone(dimension, by, andBy) : null) ?? dimension;
  const { rows } = await client.query<Row>(
    `select ${BY[by]} as by_key, ${BY[andBy]} as by_second, ${COLUMNS.join(", ")} from insight_days
     where ${WITHIN} group by 1, 2 order by 1, 2`,
    parameters(organizationId, read, filter),
  );
  return rows.map((row) => ({ key: row.by_key ?? "", second: row.by_second ?? "", sums: toSums(row) }));
}

/** All of some days together. */
export async function readTotal(
  client: pg.PoolClient,
  organizationId: string,
  filter: SumsFilter,
): Promise<Sums> {
  const [total] = await readSums(client, organizationId, "all", filter, "total");
  return total?.sums ?? noSums();
}

/**
 * For each check and team what the handovers that were approved whole would have needed it to allow, in no order: the
 * limit's measure with what was used before, or the amount for a rule.
 */
export async function readNeeded(
  client: pg.PoolClient,
  organizationId: string,
  filter: SumsFilter,
): Promise<{ check: string; teamId: string; needed: number[] }[]> {
  const { rows } = await client.query<{ key: string; team_id: string; needed: string[] }>(
    `select key, team_id, array_agg(n) as needed from insight_days cross join lateral unnest(needed) as n
     where ${WITHIN} group by 1, 2 order by 1, 2`,
    parameters(organizationId, "check", filter),
  );
  return rows.map((row) => ({ check: row.key, teamId: row.team_id, needed: row.needed.map(Number) }));
}

/** How far each limit was used. */
export async function readLimitUse(
  client: pg.PoolClient,
  organizationId: string,
  filter: SumsFilter,
): Promise<LimitUse[]> {
  const { rows } = await client.query<Row>(
    `select limit_id, sum(decisions) as decisions, sum(up_to_quarter) as up_to_quarter, sum(up_to_half) as up_to_half,
       sum(up_to_three_quarters) as up_to_three_quarters, sum(up_to_whole) as up_to_whole, sum(beyond) as beyond,
       sum(use_permille) as use_permille, max(most_permille) as most_permille
     from insight_limits
     where organization_id = $1 and day between $2 and $3
       and ($4::uuid is null or team_id = $4) and ($5::text is null or remedy = $5)
     group by limit_id order by limit_id`,
    [organizationId, filter.from, filter.to, filter.teamId ?? null, filter.remedy ?? null],
  );
  return rows.map((row) => ({
    limitId: row.limit_id ?? "",
    decisions: Number(row.decisions),
    upToQuarter: Number(row.up_to_quarter),
    upToHalf: Number(row.up_to_half),
    upToThreeQuarters: Number(row.up_to_three_quarters),
    upToWhole: Number(row.up_to_whole),
    beyond: Number(row.beyond),
    usePermille: Number(row.use_permille),
    mostPermille: Number(row.most_permille),
  }));
}
