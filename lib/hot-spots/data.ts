import type pg from "pg";
import { readCauseNames } from "@/lib/causes/data";
import { nameOfCause } from "@/lib/causes/naming";
import { idsWithin, type OpenSpan } from "@/lib/dashboards/data";
import { readTenant } from "@/lib/db/replica";
import { FINDINGS } from "@/lib/decisions/filters";
import type { Policy, Remedy } from "@/lib/discretion/schema";
import { isHot, partOf, proposalFor } from "@/lib/hot-spots/proposal";
import type { HotRow, HotSpot, HotSpotsPage, TeamHeat } from "@/lib/hot-spots/types";
import { readNeeded, readSums, readTotal } from "@/lib/sums/data";
import { answeredOf, NO_TEAM, noSums, SUMMED, type Sums, type SumsFilter } from "@/lib/sums/types";

const ROWS = 6;
/** How many of the latest days are looked through for the rows of a figure. */
const DAYS_OF_ROWS = 6;

type Found = Pick<HotSpotsPage, "spots" | "quiet" | "within" | "without">;

/** Which checks block what is then approved, what would have been right, and what else goes astray. */
export async function readHotSpots(
  organizationId: string,
  open: OpenSpan,
  policy: Policy | null,
): Promise<Found> {
  const { filter } = open;
  const names = await readCauseNames(organizationId);
  return readTenant(organizationId, async (client): Promise<Found> => {
    const rows = await readSums(client, organizationId, "check", filter, "key", "team");
    const needed = await readNeeded(client, organizationId, filter);
    const teamSums = await readSums(client, organizationId, "all", filter, "team");
    const causes = await readSums(client, organizationId, "cause", filter, "key");
    const total = await readTotal(client, organizationId, filter);

    const spots: HotSpot[] = [];
    const quiet: Found["quiet"] = [];
    for (const [check, teams] of byCheck(rows, open)) {
      const sums = sumsOf(teams);
      if (sums.handedOver === 0) continue;
      const part = partOf(policy, check);
      const hot = teams.filter((team) => team.hot);
      if (hot.length === 0 && !isHot(sums)) {
        quiet.push({ check, part, sums });
        continue;
      }
      const proposal = proposalFor(part, neededOf(needed, check, hot, open));
      spots.push({
        check,
        part,
        sums,
        teams: teams.filter((team) => answeredOf(team.sums) > 0 || team.sums.handedOver > 0),
        proposal: typeof proposal === "string" ? null : { ...proposal, draft: null },
        noProposal: typeof proposal === "string" ? proposal : null,
        rows: await readRows(client, organizationId, open, { dimension: "check", key: check }),
      });
    }
    const handedWithin = teamSums.filter(({ sums }) => sums.withinLimit > 0);
    const emptyCauses = causes.filter(({ sums }) => sums.withoutRemedy > 0);
    return {
      spots: spots.sort((a, b) => b.sums.waitSeconds - a.sums.waitSeconds),
      quiet: quiet.sort((a, b) => b.sums.handedOver - a.sums.handedOver),
      within: {
        total: total.withinLimit,
        teams: handedWithin.map(({ key, sums }) => heatOf(key, sums, open)),
        rows: await readRows(client, organizationId, open, { dimension: "within" }),
      },
      without: {
        total: total.withoutRemedy,
        causes: emptyCauses
          .map(({ key, sums }) =>
            key === ""
              ? { cause: null, name: null, sums }
              : { cause: key, name: nameOfCause(names, key), sums },
          )
          .sort((a, b) => b.sums.withoutRemedy - a.sums.withoutRemedy),
        rows: await readRows(client, organizationId, open, { dimension: "without" }),
      },
    };
  });
}

/**
 * What would have been right for a check of that span, by the same figures that its page shows; null where it is no hot spot, or
 * no number mends it.
 */
export async function findProposal(
  organizationId: string,
  open: OpenSpan,
  policy: Policy,
  check: string,
): Promise<{ after: number } | null> {
  return readTenant(organizationId, async (client) => {
    const rows = await readSums(client, organizationId, "check", open.filter, "key", "team");
    const teams = byCheck(rows, open).get(check) ?? [];
    const hot = teams.filter((team) => team.hot);
    if (hot.length === 0 && !isHot(sumsOf(teams))) return null;
    const needed = await readNeeded(client, organizationId, open.filter);
    const proposal = proposalFor(partOf(policy, check), neededOf(needed, check, hot, open));
    return typeof proposal === "string" ? null : proposal;
  });
}

