import { appendFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CannotProceed } from "./operations/cannot-proceed";
import { runNode, startNode } from "./operations/child";
import { keptSecret, makeDirectory, root } from "./operations/data-dir";
import { ensureChromium } from "./operations/install-chromium";
import { ensureBuild } from "./operations/next-build";
import { hold, runProgram, say } from "./operations/program";
import { AGAIN, step } from "./operations/step";
import { addDatabase, openTestDatabases } from "./operations/test-databases";
import {
  addCounts,
  type Counts,
  closingLine,
  countPart,
  countPlaywright,
  countVitest,
} from "./operations/test-report";
import { readRecord } from "./process-lock.mjs";

const TEST_DIR = join(root, ".leeway", "test");
const VITEST = join(root, "node_modules", "vitest", "vitest.mjs");
const PLAYWRIGHT = join(root, "node_modules", "@playwright", "test", "cli.js");
const TSX = join(root, "node_modules", "tsx", "dist", "loader.mjs");

/** Three quarters of an hour off every hour that a developer or a server is likely to have. */
const TIME_ZONE = "Asia/Kathmandu";

const PARTS = {
  unit: (args: string[]) => vitest("unit", args),
  database: (args: string[]) => vitest("database", args),
  browser: (args: string[]) => browser(args),
};

/** `npm test`: all three parts, or the one named first; what follows goes to the runners, file filters for instance. */
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

async function vitest(project: string, args: string[]): Promise<Counts> {
  const report = join(TEST_DIR, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await runNode(
    [VITEST, "run", "--project", project, "--passWithNoTests", ...reporters, ...args],
    {
      env: { TZ: TIME_ZONE, NODE_ENV: "test" },
    },
  );
  const counted = readRecord(report);
  return countPart(counted && countVitest(counted), code);
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
  const app = await step("Starting an app with a database of its own", AGAIN, startApp);
  const report = join(TEST_DIR, "browser.json");
  rmSync(report, { force: true });
  const code = await runNode([PLAYWRIGHT, "test", "--pass-with-no-tests", ...args], {
    env: { ...app.env, CHROMIUM_PATH: chromium, LEEWAY_BASE_URL: app.url, LEEWAY_TEST_REPORT: report },
  });
  await app.stop();
  if (code !== 0) say(`What the app wrote meanwhile: ${app.log}`);
  const counted = readRecord(report);
  return countPart(counted && countPlaywright(counted), code);
}

async function startApp(log: (line: string) => void) {
  const databases = await hold(
    () => openTestDatabases(log),
    (opened) => opened.stop(),
  );
  const env = {
    DATABASE_URL: await addDatabase(databases, "browser"),
    NEXTAUTH_SECRET: keptSecret(join(TEST_DIR, "session-secret")),
    NODE_ENV: "production",
    TZ: TIME_ZONE,
  };
  const file = join(TEST_DIR, "app.log");
  rmSync(file, { force: true });
  let ready: (url: string) => void = () => undefined;
  const url = new Promise<string>((resolve) => {
    ready = resolve;
  });
  const child = await startNode(["--import", TSX, join(root, "scripts", "serve.ts")], {
    env: { ...env, PORT: "0", LEEWAY_HOST: undefined, NEXTAUTH_URL: undefined },
    onLine: (line) => {
      appendFileSync(file, `${line}\n`);
      const address = /^Leeway is ready on (\S+)$/.exec(line)?.[1];
      if (address) ready(address);
    },
  });
  const ended = child.exited.then((code) => {
    throw new CannotProceed(`The app ended with exit code ${code}.`, `What it wrote: ${file}`);
  });
  return {
    env,
    url: await Promise.race([url, ended]),
    log: file,
    stop: async () => {
      await child.stop();
      await databases.stop();
    },
  };
}

await runProgram(test);
