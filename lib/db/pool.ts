import pg from "pg";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

/** Dates stay text: a local day has no instant, and the driver would make it one in the server's time zone. */
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value);

const held = globalThis as unknown as { leewayPool?: pg.Pool };

/**
 * Connection settings of the app: never the owner's rights.
 *
 * With one URL for everything the connection steps down to `leeway_app` before its first statement; with
 * LEEWAY_APP_DATABASE_URL it could not step up again even if it were told to.
 */
export function appConnection(databaseUrl: string, appDatabaseUrl?: string): pg.PoolConfig {
  const common = {
    application_name: "leeway",
    connectionTimeoutMillis: 3_000,
    // The server ends what takes too long; a server that hangs is given up a little later.
    statement_timeout: 30_000,
    query_timeout: 35_000,
    keepAlive: true,
  };
  if (appDatabaseUrl) return { ...common, connectionString: appDatabaseUrl };
  const url = new URL(databaseUrl);
  const options = url.searchParams.get("options");
  url.searchParams.set("options", `${options ? `${options} ` : ""}-c role=leeway_app`);
  return { ...common, connectionString: url.toString() };
}

/** The one pool of this process, which Prisma shares. */
export function pool(): pg.Pool {
  if (!held.leewayPool) {
    held.leewayPool = new pg.Pool({
      ...appConnection(env.DATABASE_URL, env.LEEWAY_APP_DATABASE_URL),
      max: env.LEEWAY_DATABASE_POOL,
      idleTimeoutMillis: 30_000,
    });
    // An idle connection that breaks is replaced at the next query; unheard, its error would end the process.
    held.leewayPool.on("error", (error) =>
      log.warn({ reason: error.message }, "a database connection broke"),
    );
  }
  return held.leewayPool;
}

/** Closes the pool; a later call of `pool()` opens a new one. */
export async function closePool(): Promise<void> {
  const open = held.leewayPool;
  held.leewayPool = undefined;
  await open?.end();
}
