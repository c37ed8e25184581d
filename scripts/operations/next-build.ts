import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { acquireLock, readRecord } from "../process-lock.mjs";
import { CannotProceed } from "./cannot-proceed";
import { runNode } from "./child";
import { root } from "./data-dir";
import { hold } from "./program";

const NEXT = join(root, "node_modules", "next", "dist", "bin", "next");
const STAMP = join(root, ".next", "leeway-build.json");
const BUILD_ID = join(root, ".next", "BUILD_ID");

/** What the build does not read. Any other folder counts as its input, also one that is new. */
const OTHER_FOLDERS = /^(\..*|node_modules|tests|scripts|docs|prisma|test-results|playwright-report)$/;
/** Generated from the schema, which counts itself. */
const GENERATED = join(root, "lib", "db", "generated");
const ROOT_FILES =
  /^(package-lock\.json|tsconfig\.json|\.env.*|(?!(vitest|playwright)\.config|next-env).*\.[cm]?[jt]sx?)$/;

/**
 * Makes the production build, unless the one that is there was made from these very sources. Two that ask at once
 * make one.
 */
export async function ensureBuild(log: (line: string) => void): Promise<"built" | "reused"> {
  const release = await hold(
    () =>
      acquireLock(join(root, ".leeway", "build.lock"), {
        onWait: (pid) => log(`Waiting for process ${pid}, which is building.`),
      }),
    async (release) => release(),
  );
  try {
    const sources = hashSources();
    if (isCurrent(sources)) {
      log("The last build was made from these very sources; it is used again.");
      return "reused";
    }
    await build();
    writeFileSync(STAMP, JSON.stringify({ sources, buildId: buildId() }));
    return "built";
  } finally {
    release();
  }
}

/** Another `next build` made since has another id, and was made from who knows what. */
function isCurrent(sources: string): boolean {
  const stamp = readRecord(STAMP);
  return stamp?.sources === sources && stamp.buildId !== undefined && stamp.buildId === buildId();
}

function buildId(): string | undefined {
  return existsSync(BUILD_ID) ? readFileSync(BUILD_ID, "utf8") : undefined;
}

async function build(): Promise<void> {
  const lines: string[] = [];
  const code = await runNode([NEXT, "build"], {
    env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    onLine: (line) => lines.push(line),
  });
  if (code === 0) return;
  throw new CannotProceed(
    `The production build failed (exit code ${code}):\n${lines.join("\n")}`,
    "Mend what it names and run the same command again.",
  );
}

/** One hash over everything that goes into the build: names and contents, and what the environment puts in. */
export function hashSources(): string {
  const hash = createHash("sha256");
  hash.update(process.versions.node);
  for (const [name, value] of Object.entries(process.env).sort()) {
    if (name.startsWith("NEXT_PUBLIC_")) hash.update(`\0${name}=${value}`);
  }
  for (const path of sourceFiles()) {
    hash.update(`\0${path}\0`);
    hash.update(readFileSync(path));
  }
  return hash.digest("hex");
}

function sourceFiles(): string[] {
  const entries = readdirSync(root, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && ROOT_FILES.test(entry.name));
  const folders = entries.filter((entry) => entry.isDirectory() && !OTHER_FOLDERS.test(entry.name));
  return [
    join(root, "prisma", "schema.prisma"),
    ...files.map(({ name }) => join(root, name)),
    ...folders.flatMap(({ name }) => filesIn(join(root, name))),
  ].sort();
}

function filesIn(folder: string): string[] {
  if (folder === GENERATED) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return entry.isFile() && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
