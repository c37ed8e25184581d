import { existsSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { CannotProceed } from "./operations/cannot-proceed";
import { runNode } from "./operations/child";
import { makeDirectory, root } from "./operations/data-dir";
import { ODD_TIME_ZONE, startFilledApp } from "./operations/filled-app";
import { ensureChromium } from "./operations/install-chromium";
import { ensureBuild } from "./operations/next-build";
import { runProgram, say } from "./operations/program";
import { AGAIN, step } from "./operations/step";
import {
  addCounts,
  type Counts,
  closingLine,
  countPart,
  countPlaywright,
  countVitest,
  type Failure,
  failuresAgain,
  playwrightFailures,
  playwrightSecondTries,
  vitestFailures,
} from "./operations/test-report";
import { readRecord } from "./process-lock.mjs";

const TEST_DIR = join(root, ".leeway", "test");
const VITEST = join(root, "node_modules", "vitest", "vitest.mjs");
const PLAYWRIGHT = join(root, "node_modules", "@playwright", "test", "cli.js");

/** What failed, over all parts. */
const failures: Failure[] = [];
/** What a run must not keep to itself, though it passed. */
const secondTries: Failure[] = [];

/** Vitest leaves a core to itself, which is half of what two are: much of a test's time is waiting for the database. */
const WORKERS = `--maxWorkers=${Math.max(2, availableParallelism() - 1)}`;

const PARTS = {
  unit: (args: string[]) => vitest("unit", [WORKERS, ...args]),
  database: (args: string[]) => vitest("database", [WORKERS, ...args]),
  faults: (args: string[]) => faults(args),
  browser: (args: string[]) => browser(args),
};

/** What comes of a fault is told by chance now and then, so `npm run test:faults` looks for longer. */
const AT_LENGTH = "--at-length";

/** `npm test`: all parts, or the one named first; what follows goes to the runners, file filters for instance. */
async function test(): Promise<number> {
  const [first = "", ...rest] = process.argv.slice(2);
  const isPart = (name: string): name is keyof typeof PARTS => Object.hasOwn(PARTS, name);
  const names = isPart(first) ? [first] : Object.keys(PARTS).filter(isPart);
  const args = isPart(first) ? rest : process.argv.slice(2);
  makeDirectory(TEST_DIR);
  const results: Counts[] = [];
  for (const name of names) {
    say(`\n── ${name} tests`);
    results.push(await runPart(name, args));
  }
  const total = addCounts(results);
  if (secondTries.length > 0) say(`\n── what passed only when tried again\n${failuresAgain(secondTries)}`);
  if (failures.length > 0) say(`\n── what failed\n${failuresAgain(failures)}`);
  const ran = total.passed + total.failed > 0;
  if (!ran) say("\nNo test ran.");
  process.stdout.write(`\n${closingLine(total)}\n`);
  return ran && total.failed === 0 ? 0 : 1;
}

/** A part that cannot even begin has failed; the others still tell what they know. */
async function runPart(name: keyof typeof PARTS, args: string[]): Promise<Counts> {
  try {
    return await PARTS[name](args);
  } catch (error) {
    if (!(error instanceof CannotProceed)) throw error;
    say(`\n${error.message}\n${error.advice}`);
    return countPart(undefined, 1);
  }
}

async function vitest(project: string, args: string[], env: Record<string, string> = {}): Promise<Counts> {
  const report = join(TEST_DIR, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await runNode(
    [VITEST, "run", "--project", project, "--passWithNoTests", ...reporters, ...args],
    {
      env: { TZ: ODD_TIME_ZONE, NODE_ENV: "test", ...env },
    },
  );
  const counted = readRecord(report);
  if (counted) failures.push(...vitestFailures(counted, root));
  return countPart(counted && countVitest(counted), code);
}

/** At length the app that is killed is the built one. */
async function faults(args: string[]): Promise<Counts> {
  if (!args.includes(AT_LENGTH)) return await vitest("faults", args);
  await step("Building the app", AGAIN, ensureBuild);
  const rest = args.filter((arg) => arg !== AT_LENGTH);
  return await vitest("faults", rest, { LEEWAY_FAULTS: "long" });
}

async function browser(args: string[]): Promise<Counts> {
  const specs = join(root, "tests", "e2e");
  if (
    !existsSync(specs) ||
    !readdirSync(specs, { recursive: true }).some((name) => `${name}`.endsWith(".spec.ts"))
  ) {
    say("There is none.");
    return addCounts([]);
  }
  const chromium = await step("Looking for Chromium", AGAIN, ensureChromium);
  await step("Building the app", AGAIN, ensureBuild);
  const app = await step("Starting an app with a database of its own", AGAIN, (log) =>
    startFilledApp(TEST_DIR, log),
  );
  const report = join(TEST_DIR, "browser.json");
  rmSync(report, { force: true });
  const code = await runNode([PLAYWRIGHT, "test", "--pass-with-no-tests", ...args], {
    env: { ...app.env, CHROMIUM_PATH: chromium, LEEWAY_BASE_URL: app.url, LEEWAY_TEST_REPORT: report },
  });
  await app.stop();
  if (code !== 0) say(`What the app wrote meanwhile: ${app.log}`);
  const counted = readRecord(report);
  if (counted) {
    failures.push(...playwrightFailures(counted));
    secondTries.push(...playwrightSecondTries(counted));
  }
  return countPart(counted && countPlaywright(counted), code);
}

await runProgram(test);
