import { OF_EACH_CAUSE, TEAM_LEAST } from "@/lib/consistency/schema";
import type { CauseSpread, Spread } from "@/lib/consistency/types";
import { instantOf, leastIdAt } from "@/lib/db/ids";
import { readTenant } from "@/lib/db/replica";
import type { Remedy } from "@/lib/discretion/schema";

interface Row {
  cause: string;
  /** Null for the cause as a whole. */
  team: string | null;
  team_key: string | null;
  name: string | null;
  first_id: string;
  is_whole: boolean;
  count: number;
  points: string[];
}

/**
 * How far what was given for each of these causes lies apart: the latest gestures of each since a moment, of one remedy
 * where it is given, in the policy's currency. With a replica it may be a few seconds old.
 */
export async function readSpreads(
  organizationId: string,
  query: { causes: readonly string[]; since: Date; remedy: Remedy | null },
): Promise<CauseSpread[]> {
  const { rows } = await readTenant(organizationId, (client) =>
    client.query<Row>(
      `with latest as materialized (
         select c.cause, x.id, x.team_id, x.counted_amount
         from unnest($2::text[]) as c (cause)
         cross join lateral (
           select d.id, d.team_id, d.counted_amount from decisions d
           where d.organization_id = $1 and d.cause = c.cause and d.id >= $3::uuid and d.status = 'posted'
             and d.counted_amount is not null and ($4::text is null or d.remedy = $4)
           order by d.id desc limit $5
         ) as x
       ),
       spread as (
         select cause, team_id, grouping(team_id) = 1 as is_whole, count(*)::integer as count, min(id::text) as first_id,
           percentile_disc(array[0.05, 0.25, 0.5, 0.75, 0.95]::float8[]) within group (order by counted_amount) as points
         from latest group by grouping sets ((cause), (cause, team_id))
       )
       select s.cause, k.name, s.is_whole, t.name as team, t.key as team_key, s.count, s.first_id, s.points::text[] as points
       from spread s left join teams t on t.organization_id = $1 and t.id = s.team_id
       left join causes k on k.organization_id = $1 and k.key = s.cause
       where s.is_whole or (t.id is not null and s.count >= $6)
       order by s.cause, t.name`,
      [
        organizationId,
        query.causes,
        leastIdAt(query.since.getTime()),
        query.remedy,
        OF_EACH_CAUSE,
        TEAM_LEAST,
      ],
    ),
  );
  const wholes = rows.filter((row) => row.is_whole);
  return wholes
    .map((whole) => ({
      cause: whole.cause,
      name: whole.name ?? whole.cause,
      since: whole.count < OF_EACH_CAUSE ? null : new Date(instantOf(whole.first_id)).toISOString(),
      ...toSpread(whole),
      teams: rows.flatMap((row) =>
        row.is_whole || row.cause !== whole.cause || row.team === null || row.team_key === null
          ? []
          : [{ team: row.team, key: row.team_key, ...toSpread(row) }],
      ),
    }))
    .sort((a, b) => widthOf(b) - widthOf(a) || b.count - a.count);
}

/** How many times the upper end of the middle half is the lower one. */
function widthOf({ from, to }: Spread): number {
  return to / Math.max(1, from);
}

function toSpread({ count, points }: Row): Spread {
  const [low = 0, from = 0, middle = 0, to = 0, high = 0] = points.map(Number);
  return { count, low, from, middle, to, high };
}
