import { notFound } from "next/navigation";
import { roleHasScope } from "@/lib/auth/ability";
import { requireActor, requireActorOrHide } from "@/lib/auth/actor";
import { listRecentCauses } from "@/lib/customers/data";
import { readRoster } from "@/lib/employees/data";
import { listTeamsWithIds, listTiers } from "@/lib/insights/data";
import {
  currentPolicy,
  findPolicy,
  listPolicies,
  type PolicyVersion,
  precedingPolicies,
} from "@/lib/policies/data";
import type { DraftPage, ListedVersion, PolicyPage, VersionPage, VersionsPage } from "@/lib/policies/types";
import { toWhole } from "@/lib/policies/views";
import { listSimulations } from "@/lib/simulations/data";
import { listTrials, runningTrials } from "@/lib/trials/data";

const VERSIONS = 20;
const DRAFTS = 20;
const TRIALS = 20;
const CAUSES = 50;

/** The largest number that a version can have in the database. */
const VERSION_MAX = 2_147_483_647;

/** The policy in force, the drafts of what may come, and what is being tried. */
export async function loadPolicy(): Promise<PolicyPage> {
  const actor = await requireActor("settings");
  const { organizationId, currency, timeZone } = actor;
  const now = new Date();
  const [current, drafts, trials] = await Promise.all([
    currentPolicy(organizationId),
    listPolicies(organizationId, { limit: DRAFTS, status: ["draft"] }),
    runningTrials(organizationId, now),
  ]);
  return {
    mayEdit: roleHasScope(actor.role, "policies:write"),
    current: current && toWhole(current),
    drafts: await withPreceding(organizationId, drafts.data),
    trials,
    currency,
    timeZone,
    now: now.toISOString(),
  };
}

/** The versions, the newest first. `before` is where a page begins, as it stands in the address. */
export async function loadVersions(before: string | string[] | undefined): Promise<VersionsPage> {
  const actor = await requireActor("settings");
  const { organizationId, timeZone } = actor;
  const from = typeof before === "string" ? readVersion(before) : null;
  const page = await listPolicies(organizationId, { limit: VERSIONS, before: from });
  const first = page.data[0]?.version;
  return {
    mayEdit: roleHasScope(actor.role, "policies:write"),
    versions: await withPreceding(organizationId, page.data),
    // Versions count up by one: newer ones begin right above, and the page of them is a number away.
    newerHref: from !== null && first === from - 1 ? versionsHref(first + VERSIONS + 1) : null,
    olderHref: page.nextCursor ? versionsHref(Number(page.nextCursor)) : null,
    now: new Date().toISOString(),
    timeZone,
  };
}

/** Versions as they are listed, each with the one that it is told against. */
async function withPreceding(
  organizationId: string,
  versions: readonly PolicyVersion[],
): Promise<ListedVersion[]> {
  const preceding = await precedingPolicies(organizationId, versions);
  return versions.map((version) => {
    const before = preceding.get(version.version);
    return { ...toWhole(version), before: before ? toWhole(before) : null };
  });
}

function versionsHref(before: number): string {
  return `/settings/policies?before=${before}`;
}

/** One version: a draft with its editor, or what was in force. Not there where the organization has none of that number. */
export async function loadVersion(number: string): Promise<DraftPage | VersionPage> {
  const actor = await requireActorOrHide("settings");
  const { organizationId, timeZone, currency } = actor;
  const version = readVersion(number);
  const found = version === null ? null : await findPolicy(organizationId, version);
  if (!found) notFound();
  const now = new Date();
  const mayEdit = roleHasScope(actor.role, "policies:write");
  const [current, teams] = await Promise.all([
    currentPolicy(organizationId),
    listTeamsWithIds(organizationId),
  ]);
  if (found.status !== "draft") {
    const [preceding, trials] = await Promise.all([
      precedingPolicies(organizationId, [found]),
      listTrials(organizationId, { version: found.version, limit: TRIALS, now }),
    ]);
    const before = preceding.get(found.version);
    return {
      kind: "version",
      mayEdit,
      version: toWhole(found),
      before: before ? toWhole(before) : null,
      current: current && toWhole(current),
      trials,
      teams,
      now: now.toISOString(),
      timeZone,
    };
  }
  const [base, tiers, causes, roster, running, simulations] = await Promise.all([
    found.baseVersion === null ? null : findPolicy(organizationId, found.baseVersion),
    listTiers(organizationId),
    listRecentCauses(organizationId, CAUSES),
    readRoster(organizationId, now),
    runningTrials(organizationId, now),
    listSimulations(organizationId, found.version, 1),
  ]);
  const names = { teams: teams.map(({ key }) => key), tiers, causes };
  return {
    kind: "draft",
    mayEdit,
    draft: toWhole(found),
    base: base && toWhole(base),
    current: current && toWhole(current),
    known: names,
    roster: { employees: roster, teams: names.teams, tiers },
    teams,
    running,
    latestSimulation: simulations[0] ?? null,
    currency,
    timeZone,
    now: now.toISOString(),
  };
}

/** A version is written one way only: "7" and not "07", so that a page has one address. */
export function readVersion(text: string): number | null {
  if (!/^[1-9]\d{0,9}$/.test(text)) return null;
  const version = Number(text);
  return version <= VERSION_MAX ? version : null;
}
