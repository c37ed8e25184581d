import { parseArgs } from "node:util";
import { benchEngine } from "./bench/engine";
import { FLOORS, sayFloors } from "./bench/floors";
import { benchGrowth } from "./bench/growth";
import { benchHotPath } from "./bench/hot-path";
import { openPlace } from "./bench/place";
import { type Result, sayResult } from "./bench/rounds";
import { print } from "./leeway/output";
import { ensureBuild } from "./operations/next-build";
import { runProgram, say } from "./operations/program";
import { AGAIN, step } from "./operations/step";

const USAGE = `npm run bench [-- options]
  --quick      fewer of everything, in as many rounds
  --engine     the rules engine alone, without a database
  --no-growth  without a ledger of millions, which takes the longest to make
  --json       one line of JSON last, on standard output`;

const OPTIONS = {
  quick: { type: "boolean", default: false },
  engine: { type: "boolean", default: false },
  "no-growth": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

/**
 * Measures the rules engine; then, in databases of its own whose commits reach the disk, what a ledger of millions costs
 * and what a decision costs on each part of its way (docs/performance.md).
 */
async function bench(): Promise<number> {
  const options = readOptions();
  if (options === null) return 2;
  const result: Result = await benchEngine(options);
  const about: Record<string, unknown> = { quick: options.quick };
  if (!options.engine) {
    await step("Building the app", AGAIN, ensureBuild);
    const place = await openPlace();
    // First, so that no vacuum of millions of rows goes on beside it.
    const hotPath = await benchHotPath(place, options);
    Object.assign(result, hotPath.result);
    about.pgbench = hotPath.pgbench;
    if (!options["no-growth"]) {
      const growth = await benchGrowth(place, options);
      Object.assign(result, growth.result);
      about.ledgerSizes = growth.sizes;
    }
  }
  sayResult(result);
  sayFloors(result);
  if (options.json) await print(true, { ...result, floors: FLOORS, ...about }, []);
  return 0;
}

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return null;
  }
}

await runProgram(bench);
