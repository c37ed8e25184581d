import { say } from "../operations/program";
import type { Result } from "./rounds";

/** What each ratio is to be at least, or at most. They hold on a machine that does nothing else meanwhile. */
export const FLOORS: Record<string, { least: number } | { most: number }> = {
  driverVsPgbench: { least: 0.8 },
  endpointVsEmptyRoute: { least: 0.7 },
  hotTeamVsUniform: { least: 0.5 },
  bigLedgerVsEmpty: { least: 0.75 },
  dashboardBigVsSmall: { most: 1.2 },
};

/** Says of each ratio that was measured whether it is what it is to be. */
export function sayFloors(result: Result): void {
  say("");
  for (const [name, floor] of Object.entries(FLOORS)) {
    const median = result[name]?.median;
    if (median === undefined) continue;
    const holds = "least" in floor ? median >= floor.least : median <= floor.most;
    const wanted = "least" in floor ? `at least ${floor.least}` : `at most ${floor.most}`;
    say(`${name.padEnd(26)} ${median.toFixed(3).padStart(10)}   ${holds ? "holds" : "MISSED"}: ${wanted}`);
  }
}
