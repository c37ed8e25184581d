import { parseArgs } from "node:util";
import { benchDatabase } from "./bench/database";
import { benchEngine } from "./bench/engine";
import { type Result, sayResult } from "./bench/rounds";
import { print } from "./leeway/output";
import { runProgram, say } from "./operations/program";

const USAGE = `npm run bench [-- options]
  --quick    fewer of everything, in as many rounds
  --engine   the rules engine alone, without a database
  --json     one line of JSON last, on standard output`;

const OPTIONS = {
  quick: { type: "boolean", default: false },
  engine: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

/** Measures the rules engine, and then what a decision costs with a database of its own. */
async function bench(): Promise<number> {
  const options = readOptions();
  if (options === null) return 2;
  const result: Result = await benchEngine(options);
  if (!options.engine) Object.assign(result, await benchDatabase(options));
  sayResult(result);
  if (options.json) await print(true, result, []);
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
