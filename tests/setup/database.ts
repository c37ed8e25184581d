import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { inject } from "vitest";
import { query, withDatabase } from "@/scripts/database";

const COPY_ATTEMPTS = 20;
const SILENCE_ATTEMPTS = 60;

/** Makes a migrated, empty database, apart from every other test's. `url` is its owner's. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const { serverUrl, prefix, template } = inject("testDatabases");
  const name = prefix + randomBytes(6).toString("hex");
  await copyDatabase(serverUrl, template, name);
  return {
    url: withDatabase(serverUrl, name),
    drop: async () => {
      await awaitSilence(serverUrl, name);
      await query(serverUrl, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    },
  };
}

/**
 * A pool says that it has ended while its last connections still say goodbye; one that is killed in the middle of it
 * would throw where nobody listens any more.
 */
async function awaitSilence(serverUrl: string, name: string): Promise<void> {
  for (let attempt = 1; attempt <= SILENCE_ATTEMPTS; attempt += 1) {
    const { rows } = await query(serverUrl, "SELECT 1 FROM pg_stat_activity WHERE datname = $1 LIMIT 1", [
      name,
    ]);
    if (rows.length === 0) return;
    await sleep(50);
  }
}

/** A copy is refused while the server itself (its autovacuum) is looking into the template. */
async function copyDatabase(serverUrl: string, template: string, name: string): Promise<void> {
  const copy = `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await query(serverUrl, copy);
      return;
    } catch (error) {
      // SQLSTATE 55006: in use.
      const inUse = error instanceof pg.DatabaseError && error.code === "55006";
      if (!inUse || attempt === COPY_ATTEMPTS) throw error;
      await sleep(100);
    }
  }
}

export type TestDatabase = {
  /** The owner's connection string; the app's code under test uses this database too. */
  url: string;
  /** The owner's connections, for looking behind what the app may see. They close by themselves. */
  pool: pg.Pool;
};

let current: TestDatabase | undefined;

/** The database of this test file. */
export function testDatabase(): TestDatabase {
  if (!current) throw new Error("There is a database only in the tests of tests/database and tests/faults.");
  return current;
}

/** Gives the test file its database; `database-file.ts` calls it before the file is loaded. */
export async function openTestDatabase(): Promise<() => Promise<void>> {
  const { url, drop } = await createTestDatabase();
  const close = takeTestDatabase(url);
  return async () => {
    await close();
    await drop();
  };
}

/** Takes a database that is there as the test file's. */
export function takeTestDatabase(url: string): () => Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  // Of a server that is killed on purpose; a query that is under way hears of it itself.
  pool.on("error", () => undefined);
  current = { url, pool };
  return async () => {
    current = undefined;
    await pool.end();
  };
}
