import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Place, placeOf, preparePlace } from "./embedded/place";
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
import { acquireLock } from "./process-lock.mjs";

const OPENING_MS = 300_000;
const POLL_MS = 25;
const PROGRESS_MS = 5_000;

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
 * process be killed, the server stops by itself.
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
    const launch: Launch = { place, user, password: keptSecret(place.password), settings, log };
    const running = others.length > 0 ? runningServer(place.data) : undefined;
    const server = running ? await join(running, launch) : await open(launch, options.disposable ?? false);
    const registration = registerUser(place, server.pid, purpose, httpPort);
    return {
      url: connectionString(server, launch.password),
      adopted: running !== undefined,
      stop: () => leave(place, server, registration, log),
    };
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

async function leave(
  place: Place,
  server: Server,
  registration: ReturnType<typeof registerUser>,
  log: (line: string) => void,
): Promise<void> {
  const release = await acquireLock(place.lock);
  try {
    registration.leave();
    const others = livingUsers(place).map(({ pid }) => pid);
    if (others.length > 0) log(`The database stays up for process ${others.join(", ")}.`);
    else await stopServer(server.pid, place.data);
    registration.stopWatching();
  } finally {
    release();
  }
}
