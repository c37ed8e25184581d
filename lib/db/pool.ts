import pg from "pg";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

/** Dates stay text: a local day has no instant, and the driver would make it one in the server's time zone. */
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value);

const held = globalThis as unknown as { leewayPool?: pg.Pool; leewayReplicaPool?: pg.Pool };

/** How many may wait for a connection, for each one that there is: what these few are served in a moment. */
const WAITING_PER_CONNECTION = 16;

/** More callers wait for a connection than can be served soon, so one more would only make it later for all. */
export class PoolDry extends Error {
  readonly code = "LEEWAY_POOL_DRY";
  constructor() {
    super("Every database connection is taken, and enough callers wait for one.");
  }
}

/** A pool whose queue has an end: who finds it full is refused at once and may come back. */
class BoundedPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool["connect"]>[0]): void;
  override connect(callback?: Parameters<pg.Pool["connect"]>[0]): Promise<pg.PoolClient> | undefined {
    const isDry = this.waitingCount >= WAITING_PER_CONNECTION * this.options.max;
    if (!callback) return isDry ? Promise.reject(new PoolDry()) : super.connect();
    // As the pool itself does: never before this call has returned.
    if (isDry) process.nextTick(callback, new PoolDry(), undefined, () => undefined);
    else super.connect(callback);
    return undefined;
  }
}

/**
 * Connection settings of the app: never the owner's rights.
 *
 * With one URL for everything the connection steps down to `leeway_app` before its first statement; with
 * LEEWAY_APP_DATABASE_URL it could not step up again even if it were told to.
 */
export function appConnection(databaseUrl: string, appDatabaseUrl?: string): pg.PoolConfig {
  const timeoutMs = env.LEEWAY_DATABASE_TIMEOUT_SECONDS * 1_000;
  const common = {
    application_name: "leeway",
    connectionTimeoutMillis: 3_000,
    // The server ends what takes too long; a server that hangs is given up a little later.
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs * 1.2,
    // Where the network is cut in the middle of a transaction, the server hears nothing of it and would keep its locks.
    idle_in_transaction_session_timeout: timeoutMs,
    keepAlive: true,
  };
  if (appDatabaseUrl) return { ...common, connectionString: appDatabaseUrl };
  const url = new URL(databaseUrl);
  const options = url.searchParams.get("options");
  url.searchParams.set("options", `${options ? `${options} ` : ""}-c role=leeway_app`);
  return { ...common, connectionString: url.toString() };
}

/**
 * The same through a pooler that gives a server's connection to somebody else after each transaction. It refuses what
 * is asked for at the start of a connection beside user and database, so the role signs in itself, and what ends a
 * statement that takes too long is the role's own setting (docs/running.md).
 */
function pooledConnection(appDatabaseUrl: string): pg.PoolConfig {
  const { statement_timeout, idle_in_transaction_session_timeout, ...common } = appConnection(
    appDatabaseUrl,
    appDatabaseUrl,
  );
  return { ...common, Client: NamelessClient };
}

/**
 * A client that prepares no statement under a name: the next transaction may be on a server's connection that has never
 * heard of it. Whoever asks for a name, libraries included, gets the same answer without it.
 */
class NamelessClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const query = this.query.bind(this) as (...args: unknown[]) => unknown;
    this.query = ((first: unknown, ...rest: unknown[]) =>
      query(withoutName(first), ...rest)) as typeof this.query;
  }
}

function withoutName(statement: unknown): unknown {
  if (typeof statement !== "object" || statement === null || !("name" in statement)) return statement;
  // A query that has a life of its own (a cursor, say) is changed in place; a description of one is copied.
  if ("submit" in statement) return Object.assign(statement, { name: undefined });
  return { ...statement, name: undefined };
}

/** The one pool of this process, which Prisma shares. */
export function pool(): pg.Pool {
  if (!held.leewayPool) {
    const { DATABASE_URL, LEEWAY_APP_DATABASE_URL, LEEWAY_DATABASE_POOLER } = env;
    const pooled = LEEWAY_DATABASE_POOLER === "transaction" && LEEWAY_APP_DATABASE_URL;
    held.leewayPool = open(
      pooled ? pooledConnection(pooled) : appConnection(DATABASE_URL, LEEWAY_APP_DATABASE_URL),
    );
    if (pooled) void warnOfEndlessStatements(held.leewayPool);
  }
  return held.leewayPool;
}

/**
 * The pool of the replica that dashboards are read from; null where there is none. A replica that doesn't answer at
 * once is no help, so it is waited for shortly. What may be read there, `readTenant` decides.
 */
export function replicaPool(): pg.Pool | null {
  if (!held.leewayReplicaPool && env.LEEWAY_REPLICA_DATABASE_URL) {
    held.leewayReplicaPool = open({
      ...appConnection(env.LEEWAY_REPLICA_DATABASE_URL),
      application_name: "leeway dashboards",
      connectionTimeoutMillis: 1_000,
      statement_timeout: 5_000,
      query_timeout: 6_000,
    });
  }
  return held.leewayReplicaPool ?? null;
}

function open(config: pg.PoolConfig): pg.Pool {
  const opened = new BoundedPool({
    ...config,
    max: env.LEEWAY_DATABASE_POOL,
    // A new connection has to plan everything first: the first decision on it takes ten times as long as the next.
    idleTimeoutMillis: 10 * 60_000,
  });
  // An idle connection that breaks is replaced at the next query; unheard, its error would end the process.
  opened.on("error", (error) => log.warn({ reason: error.message }, "a database connection broke"));
  // One that breaks while somebody has it, but asks nothing at that moment, tells its error to nobody else either; the
  // next thing that is asked on it fails.
  opened.on("connect", (client) => client.on("error", () => undefined));
  return opened;
}

/** Without an end of its own a statement that was given up here goes on in the database, with what it locks. */
async function warnOfEndlessStatements(through: pg.Pool): Promise<void> {
  const asked = through.query<{ timeout: string }>("select current_setting('statement_timeout') as timeout");
  const timeout = await asked.then(
    ({ rows }) => rows[0]?.timeout,
    () => undefined,
  );
  if (timeout === "0")
    log.warn("no statement ends by itself: ALTER ROLE leeway_app SET statement_timeout = '30s'");
}

/** Closes the pools; a later call of `pool()` or `replicaPool()` opens a new one. */
export async function closePool(): Promise<void> {
  const both = [held.leewayPool, held.leewayReplicaPool];
  held.leewayPool = undefined;
  held.leewayReplicaPool = undefined;
  await Promise.all(both.map((each) => each?.end()));
}
