import { notFound } from "next/navigation";
import { z } from "zod";
import { roleHasScope } from "@/lib/auth/ability";
import { requireActorOrHide } from "@/lib/auth/actor";
import { isId } from "@/lib/db/ids";
import { VERDICTS } from "@/lib/discretion/schema";
import { localDay } from "@/lib/discretion/windows";
import { findPolicy, publishedVersion } from "@/lib/policies/data";
import { readVersion } from "@/lib/policies/loaders";
import {
  countDifferences,
  findProgress,
  findSimulation,
  listDifferences,
  listSimulationLines,
} from "@/lib/simulations/data";
import type {
  DifferenceFilter,
  DifferencePage,
  SimulationPage,
  SimulationProgress,
  SimulationView,
} from "@/lib/simulations/types";

const RUNS = 20;
const DIFFERENCES = 25;

type Query = Record<string, string | string[] | undefined>;

/** The replays of a version: the one that the address names, or the latest one, and what it changed. */
export async function loadSimulations(number: string, query: Query): Promise<SimulationPage> {
  const actor = await requireActorOrHide("settings");
  const { organizationId, currency, timeZone } = actor;
  const version = readVersion(number);
  const found = version === null ? null : await findPolicy(organizationId, version);
  if (!found) notFound();
  const now = new Date();
  const [current, runs] = await Promise.all([
    publishedVersion(organizationId),
    listSimulationLines(organizationId, found.version, RUNS),
  ]);
  const run = await shownRun(organizationId, found.version, query.run, runs[0]?.id);
  const filter = readFilter(query);
  return {
    version: { version: found.version, status: found.status, revision: found.revision },
    current,
    mayStart: roleHasScope(actor.role, "policies:write"),
    runs,
    run,
    filter,
    differences: run?.result ? await differencesOf(organizationId, run, filter, query) : null,
    currency,
    timeZone,
    today: localDay(now.getTime(), timeZone),
    now: now.toISOString(),
  };
}

/** How far a replay is, for a page that waits for it. Not there where the version has none of that id. */
export async function loadProgress(number: string, id: string | null): Promise<SimulationProgress> {
  const { organizationId } = await requireActorOrHide("settings");
  const version = readVersion(number);
  const found =
    version !== null && id !== null && isId(id) ? await findProgress(organizationId, version, id) : null;
  if (!found) notFound();
  return found;
}

async function shownRun(
  organizationId: string,
  version: number,
  named: string | string[] | undefined,
  latest: string | undefined,
): Promise<SimulationView | null> {
  if (named === undefined) return latest === undefined ? null : findSimulation(organizationId, latest);
  const run = typeof named === "string" && isId(named) ? await findSimulation(organizationId, named) : null;
  if (run?.version !== version) notFound();
  return run;
}

const verdictSchema = z.enum(VERDICTS).optional().catch(undefined);

/** What the address says and can't be read is left out: the list is then wider, and says what it holds. */
function readFilter({ against, from, to }: Query): DifferenceFilter {
  return {
    against: against === "recorded" ? "recorded" : "current",
    from: verdictSchema.parse(from),
    to: verdictSchema.parse(to),
  };
}

async function differencesOf(
  organizationId: string,
  run: SimulationView,
  filter: DifferenceFilter,
  { older, newer }: Query,
): Promise<DifferencePage> {
  const cursor =
    typeof newer === "string" && isId(newer)
      ? ({ than: newer, towards: "newer" } as const)
      : typeof older === "string" && isId(older)
        ? ({ than: older, towards: "older" } as const)
        : null;
  const [page, count] = await Promise.all([
    listDifferences(organizationId, run.id, filter, { limit: DIFFERENCES, cursor }),
    countDifferences(organizationId, run.id, filter),
  ]);
  const href = (place: Record<string, string> | null) => place && differencesHref(run, filter, place);
  return {
    rows: page.rows,
    count,
    newerHref: href(page.newer === null ? null : { newer: page.newer }),
    olderHref: href(page.older === null ? null : { older: page.older }),
  };
}

function differencesHref(
  { version, id }: SimulationView,
  filter: DifferenceFilter,
  place: Record<string, string>,
): string {
  const query = new URLSearchParams({ run: id, against: filter.against });
  if (filter.from) query.set("from", filter.from);
  if (filter.to) query.set("to", filter.to);
  for (const [name, value] of Object.entries(place)) query.set(name, value);
  return `/settings/policies/${version}/simulation?${query}#differences`;
}
