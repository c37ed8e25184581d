import path from "node:path";
import { runMigrations as migrateQueue } from "graphile-worker";
import { runner } from "node-pg-migrate";

/**
 * Brings the database to this version's schema: the job queue's own, then Leeway's. Does nothing where it is there
 * already. Several may call it at once: the later ones wait. `databaseUrl` is the owner's.
 */
export async function migrate(options: { databaseUrl: string; log?: (line: string) => void }): Promise<void> {
  const log = options.log ?? (() => undefined);
  const silent = () => undefined;
  await runner({
    databaseUrl: options.databaseUrl,
    dir: path.join(process.cwd(), "prisma", "migrations"),
    direction: "up",
    migrationsTable: "schema_migrations",
    advisoryLockMode: "wait",
    checkOrder: true,
    logger: { debug: silent, info: silent, warn: log, error: log },
  });
  await migrateQueue({ connectionString: options.databaseUrl });
}
