import type { DecisionFilter } from "@/lib/decisions/schema";
import { STATUSES } from "@/lib/decisions/types";
import { REMEDIES, VERDICTS } from "@/lib/discretion/schema";
import { addDays, localDay } from "@/lib/discretion/windows";
import type { Sort } from "@/lib/floor/schema";
import type { House } from "./house";
import { medianMs } from "./median";

/** How long parts of the list of actions take, medians in milliseconds. */
export interface ListTimes {
  firstPageMs: number;
  /** The slowest of the parts behind the first one, down to the end of the list. */
  nextPageMs: number;
  slowestFilterMs: number;
  /** Which that was. */
  slowestFilter: string;
}

const PAGE = 50;
/** How much further down a part is looked at each time, in days. */
const STEPS = [0, 30, 120, 300] as const;

/** Reads the list in every way that it can be narrowed and ordered: each filter, several at once, and what matches nothing. */
export async function timeList(house: House, times: number): Promise<ListTimes> {
  const { readActions } = await import("@/lib/floor/data");
  const { leastIdAt } = await import("@/lib/db/ids");
  const { organizationId, timeZone } = house;
  const read = (filter: DecisionFilter, sort: Sort = "newest", after: string | null = null) =>
    readActions(
      organizationId,
      { filter, sort, timeZone },
      { limit: PAGE, after: after === null ? null : { id: after, amount: null } },
    );
  const median = (work: () => Promise<unknown>) => medianMs(times, work);

  const firstPageMs = await median(() => read({}));
  const pages: number[] = [];
  for (const days of STEPS) {
    const after = leastIdAt(Date.now() - days * 86_400_000);
    pages.push(await median(() => read({}, "newest", after)));
  }
  const slowest = { ms: 0, name: "" };
  for (const [name, filter, sort] of await filtersOf(house)) {
    const ms = await median(() => read(filter, sort));
    if (ms > slowest.ms) Object.assign(slowest, { ms, name });
  }
  return {
    firstPageMs,
    nextPageMs: Math.max(...pages),
    slowestFilterMs: slowest.ms,
    slowestFilter: slowest.name,
  };
}

async function filtersOf(house: House): Promise<[name: string, DecisionFilter, Sort][]> {
  const { listDecisions } = await import("@/lib/decisions/data");
  const { organizationId, timeZone } = house;
  const [some] = (await listDecisions(organizationId, {}, { limit: 1, timeZone })).data;
  if (!some) throw new Error("There is nothing to list.");
  const today = localDay(Date.now(), timeZone);
  const single: Record<string, DecisionFilter> = {
    employee: { employee: some.employee },
    customer: { customer: some.customer },
    ...(some.teamId ? { team: { team: some.teamId } } : {}),
    "policy version": { policyVersion: some.policyVersion },
    "a week": { from: addDays(today, -7) },
    "a day long ago": { from: addDays(today, -200), to: addDays(today, -200) },
    "large amounts": { minAmount: 8_000 },
    "amounts beyond all": { minAmount: 9_000_000_000 },
    "a cause of nobody": { cause: "a cause of nobody" },
    ...(some.cause ? { cause: { cause: some.cause } } : {}),
    ...Object.fromEntries(VERDICTS.map((verdict) => [verdict, { verdict }])),
    ...Object.fromEntries(REMEDIES.map((remedy) => [remedy, { remedy }])),
    ...Object.fromEntries(STATUSES.map((status) => [status, { status }])),
    ...(some.explanation.binding ? { "what bound it": { check: some.explanation.binding } } : {}),
    "what binds nothing": { check: "nothing" },
    "solved without asking": { verdict: ["allow", "bend"] },
    "answered in an hour": { waited: "60" },
    "denied upgrades": { verdict: "deny", remedy: "upgrade" },
    "bent credits of one": { verdict: "bend", remedy: "credit", employee: some.employee },
    "large gifts of a team": {
      remedy: "gift",
      minAmount: 8_500,
      ...(some.teamId ? { team: some.teamId } : {}),
    },
  };
  return Object.entries(single).flatMap(([name, filter]): [string, DecisionFilter, Sort][] => [
    [name, filter, "newest"],
    [`${name}, the oldest first`, filter, "oldest"],
    // As the page asks for it where no span was chosen.
    [`${name}, the largest first`, { from: addDays(today, -29), ...filter }, "amount"],
  ]);
}
