import type { CauseNames } from "@/lib/causes/naming";
import type { FreeCause, KeptCause, OfferedCause } from "@/lib/causes/types";
import { leastIdAt } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { DAY_MS } from "@/lib/discretion/windows";

interface Row {
  key: string;
  name: string;
  needsNote: boolean;
  retiredAt: Date | null;
  revision: number;
}

/** A row of the catalogue as the admins keep it. */
export function toKept(row: Row): KeptCause {
  return {
    key: row.key,
    name: row.name,
    needsNote: row.needsNote,
    retiredAt: row.retiredAt?.toISOString() ?? null,
    revision: row.revision,
  };
}

/** The whole catalogue, by name. */
export async function listCauses(organizationId: string): Promise<KeptCause[]> {
  const rows = await tenantDb(organizationId).cause.findMany({
    where: { organizationId },
    orderBy: [{ name: "asc" }, { key: "asc" }],
  });
  return rows.map(toKept);
}

/** What is offered on the desk, by name. */
export async function listOfferedCauses(organizationId: string): Promise<OfferedCause[]> {
  const all = await listCauses(organizationId);
  return all
    .filter(({ retiredAt }) => retiredAt === null)
    .map(({ key, name, needsNote }) => ({ key, name, needsNote }));
}

/** What the causes of the catalogue are called, those too that are offered no longer. */
export async function readCauseNames(organizationId: string): Promise<CauseNames> {
  const rows = await tenantDb(organizationId).cause.findMany({
    where: { organizationId },
    select: { key: true, name: true },
  });
  return Object.fromEntries(rows.map(({ key, name }) => [key, name]));
}

/** The name of one; null where it is in no catalogue. */
export async function findCauseName(organizationId: string, key: string): Promise<string | null> {
  const row = await tenantDb(organizationId).cause.findUnique({
    where: { organizationId_key: { organizationId, key } },
    select: { name: true },
  });
  return row?.name ?? null;
}

/** For so long a process goes by what it read of a catalogue that another one may have changed. */
const REMEMBERED_MS = 5_000;
const REMEMBERED_AT_MOST = 500;

/** By organization: the causes that ask for a note, and until when that is believed. */
const remembered = new Map<string, { keys: Promise<ReadonlySet<string>>; until: number }>();

/**
 * Whether whoever decides on the desk under this cause has to write why. Asked at every such decision, so it is read once
 * in a few seconds: a change is heeded at once by the process that made it, and by the others then.
 */
export async function demandsNote(organizationId: string, key: string): Promise<boolean> {
  const now = Date.now();
  const known = remembered.get(organizationId);
  if (known && known.until > now) return (await known.keys).has(key);
  if (remembered.size >= REMEMBERED_AT_MOST) remembered.clear();
  const keys = readDemandingKeys(organizationId);
  remembered.set(organizationId, { keys, until: now + REMEMBERED_MS });
  // What could not be read is asked for again, and not remembered.
  keys.catch(() => forgetDemands(organizationId));
  return (await keys).has(key);
}

/** Has the catalogue read anew: it was changed here. */
export function forgetDemands(organizationId: string): void {
  remembered.delete(organizationId);
}

async function readDemandingKeys(organizationId: string): Promise<ReadonlySet<string>> {
  const rows = await tenantDb(organizationId).cause.findMany({
    where: { organizationId, needsNote: true, retiredAt: null },
    select: { key: true },
  });
  return new Set(rows.map(({ key }) => key));
}

/** How many of the latest decisions are looked at, and how far back. */
const LATEST = 2_000;
const NEAR_MS = 62 * DAY_MS;

/** What was named lately as a cause without being in the catalogue, the most frequent first. */
export async function listFreeCauses(organizationId: string, limit: number, now: Date): Promise<FreeCause[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ cause: string; count: number }>(
      `with latest as (
         select cause from decisions where organization_id = $1 and id >= $2 order by id desc limit $3
       )
       select l.cause, count(*)::integer as count from latest l
       where l.cause is not null
         and not exists (select from causes c where c.organization_id = $1 and c.key = l.cause)
       group by l.cause order by count(*) desc, l.cause limit $4`,
      [organizationId, leastIdAt(now.getTime() - NEAR_MS), LATEST, limit],
    ),
  );
  return rows;
}
