import { say } from "../operations/program";
import { AGAIN, step } from "../operations/step";
import type { InsightTimes } from "./insights";
import type { ListTimes } from "./list";
import { type BenchPlace, growLedger, type Ledger } from "./place";
import { measureRounds, type Result } from "./rounds";

const SIZES = [10_000, 100_000, 5_000_000] as const;
const QUICK_SIZES = [10_000, 100_000, 300_000] as const;
const DASHBOARDS = 20;
const LISTS = 5;

/** What a ledger of millions does to the hot path, and to a dashboard. Answers also how many those were. */
export async function benchGrowth(
  place: BenchPlace,
  { quick }: { quick: boolean },
): Promise<{ result: Result; sizes: readonly number[] }> {
  const { house, fresh } = place;
  const sizes = quick ? QUICK_SIZES : SIZES;
  if (quick)
    say(`The large ledger has ${sizes[2].toLocaleString("en")} decisions; without --quick, 5 million.`);
  const ledgers: Ledger[] = [];
  for (const size of sizes) ledgers.push(await growLedger(place, size));
  const [small, middle, big] = ledgers;
  if (!small || !middle || !big) throw new Error("There is no ledger to measure.");
  const times = quick ? 800 : 3_000;
  const dashboardMs = async (ledger: Ledger) =>
    (await ledger.ask({ do: "dashboard", house, times: DASHBOARDS })) as number;
  const insightTimes = async (ledger: Ledger) =>
    (await ledger.ask({ do: "insights", house, times: DASHBOARDS })) as InsightTimes;
  const listTimes = async (ledger: Ledger) =>
    (await ledger.ask({ do: "list", house, times: LISTS })) as ListTimes;
  const decidePerSecond = async (ledger: Ledger) =>
    (await ledger.ask({ do: "decide", house, who: "spread", times })) as number;

  const measure = async () => {
    const ofFresh = await decidePerSecond(fresh);
    const ofBig = await decidePerSecond(big);
    const shown = [await dashboardMs(small), await dashboardMs(middle), await dashboardMs(big)] as const;
    const insights = [await insightTimes(middle), await insightTimes(big)] as const;
    const listed = await listTimes(big);
    const listedBefore = await listTimes(middle);
    return {
      freshLedgerPerSecond: ofFresh,
      bigLedgerPerSecond: ofBig,
      bigLedgerVsEmpty: ofBig / ofFresh,
      dashboardSmallMs: shown[0],
      dashboardMiddleMs: shown[1],
      dashboardBigMs: shown[2],
      dashboardBigVsSmall: shown[2] / shown[1],
      insightsSlowestMs: insights[1].slowestMs,
      insightsYearMs: insights[1].yearMs,
      insightsVsMiddle: insights[1].slowestMs / insights[0].slowestMs,
      floorFirstPageMs: listed.firstPageMs,
      floorNextPageMs: listed.nextPageMs,
      floorSlowestFilterMs: listed.slowestFilterMs,
      floorFirstPageVsMiddle: listed.firstPageMs / listedBefore.firstPageMs,
      floorNextPageVsMiddle: listed.nextPageMs / listedBefore.nextPageMs,
      floorSlowestVsMiddle: listed.slowestFilterMs / listedBefore.slowestFilterMs,
    };
  };
  await step("A large ledger, once to warm up", AGAIN, measure);
  return { result: await measureRounds("A large ledger", measure), sizes };
}
