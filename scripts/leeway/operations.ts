import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { runWorker } from "../operations/app";
import { hold, nowServing, say } from "../operations/program";
import { type OrganizationOption, openDatabase } from "./app";
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

export interface SeedOptions extends JsonOption, OrganizationOption {
  decisions?: number;
  days?: number;
}

/** Makes the demo unless it is there; with `--decisions` also so many more decisions of a long past. */
export async function seed(options: SeedOptions): Promise<number> {
  const database = await openDatabase();
  await ensureTables(database);
  const { decisions, days, organization = DEMO_ORGANIZATION_ID } = options;
  const { seedDemo } = await import("@/prisma/seed");
  const { created } =
    organization === DEMO_ORGANIZATION_ID
      ? await seedDemo({ databaseUrl: database.url, log: say })
      : { created: false };
  if (decisions !== undefined) {
    const { seedMany } = await import("@/prisma/many");
    await seedMany({ databaseUrl: database.url, organizationId: organization, decisions, days, log: say });
    const { sumUpOrganization } = await import("@/lib/sums/mutations");
    say("Summing up the days …");
    await sumUpOrganization(organization);
  }
  await print(options.json, { created, ...(decisions === undefined ? {} : { decisions }) }, [
    created ? "The demo is made." : "The demo is here already.",
    ...(decisions === undefined ? [] : [`${counted(decisions, "decision")} of the past were added.`]),
  ]);
  return 0;
}

/** A worker of its own is measured at a door of its own, where the settings name one. */
async function tellMetrics(): Promise<void> {
  const { env } = await import("@/lib/env");
  const port = env.LEEWAY_WORKER_METRICS_PORT;
  if (port === undefined) return;
  const { serveMetrics } = await import("@/lib/metrics/server");
  await hold(
    () => serveMetrics(port),
    (opened) => opened.close(),
  );
}

/** Works until it is told to stop; the jobs at hand are finished first. */
export async function work(): Promise<undefined> {
  const database = await openDatabase({ logLevel: process.env.LEEWAY_LOG_LEVEL || "info" });
  await ensureTables(database);
  await runWorker(database.url);
  await tellMetrics();
  nowServing();
  say("The worker is at work. Ctrl-C stops it.");
  return undefined;
}
