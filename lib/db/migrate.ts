import path from "node:path";
import { Logger, runMigrations as migrateQueue } from "graphile-worker";
import { runner } from "node-pg-migrate";
import pg from "pg";

/**
 * Brings the database to this version's schema: the job queue's own, then Leeway's. Does nothing where it is there
 * already. Several may call it at once: the later ones wait. `databaseUrl` is the owner's.
 */
export async function migrate(options: { databaseUrl: string; log?: (line: string) => void }): Promise<void> {
  const log = options.log ?? (() => undefined);
  const silent = () => undefined;
  // A connection that breaks fails the statement under way, or the next one; unheard, it would end the process besides.
  const queue = new pg.Pool({ connectionString: options.databaseUrl, max: 2 });
  queue.on("error", silent);
  queue.on("connect", (client) => client.on("error", silent));
  try {
    const dbClient = await queue.connect();
    try {
      await runner({
        dbClient,
        dir: path.join(process.cwd(), "prisma", "migrations"),
        direction: "up",
        migrationsTable: "schema_migrations",
        advisoryLockMode: "wait",
        checkOrder: true,
        logger: { debug: silent, info: silent, warn: log, error: log },
      });
    } finally {
      // With it goes the lock that keeps other migrations out, however this one ended.
      dbClient.release(true);
    }
    const logger = new Logger(() => (level, message) => {
      if (level === "error" || level === "warning") log(message);
    });
    await migrateQueue({ pgPool: queue, logger });
  } finally {
    await queue.end();
  }
}
