import { findCauseName, listCauses } from "@/lib/causes/data";
import { listRecentCauses } from "@/lib/customers/data";
import { isId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { readTenant } from "@/lib/db/replica";
import { withTenant } from "@/lib/db/tenant";
import type { DecisionFilter } from "@/lib/decisions/schema";
import { EXCHANGE_RATE, ORDER_REFUNDABLE } from "@/lib/discretion/schema";
import { addDays, localDay } from "@/lib/discretion/windows";
import type { FilterName } from "@/lib/insights/schema";
import type { Choice, DayTotals, FloorTotals, SpanTotals } from "@/lib/insights/types";
import { policyDocument, publishedVersion } from "@/lib/policies/data";

const DAYS = 30;

/**
 * How far back a handover can still be waiting: its deadline is within 30 days of the decision, and as long again is
 * left for a worker that was away.
 */
const HELD_DAYS = 60;

interface DayRow {
  day: string;
  decisions: string;
  solved: string;
  given: string;
  held: string;
  waiting: string;
}

/**
 * What was given today and in 30 days, from the sums that every decision's own transaction keeps: never a scan of
 * decisions. Days are local ones of `timeZone`. With a replica the sums may be a few seconds old.
 */
export async function readTotals(
  organizationId: string,
  clock: { now: Date; timeZone: string },
): Promise<FloorTotals> {
  const today = localDay(clock.now.getTime(), clock.timeZone);
  const { rows } = await readTenant(organizationId, (client) =>
    client.query<DayRow>(
      `select day, sum(decisions) as decisions,
         coalesce(sum(decisions) filter (where verdict in ('allow', 'bend')), 0) as solved,
         coalesce(sum(amount) filter (where status = 'posted'), 0) as given,
         coalesce(sum(amount) filter (where status = 'reserved'), 0) as held,
         coalesce(sum(decisions) filter (where status = 'reserved'), 0) as waiting
       from decision_days where organization_id = $1 and day >= $2
       group by day order by day`,
      [organizationId, addDays(today, 1 - HELD_DAYS)],
    ),
  );
  const first = addDays(today, 1 - DAYS);
  return {
    today: spanOf(rows.filter((row) => row.day === today)),
    month: spanOf(rows.filter((row) => row.day >= first && row.day <= today)),
    held: { amount: sum(rows, "held"), decisions: sum(rows, "waiting") },
    days: everyDay(rows, first),
  };
}

function sum(rows: readonly DayRow[], column: Exclude<keyof DayRow, "day">): number {
  return rows.reduce((total, row) => total + Number(row[column]), 0);
}

function spanOf(rows: readonly DayRow[]): SpanTotals {
  const decisions = sum(rows, "decisions");
  return {
    given: sum(rows, "given"),
    decisions,
    solved: decisions === 0 ? null : sum(rows, "solved") / decisions,
  };
}

function everyDay(rows: readonly DayRow[], first: string): DayTotals[] {
  const byDay = new Map(rows.map((row) => [row.day, row]));
  return Array.from({ length: DAYS }, (_, index) => {
    const day = addDays(first, index);
    const row = byDay.get(day);
    return { day, given: Number(row?.given ?? 0), decisions: Number(row?.decisions ?? 0) };
  });
}

/** The organization's teams by name. */
export async function listTeamsWithIds(
  organizationId: string,
): Promise<{ id: string; key: string; name: string }[]> {
  return tenantDb(organizationId).team.findMany({
    where: { organizationId },
    orderBy: { name: "asc" },
    select: { id: true, key: true, name: true },
  });
}

/** The same under the key that filters and policies use. */
export async function listTeams(organizationId: string): Promise<Choice[]> {
  const teams = await listTeamsWithIds(organizationId);
  return teams.map((team) => ({ value: team.key, label: team.name }));
}

/** How many of the causes that were named lately are offered besides those of the catalogue. */
const RECENT_CAUSES = 30;

/** The causes to narrow by, by name: those that the desk offers, and what was named lately. */
export async function listCauseChoices(organizationId: string): Promise<Choice[]> {
  const [kept, recent] = await Promise.all([
    listCauses(organizationId),
    listRecentCauses(organizationId, RECENT_CAUSES),
  ]);
  const nameOf = new Map(kept.map(({ key, name }) => [key, name]));
  const offered = kept.filter(({ retiredAt }) => retiredAt === null).map(({ key }) => key);
  return [...new Set([...offered, ...recent])]
    .map((key) => ({ value: key, label: nameOf.get(key) ?? key }))
    .sort((a, b) => a.label.localeCompare(b.label, "en"));
}

/** What can bind a decision under the policy in force, in its order; `builtIn` says what the engine's own are called. */
export async function listCheckChoices(
  organizationId: string,
  builtIn: (id: typeof ORDER_REFUNDABLE | typeof EXCHANGE_RATE) => string,
): Promise<Choice[]> {
  const version = await publishedVersion(organizationId);
  if (version === null) return [];
  const { limits, rules } = await policyDocument(organizationId, version);
  const own = [ORDER_REFUNDABLE, EXCHANGE_RATE] as const;
  return [
    ...[...limits, ...rules].map(({ id }) => ({ value: id, label: id })),
    ...own.map((id) => ({ value: id, label: builtIn(id) })),
  ];
}

/** Whom and what the ids, references and keys of a filter mean; left out where the organization has nothing such. */
export async function readFilterNames(
  organizationId: string,
  filter: DecisionFilter,
): Promise<Partial<Record<FilterName, string>>> {
  const db = tenantDb(organizationId);
  const { employee, customer, team, cause } = filter;
  const byId = (value: string) => (isId(value) ? [{ id: value }] : []);
  const select = { name: true } as const;
  const [found, whom, group, called] = await Promise.all([
    employee === undefined
      ? null
      : db.employee.findFirst({
          where: { organizationId, OR: [...byId(employee), { email: employee.toLowerCase() }] },
          select,
        }),
    customer === undefined
      ? null
      : db.customer.findFirst({
          where: { organizationId, OR: [...byId(customer), { externalRef: customer }] },
          select,
        }),
    team === undefined
      ? null
      : db.team.findFirst({ where: { organizationId, OR: [...byId(team), { key: team }] }, select }),
    cause === undefined ? null : findCauseName(organizationId, cause),
  ]);
  return {
    ...(found ? { employee: found.name } : {}),
    ...(whom ? { customer: whom.name } : {}),
    ...(group ? { team: group.name } : {}),
    ...(called ? { cause: called } : {}),
  };
}

/** How many of the latest customers speak for the tiers that there are. */
const LATEST_CUSTOMERS = 2_000;

/** The tiers that customers have. */
export async function listTiers(organizationId: string): Promise<string[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ tier: string }>(
      `select distinct tier from (
         select tier from customers where organization_id = $1 order by id desc limit $2
       ) as latest
       where tier is not null order by tier limit 100`,
      [organizationId, LATEST_CUSTOMERS],
    ),
  );
  return rows.map((row) => row.tier);
}
