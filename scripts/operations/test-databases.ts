import { randomBytes } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { createDatabase, query, unreachable, withDatabase } from "../database";
import { startPostgres } from "../postgres";
import { isAlive, readRecord, thisProcess } from "../process-lock.mjs";
import { CannotProceed } from "./cannot-proceed";
import { makeDirectory, root } from "./data-dir";

/** Where databases are made that are thrown away after a run, and what their server is set to where it is ours. */
type Disposable = { directory: string; settings: Record<string, string> };

/** A test's data need not outlive a power failure, and tests are quicker so; many of them connect at once. */
const FOR_TESTS: Disposable = {
  directory: join(root, ".leeway", "test"),
  settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" },
};

/** What is measured reaches the disk as in earnest, on a server as it is set up for a ledger of some size. */
export const FOR_MEASURING: Disposable = {
  directory: join(root, ".leeway", "bench"),
  settings: { shared_buffers: "1GB", max_wal_size: "8GB", wal_compression: "on" },
};

/** What one run leaves in a file while it lives, so that the next one can tidy up after a killed one. */
type Run = ReturnType<typeof thisProcess> & { prefix: string };

export type TestDatabases = {
  /** Where databases can be created. */
  serverUrl: string;
  /** What the names of this run's databases begin with. */
  prefix: string;
  /** Drops this run's databases and leaves the server; once, however often it is called. */
  stop(): Promise<void>;
};

/**
 * A place for one run's throw-away databases: on the server of DATABASE_URL, or on an embedded one of the tests' own,
 * which a running demo does not notice.
 */
export async function openTestDatabases(
  log: (line: string) => void,
  place: Disposable = FOR_TESTS,
): Promise<TestDatabases> {
  const runs = join(place.directory, "runs");
  makeDirectory(runs);
  const { url: serverUrl, stop } = await openServer(log, place);
  const prefix = `leeway_test_${randomBytes(4).toString("hex")}_`;
  const record = join(runs, `${prefix}.json`);
  const run: Run = { ...thisProcess(), prefix };
  writeFileSync(record, JSON.stringify(run));
  await dropLeftovers(serverUrl, runs);
  const leave = async () => {
    await dropDatabases(serverUrl, prefix);
    rmSync(record, { force: true });
    await stop();
  };
  let left: Promise<void> | undefined;
  return {
    serverUrl,
    prefix,
    stop: () => {
      left ??= leave();
      return left;
    },
  };
}

async function openServer(
  log: (line: string) => void,
  { directory, settings }: Disposable,
): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.DATABASE_URL;
  if (!given) return startPostgres({ dataDir: directory, purpose: "tests", settings, disposable: true, log });
  const url = await query(given, "SELECT 1").then(
    () => given,
    (error: unknown) => {
      // SQLSTATE 3D000: the server is there, the database that the app would use is not made yet.
      if (error instanceof pg.DatabaseError && error.code === "3D000") return withDatabase(given, "postgres");
      throw unreachable(given, error);
    },
  );
  await refuseWeakUser(url);
  return { url, stop: async () => undefined };
}

/** Tests look behind row-level security, which is forced on tables' owners too, and make databases of their own. */
async function refuseWeakUser(url: string): Promise<void> {
  const { rows } = await query(
    url,
    "SELECT rolsuper OR (rolbypassrls AND rolcreatedb AND rolcreaterole) AS enough FROM pg_roles WHERE rolname = current_user",
  );
  if (rows[0]?.enough) return;
  throw new CannotProceed(
    "The user of DATABASE_URL may not do what the tests need.",
    "Give a superuser's, or one with CREATEDB, CREATEROLE and BYPASSRLS; or unset DATABASE_URL.",
  );
}

/** Creates one more database of the run, empty or a copy of another one, and gives its connection string. */
export async function addDatabase(
  { serverUrl, prefix }: Pick<TestDatabases, "serverUrl" | "prefix">,
  name: string,
  copyOf?: string,
) {
  await createDatabase(serverUrl, prefix + name, copyOf === undefined ? undefined : databaseName(copyOf));
  return withDatabase(serverUrl, prefix + name);
}

function databaseName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

async function dropLeftovers(serverUrl: string, runs: string): Promise<void> {
  for (const name of readdirSync(runs)) {
    const path = join(runs, name);
    const run: Run | undefined = readRecord(path);
    if (run && isAlive(run)) continue;
    if (run) await dropDatabases(serverUrl, run.prefix);
    rmSync(path, { force: true });
  }
}

async function dropDatabases(serverUrl: string, prefix: string): Promise<void> {
  const { rows } = await query(serverUrl, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", [
    prefix,
  ]);
  for (const { datname } of rows) {
    await query(serverUrl, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(datname)} WITH (FORCE)`);
  }
}
