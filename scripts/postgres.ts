import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { placeOf, preparePlace } from "./embedded/place";
import {
  didNotStart,
  type Launch,
  runningServer,
  type Server,
  SUPERUSER,
  startServer,
  stopServer,
} from "./embedded/server";
import { livingUsers, type Purpose, registerUser } from "./embedded/users";
import { CannotProceed } from "./operations/cannot-proceed";
import { keptSecret } from "./operations/data-dir";
import { acquireLock, readRecord } from "./process-lock.mjs";

const OPENING_MS = 300_000;
const POLL_MS = 25;
const PROGRESS_MS = 5_000;
const RESTART_PAUSE_MS = 2_000;

export type PostgresOptions = {
  /** The folder that holds the folder `postgres`; see `dataDirectory()`. */
  dataDir: string;
  purpose: Purpose;
  /** Where this process serves the app, for a second demo to say. */
  httpPort?: number;
  /** Server settings beside the usual ones; they hold when this call starts the server. */
  settings?: Record<string, string>;
  /** The data may be thrown away and made anew when the server cannot open them. */
  disposable?: boolean;
  log?: (line: string) => void;
};

export type RunningPostgres = {
  /** A superuser's connection string, for the maintenance database `postgres`. */
  url: string;
  /** Whether another living process had already started the server. */
  adopted: boolean;
  /** Leaves the server; the last process that uses it stops it. */
  stop(): Promise<void>;
};

/** What this process has of the server, from its start or joining until it leaves. */
type Use = { purpose: Purpose; server: Server; registration: ReturnType<typeof registerUser>; left: boolean };

/** Another living demo has this data folder. */
export class DemoIsRunning extends Error {
  constructor(
    readonly pid: number,
    readonly httpPort: number | undefined,
  ) {
    super(`A demo runs here already, as process ${pid}.`);
  }
}

/**
 * Runs the embedded PostgreSQL of a data folder, or joins the one that another process runs there. Whatever a killed
 * process left behind (a running server, a stale pid file, a half-made cluster) is put right first. Should this
 * process be killed, the server stops by itself; should the server be killed, this process starts it again.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, purpose, httpPort, settings = {}, log = () => undefined } = options;
  const { place, user } = preparePlace(dataDir, log);
  const release = await acquireLock(place.lock, {
    onWait: (pid) => log(`Waiting for process ${pid}, which is starting or stopping the database.`),
  });
  try {
    const others = livingUsers(place);
    const demo = others.find((other) => other.purpose === "demo");
    if (purpose === "demo" && demo) throw new DemoIsRunning(demo.pid, demo.httpPort);
    // Where others use a server that has just been killed, it must come back at the address that they know.
    const port = others.length > 0 ? readRecord(place.port) : undefined;
    const launch: Launch = { place, user, password: keptSecret(place.password), settings, port, log };
    const running = others.length > 0 ? runningServer(place.data) : undefined;
    // Before the server starts: then it does not outlive this process whenever that is killed.
    const registration = registerUser(place, purpose, httpPort);
    try {
      const server = running ? await join(running, launch) : await open(launch, options.disposable ?? false);
      const use: Use = { purpose, server, registration, left: false };
      void keepUp(use, launch);
      const url = connectionString(server, launch.password);
      return { url, adopted: running !== undefined, stop: () => leave(use, launch) };
    } catch (error) {
      registration.leave();
      registration.stopWatching();
      throw error;
    }
  } finally {
    release();
  }
}

/** The demo that runs on this data folder, if one does. */
export function findRunningDemo(dataDir: string): { pid: number; httpPort?: number } | undefined {
  return livingUsers(placeOf(dataDir)).find(({ purpose }) => purpose === "demo");
}

function connectionString({ port }: Server, password: string): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
}

async function join(server: Server, launch: Launch): Promise<Server> {
  await answering(server, launch);
  return server;
}

async function open(launch: Launch, disposable: boolean): Promise<Server> {
  try {
    return await startAnswering(launch);
  } catch (error) {
    if (!disposable || !(error instanceof CannotProceed)) throw error;
    launch.log("The throw-away database cannot be opened and is made anew.");
    rmSync(launch.place.data, { recursive: true, force: true });
    return await startAnswering(launch);
  }
}

async function startAnswering(launch: Launch): Promise<Server> {
  const server = await startServer(launch);
  try {
    return await join(server, launch);
  } catch (error) {
    await stopServer(server.pid, launch.place.data);
    throw error;
  }
}

/** After a crash the server first gets its data in order, which may take a while. */
async function answering(server: Server, { place, password, log }: Launch): Promise<void> {
  const started = Date.now();
  let nextWordMs = PROGRESS_MS;
  for (;;) {
    const failure = await ask(connectionString(server, password));
    if (failure === undefined) return;
    // SQLSTATE 28P01: wrong password.
    if (failure instanceof pg.DatabaseError && failure.code === "28P01") {
      throw new CannotProceed(
        `The password in ${place.password} is not that of the database in ${place.data}.`,
        `Put the right one back, or begin anew without the data: remove ${place.base}`,
      );
    }
    const waitedMs = Date.now() - started;
    if (waitedMs > OPENING_MS || runningServer(place.data)?.pid !== server.pid) throw didNotStart(place);
    if (waitedMs > nextWordMs) {
      nextWordMs += PROGRESS_MS;
      log(`PostgreSQL is getting its data in order, ${Math.round(waitedMs / 1000)} s.`);
    }
    await sleep(POLL_MS);
  }
}

async function ask(connectionString: string): Promise<unknown> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT 1");
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A server that ends while it is in use (killed, out of memory) comes back at the same address. */
async function keepUp(use: Use, launch: Launch): Promise<void> {
  while (use.server.ended) {
    await use.server.ended;
    if (use.left) return;
    try {
      await restart(use, launch);
    } catch (error) {
      if (use.left) return;
      launch.log(error instanceof Error ? error.message : String(error));
      await sleep(RESTART_PAUSE_MS);
    }
  }
}

async function restart(use: Use, launch: Launch): Promise<void> {
  const release = await acquireLock(launch.place.lock);
  try {
    // It may have been left while this waited, and the end was then a wanted one.
    if (use.left) return;
    const running = runningServer(launch.place.data);
    if (!running) launch.log("The database ended unexpectedly; starting it again.");
    const again = { ...launch, port: use.server.port };
    use.server = running ? await join(running, again) : await startAnswering(again);
  } finally {
    release();
  }
}

async function leave(use: Use, { place, log }: Launch): Promise<void> {
  use.left = true;
  const release = await acquireLock(place.lock);
  try {
    use.registration.leave();
    const others = livingUsers(place).map(({ pid }) => pid);
    if (others.length === 0) await stopServer(use.server.pid, place.data);
    // Only who stops a demo expects the database to be gone with it.
    else if (use.purpose === "demo") log(`The database stays up for process ${others.join(", ")}.`);
    use.registration.stopWatching();
  } finally {
    release();
  }
}
