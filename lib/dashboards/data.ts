import type pg from "pg";
import { readCauseNames } from "@/lib/causes/data";
import { type CauseNames, nameOfCause } from "@/lib/causes/naming";
import { grainOf, readSpanSearch, type Span, sumsFilter } from "@/lib/dashboards/schema";
import type { BendReason, DashboardsPage, LimitLine, Line, SpanPage, Stretch } from "@/lib/dashboards/types";
import { leastIdAt } from "@/lib/db/ids";
import { readTenant } from "@/lib/db/replica";
import type { Policy, Remedy } from "@/lib/discretion/schema";
import { addDays, localDay, startOfDay } from "@/lib/discretion/windows";
import { partOf } from "@/lib/hot-spots/proposal";
import { listTeamsWithIds } from "@/lib/insights/data";
import type { SearchParams } from "@/lib/insights/schema";
import { freshnessOf, readLimitUse, readSums, readTotal } from "@/lib/sums/data";
import { sumUpStale } from "@/lib/sums/mutations";
import { NO_TEAM, noSums, SUMMED, type Sums, type SumsFilter } from "@/lib/sums/types";

/** How many decisions a page reads itself, so that what happened a moment ago is in it; more of them wait for the worker. */
const READ_AT_ONCE = 4_000;
/** Older days change so rarely that the worker alone looks whether they did. */
const LIVE_DAYS = 62;

const CAUSES_LISTED = 15;
const EMPLOYEES_LISTED = 300;
const REASONS_LISTED = 8;

export interface Asked {
  organizationId: string;
  timeZone: string;
  currency: string;
}

/** A page over a span, and what narrows it. */
export interface OpenSpan {
  page: SpanPage;
  /** Teams by id. */
  teams: ReadonlyMap<string, { key: string; name: string }>;
  teamId: string | null;
  filter: SumsFilter;
  filterBefore: SumsFilter;
}

/** Reads the address of a page over a span, and sees to it that what it shows is as fresh as can be had at once. */
export async function openSpan(asked: Asked, params: SearchParams, now: Date): Promise<OpenSpan> {
  const { organizationId, timeZone, currency } = asked;
  const today = localDay(now.getTime(), timeZone);
  const teams = await listTeamsWithIds(organizationId);
  const search = readSpanSearch(params, today);
  const team = teams.find(({ id, key }) => key === search.team || id === search.team) ?? null;
  if (search.team !== null && team === null) {
    search.faults.push("team");
    delete search.given.team;
  }
  search.team = team?.key ?? null;
  const { span, before } = search;
  const live = addDays(today, -LIVE_DAYS);
  const from = before.from > live ? before.from : live;
  const left = await sumUpStale(
    { organizationId, timeZone },
    { from, to: span.to, budget: READ_AT_ONCE, now },
  );
  const teamId = team?.id ?? null;
  return {
    page: {
      now: now.toISOString(),
      timeZone,
      currency,
      today,
      search,
      teams: teams.map(({ key, name }) => ({ value: key, label: name })),
      freshness: freshnessOf(left),
    },
    teams: new Map(teams.map(({ id, key, name }) => [id, { key, name }])),
    teamId,
    filter: sumsFilter(span, search, teamId),
    filterBefore: sumsFilter(before, search, teamId),
  };
}

type Figures = Omit<DashboardsPage, keyof SpanPage>;

