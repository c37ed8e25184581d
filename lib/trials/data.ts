import { leastIdAt } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { addDays, localDay } from "@/lib/discretion/windows";
import type { Trial, TrialComparison, TrialDay, TrialTotals } from "@/lib/trials/types";

const PERSON = { select: { id: true, name: true } } as const;
const TRIAL = {
  id: true,
  version: true,
  startsAt: true,
  endsAt: true,
  endedAt: true,
  team: { select: { id: true, key: true, name: true } },
  starter: PERSON,
  ender: PERSON,
} as const;

interface TrialRow {
  id: string;
  version: number;
  startsAt: Date;
  endsAt: Date;
  endedAt: Date | null;
  team: Trial["team"];
  starter: Trial["startedBy"];
  ender: Trial["endedBy"];
}

/** A trial whose time is over is over, whether or not the worker has come to write that down. */
function toTrial({ starter, ender, startsAt, endsAt, endedAt, ...trial }: TrialRow, now: Date): Trial {
  const over = endedAt ?? (endsAt <= now ? endsAt : null);
  return {
    ...trial,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    endedAt: over?.toISOString() ?? null,
    startedBy: starter,
    endedBy: ender,
  };
}

/** The trials of an organization, the newest first; of one version, where it is named. */
export async function listTrials(
  organizationId: string,
  query: { version?: number; limit: number; now: Date },
): Promise<Trial[]> {
  const { version, limit, now } = query;
  const rows = await tenantDb(organizationId).policyTrial.findMany({
    where: { organizationId, ...(version === undefined ? {} : { version }) },
    orderBy: [{ startsAt: "desc" }, { id: "desc" }],
    take: limit,
    select: TRIAL,
  });
  return rows.map((row) => toTrial(row, now));
}

/** What the team of an employee tries at a moment; null where it tries nothing, and for those without a team. */
export async function ownTrial(
  organizationId: string,
  employeeId: string,
  now: Date,
): Promise<{ version: number; endsAt: Date } | null> {
  return tenantDb(organizationId).policyTrial.findFirst({
    where: {
      organizationId,
      endedAt: null,
      startsAt: { lte: now },
      endsAt: { gt: now },
      team: { employees: { some: { id: employeeId } } },
    },
    select: { version: true, endsAt: true },
  });
}

/** The trials that run at a moment. */
export async function runningTrials(organizationId: string, now: Date): Promise<Trial[]> {
  const rows = await tenantDb(organizationId).policyTrial.findMany({
    where: { organizationId, endedAt: null, startsAt: { lte: now }, endsAt: { gt: now } },
    orderBy: { endsAt: "asc" },
    select: TRIAL,
  });
  return rows.map((row) => toTrial(row, now));
}

interface DayRow {
  who: "trial" | "before" | "others";
  day: string;
  decisions: string;
  solved: string;
  handover: string;
  deny: string;
  given: string;
}

/** Whom and when to compare; instants are epoch milliseconds, and `to` is not part of the span. */
export interface ComparisonSpan {
  teamId: string;
  /** The version that is tried: in the trial only what was decided under it is counted. */
  version: number;
  /** How long before the trial the team is looked at. */
  before: number;
  from: number;
  to: number;
  timeZone: string;
}

/**
 * What the team of a trial decided in it and before it, and the others in the same time, day by day. The team's
 * decisions are found by its index, the others' by the order of ids, which is that of time.
 */
export async function readTrialComparison(
  organizationId: string,
  span: ComparisonSpan,
): Promise<TrialComparison> {
  const sums = `(d.created_at at time zone $7)::date::text as day, count(*) as decisions,
    count(*) filter (where d.verdict in ('allow', 'bend')) as solved,
    count(*) filter (where d.verdict = 'handover') as handover, count(*) filter (where d.verdict = 'deny') as deny,
    coalesce(sum(d.counted_amount) filter (where d.status = 'posted'), 0) as given`;
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<DayRow>(
      `select case when d.id < $4 then 'before' else 'trial' end as who, ${sums}
       from decisions d
       where d.organization_id = $1 and d.team_id = $2 and d.id >= $3 and d.id < $5
         and (d.id < $4 or d.policy_version = $6)
       group by who, day
       union all
       select 'others', ${sums}
       from decisions d
       where d.organization_id = $1 and d.team_id is distinct from $2 and d.id >= $4 and d.id < $5
       group by day`,
      [
        organizationId,
        span.teamId,
        leastIdAt(span.before),
        leastIdAt(span.from),
        leastIdAt(span.to),
        span.version,
        span.timeZone,
      ],
    ),
  );
  const of = (who: DayRow["who"]) => rows.filter((row) => row.who === who);
  return {
    trial: totalOf(of("trial")),
    before: totalOf(of("before")),
    others: totalOf(of("others")),
    days: [
      ...daysBetween(span.before, span.from, span.timeZone).map((day) => dayOf(day, false, of("before"), [])),
      ...daysBetween(span.from, span.to, span.timeZone).map((day) =>
        dayOf(day, true, of("trial"), of("others")),
      ),
    ],
  };
}

function dayOf(day: string, inTrial: boolean, team: readonly DayRow[], others: readonly DayRow[]): TrialDay {
  const on = (rows: readonly DayRow[]) => totalOf(rows.filter((row) => row.day === day));
  return { day, inTrial, team: on(team), others: on(others) };
}

function totalOf(rows: readonly DayRow[]): TrialTotals {
  const sum = (column: keyof TrialTotals) => rows.reduce((total, row) => total + Number(row[column]), 0);
  return {
    decisions: sum("decisions"),
    solved: sum("solved"),
    handover: sum("handover"),
    deny: sum("deny"),
    given: sum("given"),
  };
}

/** The local days that a span touches; none where it is empty. */
function daysBetween(from: number, to: number, timeZone: string): string[] {
  if (to <= from) return [];
  const last = localDay(to - 1, timeZone);
  const days: string[] = [];
  for (let day = localDay(from, timeZone); day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}