function byCheck(
  rows: Awaited<ReturnType<typeof readSums>>,
  open: OpenSpan,
): ReadonlyMap<string, TeamHeat[]> {
  const found = new Map<string, TeamHeat[]>();
  for (const { key, second, sums } of rows) {
    found.set(key, [...(found.get(key) ?? []), heatOf(second, sums, open)]);
  }
  for (const teams of found.values()) teams.sort((a, b) => b.sums.waitSeconds - a.sums.waitSeconds);
  return found;
}

function heatOf(teamId: string, sums: Sums, { teams }: OpenSpan): TeamHeat {
  const team = teamId === NO_TEAM ? null : teams.get(teamId);
  return { value: team?.key ?? null, label: team?.name ?? null, sums, hot: isHot(sums) };
}

function sumsOf(teams: readonly TeamHeat[]): Sums {
  const sum = noSums();
  for (const { sums } of teams) {
    for (const [name] of SUMMED) sum[name] += sums[name];
    sum.waitLongest = Math.max(sum.waitLongest, sums.waitLongest);
  }
  return sum;
}

/** Where single teams are hot, what they needed; else what all did. */
function neededOf(
  needed: Awaited<ReturnType<typeof readNeeded>>,
  check: string,
  hot: readonly TeamHeat[],
  { teams }: OpenSpan,
): number[] {
  const keys = new Set(hot.map(({ value }) => value));
  return needed
    .filter((row) => row.check === check)
    .filter((row) => keys.size === 0 || keys.has(teams.get(row.teamId)?.key ?? null))
    .flatMap((row) => row.needed);
}

type Figure = { dimension: "check"; key: string } | { dimension: "within" | "without" };

/** The sums say on which days there are any, so that few days are read however rare they are. */
const DAYS: Record<Figure["dimension"], string> = {
  check: "dimension = 'check' and key = $6 and handed_over > 0",
  within: "dimension = 'all' and within_limit > 0",
  without: "dimension = 'all' and without_remedy > 0",
};
const ROWS_OF: Record<Figure["dimension"], string> = {
  check: "d.verdict = 'handover' and coalesce(d.explanation ->> 'binding', '') = $8",
  within: FINDINGS.within_limit,
  without: FINDINGS.no_remedy,
};

/** Some of the decisions that a figure counts, the newest first. */
async function readRows(
  client: pg.PoolClient,
  organizationId: string,
  open: OpenSpan,
  figure: Figure,
): Promise<HotRow[]> {
  const { filter, page } = open;
  const { rows: days } = await client.query<{ day: string }>(
    `select distinct day from insight_days
     where organization_id = $1 and day between $2 and $3 and ($4::uuid is null or team_id = $4)
       and ($5::text is null or remedy = $5) and ${DAYS[figure.dimension]}
     order by day desc limit ${DAYS_OF_ROWS}`,
    [...basics(organizationId, filter), ...("key" in figure ? [figure.key] : [])],
  );
  const last = days[0]?.day;
  const first = days.at(-1)?.day;
  if (!first || !last) return [];
  const [from, until] = idsWithin({ from: first, to: last, days: 0 }, page.timeZone);
  const { rows } = await client.query<{
    id: string;
    created_at: Date;
    remedy: Remedy;
    amount: string;
    currency: string;
    cause: string | null;
  }>(
    `select d.id, d.created_at, d.remedy, d.amount, d.currency, coalesce(k.name, d.cause) as cause from decisions d
     left join causes k on k.organization_id = $1 and k.key = d.cause
     where d.organization_id = $1 and ($3::uuid is null or d.team_id = $3) and ($4::text is null or d.remedy = $4)
       and d.id >= $5 and d.id < $6 and (d.created_at at time zone $7)::date = any ($2::date[])
       and ${ROWS_OF[figure.dimension]}
     order by d.id desc limit ${ROWS}`,
    [
      organizationId,
      days.map(({ day }) => day),
      filter.teamId ?? null,
      filter.remedy ?? null,
      from,
      until,
      page.timeZone,
      ...("key" in figure ? [figure.key] : []),
    ],
  );
  return rows.map(({ id, created_at, amount, ...row }) => ({
    ...row,
    decisionId: id,
    at: created_at.toISOString(),
    amount: Number(amount),
  }));
}

function basics(organizationId: string, filter: SumsFilter): unknown[] {
  return [organizationId, filter.from, filter.to, filter.teamId ?? null, filter.remedy ?? null];
}