/** Everything that the dashboards show of a span, from the days' sums. `policy` is the one in force. */
export async function readDashboards(
  organizationId: string,
  open: OpenSpan,
  policy: Policy | null,
): Promise<Figures> {
  const { filter, filterBefore, page, teams } = open;
  const grain = grainOf(page.search.span);
  const [names, whole, causes, people, rest] = await Promise.all([
    readCauseNames(organizationId),
    readTenant(organizationId, async (client) => ({
      total: await readTotal(client, organizationId, filter),
      totalBefore: await readTotal(client, organizationId, filterBefore),
      stretches: await readStretches(client, organizationId, filter, page.search.span, grain),
      teams: await readLines(client, organizationId, "all", "team", open),
      remedies: await readLines(client, organizationId, "all", "remedy", open),
    })),
    readTenant(organizationId, (client) => readLines(client, organizationId, "cause", "key", open)),
    readTenant(organizationId, async (client) => {
      const lines = await readEmployees(client, organizationId, filter);
      return { lines, agents: await countAgents(client, organizationId, open.teamId, lines) };
    }),
    readTenant(organizationId, async (client) => ({
      checks: await readSums(client, organizationId, "check", filter, "key"),
      limits: await readLimitUse(client, organizationId, filter),
      reasons: await readReasons(client, organizationId, open),
    })),
  ]);
  const byGiven = causes.sort((a, b) => b.sums.given - a.sums.given || b.sums.decisions - a.sums.decisions);
  const others = byGiven.slice(CAUSES_LISTED);
  return {
    total: whole.total,
    totalBefore: whole.totalBefore,
    grain,
    stretches: whole.stretches,
    teamLines: whole.teams.map((line) => named(line, teams)).sort(byLabel),
    remedyLines: whole.remedies.map(plain).sort((a, b) => b.sums.given - a.sums.given),
    causeLines: byGiven.slice(0, CAUSES_LISTED).map((line) => called(line, names)),
    otherCauses:
      others.length === 0 ? null : { count: others.length, sums: together(others.map(({ sums }) => sums)) },
    employeeLines: people.lines.slice(0, EMPLOYEES_LISTED),
    employeesLeftOut: Math.max(0, people.lines.length - EMPLOYEES_LISTED),
    bends: rest.checks
      .filter(({ sums }) => sums.bent > 0)
      .map(({ key, sums }) => ({ check: key, part: partOf(policy, key), sums }))
      .sort((a, b) => b.sums.bent - a.sums.bent),
    reasons: rest.reasons,
    limits: limitLines(rest.limits, policy),
    agents: people.agents,
  };
}

type KeyedLine = { key: string; sums: Sums; before: Sums };

async function readLines(
  client: pg.PoolClient,
  organizationId: string,
  dimension: "all" | "cause",
  by: "team" | "remedy" | "key",
  { filter, filterBefore }: OpenSpan,
): Promise<KeyedLine[]> {
  const now = await readSums(client, organizationId, dimension, filter, by);
  const earlier = await readSums(client, organizationId, dimension, filterBefore, by);
  const lines = new Map<string, KeyedLine>();
  for (const { key, sums } of now) lines.set(key, { key, sums, before: noSums() });
  for (const { key, sums } of earlier) {
    lines.set(key, { key, sums: lines.get(key)?.sums ?? noSums(), before: sums });
  }
  return [...lines.values()];
}

function named({ key, ...line }: KeyedLine, teams: OpenSpan["teams"]): Line {
  const team = key === NO_TEAM ? null : teams.get(key);
  return { ...line, value: team?.key ?? null, label: team?.name ?? null };
}

function plain({ key, ...line }: KeyedLine): Line {
  return { ...line, value: key === "" ? null : key, label: key === "" ? null : key };
}

function called(line: KeyedLine, names: CauseNames): Line {
  return { ...plain(line), label: line.key === "" ? null : nameOfCause(names, line.key) };
}

function byLabel(a: Line, b: Line): number {
  if (a.label === null || b.label === null) return a.label === b.label ? 0 : a.label === null ? 1 : -1;
  return a.label.localeCompare(b.label, "en");
}

/** The sum of several. */
export function together(all: readonly Sums[]): Sums {
  const sum = noSums();
  for (const each of all) {
    for (const [name] of SUMMED) sum[name] += each[name];
    sum.waitLongest = Math.max(sum.waitLongest, each.waitLongest);
  }
  return sum;
}

/** One after the other, those without decisions too. Weeks begin on Mondays, the first and the last may be shorter. */
async function readStretches(
  client: pg.PoolClient,
  organizationId: string,
  filter: SumsFilter,
  span: Span,
  grain: "day" | "week",
): Promise<Stretch[]> {
  const rows = await readSums(client, organizationId, "all", filter, grain);
  const found = new Map(rows.map(({ key, sums }) => [key, sums]));
  return stretchesOf(span, grain).map((stretch) => ({
    ...stretch,
    sums: found.get(grain === "day" ? stretch.from : mondayOf(stretch.from)) ?? noSums(),
  }));
}

