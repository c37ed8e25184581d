import { notFound } from "next/navigation";
import { roleHasScope } from "@/lib/auth/ability";
import { requireActor, requireActorOrHide } from "@/lib/auth/actor";
import { listRecentCauses } from "@/lib/customers/data";
import { listTeams, listTiers } from "@/lib/insights/data";
import { currentPolicy, findPolicy, listPolicies } from "@/lib/policies/data";
import type { PolicyPage, VersionPage, VersionsPage } from "@/lib/policies/types";
import { toLine } from "@/lib/policies/views";

const VERSIONS = 20;
const CAUSES = 50;

/** The largest number that a version can have in the database. */
const VERSION_MAX = 2_147_483_647;

/** The policy in force, and what its editor offers to choose from. */
export async function loadPolicy(): Promise<PolicyPage> {
  const actor = await requireActor("settings");
  const { organizationId, currency, timeZone } = actor;
  const [current, teams, tiers, causes] = await Promise.all([
    currentPolicy(organizationId),
    listTeams(organizationId),
    listTiers(organizationId),
    listRecentCauses(organizationId, CAUSES),
  ]);
  return {
    mayEdit: roleHasScope(actor.role, "policies:write"),
    current: current && { ...toLine(current), document: current.document },
    currency,
    timeZone,
    known: { teams: teams.map((team) => team.value), tiers, causes },
    now: new Date().toISOString(),
  };
}

/** The versions, the newest first. `before` is where a page begins, as it stands in the address. */
export async function loadVersions(before: string | string[] | undefined): Promise<VersionsPage> {
  const { organizationId, timeZone } = await requireActor("settings");
  const from = typeof before === "string" ? readVersion(before) : null;
  const page = await listPolicies(organizationId, { limit: VERSIONS, before: from });
  const first = page.data[0]?.version;
  return {
    versions: page.data.map(toLine),
    // Versions count up by one: newer ones begin right above, and the page of them is a number away.
    newerHref: from !== null && first === from - 1 ? versionsHref(first + VERSIONS + 1) : null,
    olderHref: page.nextCursor ? versionsHref(Number(page.nextCursor)) : null,
    now: new Date().toISOString(),
    timeZone,
  };
}

function versionsHref(before: number): string {
  return `/settings/policies?before=${before}`;
}

/** One version and the one before it; a page that isn't there where the organization has none of that number. */
export async function loadVersion(number: string): Promise<VersionPage> {
  const { organizationId, timeZone } = await requireActorOrHide("settings");
  const version = readVersion(number);
  const found = version === null ? null : await findPolicy(organizationId, version);
  if (!found) notFound();
  const before = found.version > 1 ? await findPolicy(organizationId, found.version - 1) : null;
  return {
    ...toLine(found),
    document: found.document,
    before: before && { version: before.version, document: before.document },
    now: new Date().toISOString(),
    timeZone,
  };
}

/** A version is written one way only: "7" and not "07", so that a page has one address. */
function readVersion(text: string): number | null {
  if (!/^[1-9]\d{0,9}$/.test(text)) return null;
  const version = Number(text);
  return version <= VERSION_MAX ? version : null;
}
