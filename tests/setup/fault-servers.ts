import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { migrate } from "@/lib/db/migrate";
import { createDatabase, withDatabase } from "@/scripts/database";
import { placeOf } from "@/scripts/embedded/place";
import { CannotProceed } from "@/scripts/operations/cannot-proceed";
import { makeDirectory, root } from "@/scripts/operations/data-dir";
import { startPostgres } from "@/scripts/postgres";
import { isAlive, readRecord } from "@/scripts/process-lock.mjs";
import { FAULT_DATABASE } from "./faults";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the servers of the run are kept, and the stopped one with a migrated database that each is a copy of. */
    faultServers: { folder: string; template: string };
  }
}

const FAULTS = join(root, ".leeway", "test", "faults");

/**
 * Once a run: a cluster with a migrated database in it, stopped, of which each test gets a copy with a server of its own.
 * The tests kill that server, so they never take the one of DATABASE_URL.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  makeDirectory(FAULTS);
  for (const name of readdirSync(FAULTS)) removeDead(join(FAULTS, name));
  const folder = join(FAULTS, `${process.pid}-${randomBytes(3).toString("hex")}`);
  const template = join(folder, "template");
  makeDirectory(template);
  const remove = async () => removeServers(folder);
  try {
    const server = await startPostgres({ dataDir: template, purpose: "tests", settings: { fsync: "off" } });
    try {
      await createDatabase(server.url, FAULT_DATABASE);
      await migrate({ databaseUrl: withDatabase(server.url, FAULT_DATABASE) });
    } finally {
      await server.stop();
    }
  } catch (error) {
    await remove();
    // The runner shows an error's message alone.
    if (error instanceof CannotProceed) throw new Error(`${error.message}\n${error.advice}`);
    throw error;
  }
  project.provide("faultServers", { folder, template });
  return remove;
}

/** What a killed run left, unless one of its servers is still in use. */
function removeDead(folder: string): void {
  const users = readdirSync(folder).flatMap((name) => {
    const { users } = placeOf(join(folder, name));
    return existsSync(users) ? readdirSync(users).map((user) => readRecord(join(users, user))) : [];
  });
  const starter = { pid: Number(folder.split("/").pop()?.split("-")[0]) };
  if (users.some(isAlive) || isRunning(starter.pid)) return;
  removeServers(folder);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A server's files may lie elsewhere than in its folder; see `placeOf`. */
function removeServers(folder: string): void {
  for (const name of readdirSync(folder))
    rmSync(placeOf(join(folder, name)).base, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
