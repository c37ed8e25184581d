import type { House } from "./house";
import { medianMs } from "./median";

/** How long what each page over some days shows takes to read, medians in milliseconds. */
export interface InsightTimes {
  /** The slowest of the pages over thirty days. */
  slowestMs: number;
  slowest: string;
  /** The dashboards over a year. */
  yearMs: number;
}

/** Sums up what is not yet, as the worker would have, and reads each of the pages so many times. */
export async function timeInsights(house: House, times: number): Promise<InsightTimes> {
  const { sumUpOrganization } = await import("@/lib/sums/mutations");
  const { openSpan, readDashboards } = await import("@/lib/dashboards/data");
  const { readHotSpots } = await import("@/lib/hot-spots/data");
  const { readAsking } = await import("@/lib/asking/data");
  const { readCauses } = await import("@/lib/cause-ledger/data");
  const { organizationId, timeZone } = house;
  await sumUpOrganization(organizationId);
  const place = { organizationId, timeZone, currency: "USD" };
  const open = (days: string) => openSpan(place, { days }, new Date());
  const pages: Record<string, () => Promise<unknown>> = {
    dashboards: async () => readDashboards(organizationId, await open("30"), null),
    "hot spots": async () => readHotSpots(organizationId, await open("30"), null),
    asking: async () => readAsking(organizationId, await open("30"), null, 4),
    causes: async () => readCauses(organizationId, await open("30")),
  };
  const median = (work: () => Promise<unknown>) => medianMs(times, work);
  const slowest = { ms: 0, name: "" };
  for (const [name, read] of Object.entries(pages)) {
    const ms = await median(read);
    if (ms > slowest.ms) Object.assign(slowest, { ms, name });
  }
  const yearMs = await median(async () => readDashboards(organizationId, await open("365"), null));
  return { slowestMs: slowest.ms, slowest: slowest.name, yearMs };
}
