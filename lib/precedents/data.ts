import { leastIdAt } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import type { DecisionStatus } from "@/lib/decisions/types";
import type { Remedy, Verdict } from "@/lib/discretion/schema";
import { DAY_MS, localDay } from "@/lib/discretion/windows";
import { isGiven, nearest, type PastCase, usualByRemedy } from "@/lib/precedents/closeness";
import type { SimilarQuery } from "@/lib/precedents/schema";
import type { Similar } from "@/lib/precedents/types";
import { listPrecedents } from "@/lib/teachable/data";

/** How many of the latest decisions under a cause speak for it. */
const LATEST = 400;

/** So many are read beside a case, by somebody with a customer waiting. */
const TAUGHT = 2;

/** Where so many are looked for first: decisions are kept by month, and older months are read only for what is missing. */
const NEAR_MS = 62 * DAY_MS;

interface Row {
  remedy: Remedy;
  amount: string;
  currency: string;
  verdict: Verdict;
  status: DecisionStatus;
  granted: string | null;
  score: number | null;
  tier: string | null;
  customer_id: string;
  created_at: Date;
}

/**
 * What others did when the same went wrong: what is usual for each remedy, and the nearest few cases with how they turned
 * out. The latest decisions under the cause are read by the index on it, so it costs the same however long the history
 * is. It says of nobody who they were: neither the customer nor who decided.
 */
export async function readSimilar(
  organizationId: string,
  query: SimilarQuery,
  clock: { now: Date; timeZone: string },
): Promise<Similar> {
  const taught = await listPrecedents(organizationId, { cause: query.cause, limit: TAUGHT });
  const { rows, asked } = await withTenant(organizationId, async (client) => {
    const found = await client.query<Row>(LATEST_UNDER_CAUSE, [
      organizationId,
      query.cause,
      leastIdAt(clock.now.getTime() - NEAR_MS),
      LATEST,
    ]);
    const customer = await client.query<{ tier: string | null; records: string[] }>(
      `select s.tier, array(select merged_customers($1, s.id)) as records
       from customers s where s.organization_id = $1 and s.id = standing_customer($1, $2)`,
      [organizationId, query.customer],
    );
    return { rows: found.rows, asked: customer.rows[0] };
  });
  const cases = rows.map((row) => toPastCase(row, asked ?? { tier: null, records: [] }, clock.timeZone));
  return {
    cause: query.cause,
    usual: usualByRemedy(cases.filter((each) => each.currency === query.currency && isGiven(each))),
    precedents: nearest(cases, query),
    taught,
  };
}

function toPastCase(row: Row, asked: { tier: string | null; records: string[] }, timeZone: string): PastCase {
  return {
    remedy: row.remedy,
    amount: Number(row.amount),
    currency: row.currency,
    verdict: row.verdict,
    status: row.status,
    granted: row.granted === null ? null : Number(row.granted),
    score: row.score,
    sameTier: row.tier === asked.tier,
    day: localDay(row.created_at.getTime(), timeZone),
    isOwn: asked.records.includes(row.customer_id),
  };
}

const under = (bound: string, limit: string) => `
  select id, remedy, amount, currency, verdict, status, facts, customer_id, created_at from decisions
  where organization_id = $1 and cause = $2 and ${bound} order by id desc limit ${limit}`;

const LATEST_UNDER_CAUSE = `
  with near as (${under("id >= $3", "$4")}),
  far as (${under("id < $3", "greatest(0, $4 - (select count(*) from near))")}),
  latest as (select * from near union all select * from far)
  select l.remedy, l.amount, l.currency, l.verdict, l.status, h.granted_amount as granted, s.score,
    l.facts -> 'customer' ->> 'tier' as tier, l.customer_id, l.created_at
  from latest l
  left join handovers h on h.organization_id = $1 and h.decision_id = l.id
  left join survey_answers s on s.organization_id = $1 and s.decision_id = l.id
  order by l.id desc`;
