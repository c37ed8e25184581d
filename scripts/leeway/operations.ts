import { runWorker } from "../operations/app";
import { nowServing, say } from "../operations/program";
import { openDatabase } from "./app";
import { counted, print } from "./output";
import { ensureTables, missingMigrations } from "./tables";

interface JsonOption {
  json?: boolean;
}

export async function migrateTables({ json }: JsonOption): Promise<number> {
  const { url } = await openDatabase();
  const { missing } = await missingMigrations(url);
  const { migrate } = await import("@/lib/db/migrate");
  await migrate({ databaseUrl: url, log: say });
  await print(json, { migrated: missing }, [
    missing.length === 0
      ? "The database's tables are up to date."
      : `The database's tables are up to date now: ${counted(missing.length, "migration")}.`,
  ]);
  return 0;
}

export async function seed({ json }: JsonOption): Promise<number> {
  const database = await openDatabase();
  await ensureTables(database);
  const { seedDemo } = await import("@/prisma/seed");
  const { created } = await seedDemo({ databaseUrl: database.url, log: say });
  await print(json, { created }, [
    created ? "The demo is made." : "The demo is here already; nothing was changed.",
  ]);
  return 0;
}

/** Works until it is told to stop; the jobs at hand are finished first. */
export async function work(): Promise<undefined> {
  const database = await openDatabase({ logLevel: process.env.LEEWAY_LOG_LEVEL || "info" });
  await ensureTables(database);
  await runWorker(database.url);
  nowServing();
  say("The worker is at work. Ctrl-C stops it.");
  return undefined;
}