/** The days or the weeks of a span. */
export function stretchesOf({ from, to }: Span, grain: "day" | "week"): Span[] {
  const stretches: Span[] = [];
  for (let first = from; first <= to; ) {
    const next = addDays(grain === "day" ? first : mondayOf(first), grain === "day" ? 1 : 7);
    const last = next > to ? to : addDays(next, -1);
    const days = Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000) + 1;
    stretches.push({ from: first, to: last, days });
    first = next;
  }
  return stretches;
}

function mondayOf(day: string): string {
  return addDays(day, -((new Date(day).getUTCDay() + 6) % 7));
}

/** By name: who gave how much is no ranking. */
async function readEmployees(
  client: pg.PoolClient,
  organizationId: string,
  filter: SumsFilter,
): Promise<Line[]> {
  const rows = await readSums(client, organizationId, "employee", filter, "key");
  const { rows: names } = await client.query<{ id: string; name: string }>(
    "select id, name from employees where organization_id = $1 and id = any ($2::uuid[])",
    [organizationId, rows.map(({ key }) => key)],
  );
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  return rows
    .map(({ key, sums }): Line => ({ value: key, label: nameOf.get(key) ?? null, sums, before: null }))
    .sort(byLabel);
}

/** Of the agents who are here, how many are among those who gave something. */
async function countAgents(
  client: pg.PoolClient,
  organizationId: string,
  teamId: string | null,
  lines: readonly Line[],
): Promise<{ all: number; gave: number }> {
  const { rows } = await client.query<{ all: string; gave: string }>(
    `select count(*) as "all", count(*) filter (where id = any ($3::uuid[])) as gave from employees
     where organization_id = $1 and role = 'agent' and status = 'active' and ($2::uuid is null or team_id = $2)`,
    [organizationId, teamId, lines.filter(({ sums }) => sums.givenDecisions > 0).map(({ value }) => value)],
  );
  return { all: Number(rows[0]?.all ?? 0), gave: Number(rows[0]?.gave ?? 0) };
}

function limitLines(uses: Awaited<ReturnType<typeof readLimitUse>>, policy: Policy | null): LimitLine[] {
  const limits = policy?.limits ?? [];
  const inForce = limits.map((limit): LimitLine => {
    const use = uses.find(({ limitId }) => limitId === limit.id);
    return { ...(use ?? noUse(limit.id)), limit };
  });
  const gone = uses.filter(({ limitId }) => !limits.some(({ id }) => id === limitId));
  return [...inForce, ...gone.map((use): LimitLine => ({ ...use, limit: null }))];
}

function noUse(limitId: string): Omit<LimitLine, "limit"> {
  const none = { decisions: 0, upToQuarter: 0, upToHalf: 0, upToThreeQuarters: 0, upToWhole: 0, beyond: 0 };
  return { limitId, ...none, usePermille: 0, mostPermille: 0 };
}

/** The ids of a span's decisions. */
export function idsWithin({ from, to }: Span, timeZone: string): [from: string, until: string] {
  return [leastIdAt(startOfDay(from, timeZone)), leastIdAt(startOfDay(addDays(to, 1), timeZone))];
}

async function readReasons(
  client: pg.PoolClient,
  organizationId: string,
  { page, teamId }: OpenSpan,
): Promise<BendReason[]> {
  const { span, remedy } = page.search;
  const [from, until] = idsWithin(span, page.timeZone);
  const { rows } = await client.query<{
    id: string;
    created_at: Date;
    remedy: Remedy;
    amount: string;
    currency: string;
    note: string | null;
    check: string | null;
  }>(
    `select id, created_at, remedy, amount, currency, note, explanation ->> 'binding' as "check" from decisions
     where organization_id = $1 and verdict = 'bend' and id >= $2 and id < $3
       and ($4::uuid is null or team_id = $4) and ($5::text is null or remedy = $5)
     order by id desc limit $6`,
    [organizationId, from, until, teamId, remedy, REASONS_LISTED],
  );
  return rows.map(({ id, created_at, amount, ...row }) => ({
    ...row,
    decisionId: id,
    at: created_at.toISOString(),
    amount: Number(amount),
  }));
}
