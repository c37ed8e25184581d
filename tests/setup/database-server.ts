import type { TestProject } from "vitest/node";
import { migrate } from "@/lib/db/migrate";
import { CannotProceed } from "@/scripts/operations/cannot-proceed";
import { addDatabase, openTestDatabases } from "@/scripts/operations/test-databases";

declare module "vitest" {
  interface ProvidedContext {
    /** Where each test file finds its database; see `database.ts`. */
    testDatabases: { serverUrl: string; prefix: string; template: string };
  }
}

/** Once a run: a server, and a migrated database on it, of which each test file gets a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const databases = await openTestDatabases((line) => process.stderr.write(`${line}\n`)).catch(explain);
  try {
    await migrate({ databaseUrl: await addDatabase(databases, "template") });
    const { serverUrl, prefix } = databases;
    project.provide("testDatabases", { serverUrl, prefix, template: `${prefix}template` });
  } catch (error) {
    await databases.stop();
    throw error;
  }
  return databases.stop;
}

/** The runner shows an error's message alone. */
function explain(error: unknown): never {
  if (error instanceof CannotProceed) throw new Error(`${error.message}\n${error.advice}`);
  throw error;
}
