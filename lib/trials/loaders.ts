import { notFound } from "next/navigation";
import { roleHasScope } from "@/lib/auth/ability";
import { requireActorOrHide } from "@/lib/auth/actor";
import { DAY_MS } from "@/lib/discretion/windows";
import { currentPolicy, findPolicy, precedingPolicies } from "@/lib/policies/data";
import { readVersion } from "@/lib/policies/loaders";
import { toWhole } from "@/lib/policies/views";
import { listTrials, readTrialComparison } from "@/lib/trials/data";
import type { TrialPage } from "@/lib/trials/types";

/**
 * The trial of a version beside what was before it and what the others do. Not there where the organization has no such
 * version, or never tried it: a version is tried once at most.
 */
export async function loadTrial(number: string): Promise<TrialPage> {
  const actor = await requireActorOrHide("settings");
  const { organizationId, timeZone, currency } = actor;
  const wanted = readVersion(number);
  const now = new Date();
  const version = wanted === null ? null : await findPolicy(organizationId, wanted);
  if (!version) notFound();
  const [[trial], current, preceding] = await Promise.all([
    listTrials(organizationId, { version: version.version, limit: 1, now }),
    currentPolicy(organizationId),
    precedingPolicies(organizationId, [version]),
  ]);
  if (!trial) notFound();

  const from = Date.parse(trial.startsAt);
  const to = trial.endedAt === null ? now.getTime() : Date.parse(trial.endedAt);
  const before = from - Math.max(1, Math.ceil((to - from) / DAY_MS)) * DAY_MS;
  // While it runs the others decide under what is in force; afterwards that may long be another one.
  const main = trial.endedAt === null ? current : (preceding.get(version.version) ?? null);
  return {
    mayEdit: roleHasScope(actor.role, "policies:write"),
    trial,
    version: toWhole(version),
    main: main && toWhole(main),
    current: current && toWhole(current),
    comparison: await readTrialComparison(organizationId, {
      teamId: trial.team.id,
      version: version.version,
      before,
      from,
      to,
      timeZone,
    }),
    comparedFrom: new Date(before).toISOString(),
    comparedTo: new Date(to).toISOString(),
    currency,
    timeZone,
    now: now.toISOString(),
  };
}
