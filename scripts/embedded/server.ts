import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CannotProceed } from "../operations/cannot-proceed";
import { type Binaries, findBinaries, runAs, type ServerUser, serverEnvironment } from "./binaries";
import { give, type Place } from "./place";

export const SUPERUSER = "leeway";

const OWN_SERVER = "or use a server of your own: DATABASE_URL=postgresql://…";
const FAST_STOP_MS = 10_000;
const HARD_STOP_MS = 5_000;
const START_ATTEMPTS = 5;
const POLL_MS = 25;

/** A process id above every kernel's largest, so that no process ever has it. */
const NO_PROCESS = 2_147_483_646;

export type Server = {
  pid: number;
  port: number;
  /** Settles when the server ends; known to the process that started it. */
  ended?: Promise<void>;
};

export type Launch = {
  place: Place;
  user: ServerUser;
  password: string;
  settings: Record<string, string>;
  /** Where it must listen; without it, on any free port. */
  port?: number;
  log: (line: string) => void;
};

/** The server that runs on this cluster, found by the file that it keeps there while it lives. */
export function runningServer(data: string): Server | undefined {
  const [pid, , , port] = pidFile(data).map(Number);
  return pid !== undefined && port !== undefined && isPostmaster(pid, data) ? { pid, port } : undefined;
}

function pidFile(data: string): string[] {
  try {
    return readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return [];
  }
}

/** The process id in a pid file may since have gone to any other program. */
function isPostmaster(pid: number, data: string): boolean {
  return commandLine(pid).includes(`-D ${data} -p `);
}

function commandLine(pid: number): string {
  if (process.platform !== "linux") return runAs({}, "ps", ["-o", "command=", "-p", String(pid)]).stdout;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Stops the server: its clients are cut off and their open transactions undone. Harder when that takes too long. */
export async function stopServer(pid: number, data: string): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ["SIGINT", FAST_STOP_MS],
    ["SIGQUIT", HARD_STOP_MS],
    ["SIGKILL", HARD_STOP_MS],
  ];
  for (const [signal, patienceMs] of steps) {
    if (!isPostmaster(pid, data)) return;
    process.kill(pid, signal);
    const until = Date.now() + patienceMs;
    while (isPostmaster(pid, data) && Date.now() < until) await sleep(POLL_MS);
  }
}

/**
 * Starts the server after putting right what a killed start left behind, and makes the cluster the first time.
 * Returns when it takes connections, or is about to after recovering its data.
 */
export async function startServer(launch: Launch): Promise<Server> {
  const binaries = findBinaries(launch.user, launch.place.base);
  await clearRemains(launch);
  if (!existsSync(launch.place.data)) await createCluster(launch, binaries);
  return await run(launch, binaries);
}

async function clearRemains({ place, log }: Launch): Promise<void> {
  const orphan = runningServer(place.data);
  if (orphan) {
    log(`Stopping the database that a killed process left running (process ${orphan.pid}).`);
    await stopServer(orphan.pid, place.data);
  }
  for (const name of readdirSync(place.base)) {
    if (name.startsWith("unfinished-")) rmSync(join(place.base, name), { recursive: true, force: true });
  }
  const isWhole = ["PG_VERSION", "global/pg_control"].every((name) => existsSync(join(place.data, name)));
  if (existsSync(place.data) && !isWhole) {
    const aside = `${place.data}-incomplete-${Date.now()}`;
    renameSync(place.data, aside);
    log(`The database folder was not complete; it is now ${aside}, and a new one is made.`);
  }
  disownPidFile(place.data);
}

/**
 * PostgreSQL refuses to start while the process named in its pid file lives, whichever program that is by now. With
 * the file gone it would no longer check that no server process still works on the data; so the file stays, and names
 * no process.
 */
function disownPidFile(data: string): void {
  const [pid, ...rest] = pidFile(data);
  if (pid !== undefined) writeFileSync(join(data, "postmaster.pid"), [NO_PROCESS, ...rest].join("\n"));
}

/** A cluster gets its name only when it is whole, so that an interrupted creation leaves nothing to trip over. */
async function createCluster({ place, user, password, log }: Launch, binaries: Binaries): Promise<void> {
  log("Creating the database cluster.");
  const unfinished = join(place.base, `unfinished-${randomBytes(4).toString("hex")}`);
  const passwordFile = `${unfinished}.password`;
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    give(unfinished, user);
    writeFileSync(passwordFile, password, { mode: 0o600 });
    give(passwordFile, user);
    const failure = await initialise(binaries.initdb, unfinished, passwordFile, user);
    if (failure === undefined) return renameSync(unfinished, place.data);
    throw new CannotProceed(
      `The database cluster cannot be created in ${place.base}: ${failure}`,
      `Check that the disk has room (100 MB); ${OWN_SERVER}`,
    );
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/**
 * PostgreSQL's own locale makes sorting the same on every machine. Its trigram extension still asks the system which
 * characters are letters, and the system's "C" knows only English ones, so that is the last resort.
 */
async function initialise(initdb: string, data: string, passwordFile: string, user: ServerUser) {
  const common = [
    `--pgdata=${data}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
  ];
  let first: string | undefined;
  for (const letters of ["C.UTF-8", "en_US.UTF-8", "C"]) {
    const failure = await tryInitialise(initdb, [...common, `--lc-ctype=${letters}`], user);
    if (failure === undefined) return undefined;
    first ??= failure;
  }
  return first;
}

function tryInitialise(initdb: string, args: string[], user: ServerUser): Promise<string | undefined> {
  const child = spawn(initdb, args, {
    ...user,
    cwd: "/",
    // Ctrl-C must not end it half-way under a parent that waits for it to be whole.
    detached: true,
    env: serverEnvironment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code) => resolve(code === 0 ? undefined : said.trim() || `exit code ${code}`));
  });
}

async function run(launch: Launch, binaries: Binaries): Promise<Server> {
  const { place, log } = launch;
  for (let attempt = 1; ; attempt += 1) {
    const port = launch.port ?? (await freePort());
    const child = spawnServer(launch, binaries, port);
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    if (await isListening(child, place.data)) {
      writeFileSync(place.port, String(port));
      return { pid: child.pid ?? 0, port, ended };
    }
    const said = lastLines(place.log);
    // Both pass by themselves: another program took the port, or processes of a killed server are still ending.
    const passes = /could not create any TCP\/IP sockets|pre-existing shared memory block/.test(said);
    if (!passes || attempt === START_ATTEMPTS) throw didNotStart(place);
    log("PostgreSQL could not start yet; trying again.");
    await sleep(1000);
  }
}

function spawnServer({ place, user, settings }: Launch, binaries: Binaries, port: number): ChildProcess {
  const all = {
    listen_addresses: "127.0.0.1",
    // A socket's path may be too long, and its usual folder may not be ours to write.
    unix_socket_directories: "",
    max_connections: "100",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // To a file and not to a pipe: a server that outlives this process for a moment must not fail at writing.
  rmSync(place.log, { force: true });
  const output = openSync(place.log, "w", 0o600);
  try {
    const child = spawn(binaries.postgres, ["-D", place.data, "-p", String(port), ...flags], {
      ...user,
      cwd: "/",
      // In a session of its own, so that Ctrl-C lets the app finish before its database goes.
      detached: true,
      env: serverEnvironment,
      stdio: ["ignore", output, output],
    });
    child.on("error", () => undefined);
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

/** The eighth line of the pid file is written once the port is taken, and says how far the start has come. */
async function isListening(child: ChildProcess, data: string): Promise<boolean> {
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const lines = pidFile(data);
    if (lines[0] === String(child.pid) && /starting|standby|ready/.test(lines[7] ?? "")) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** The server's own last words say best what is wrong. */
export function didNotStart({ log }: Place): CannotProceed {
  return new CannotProceed(
    `PostgreSQL did not start. The end of ${log}:\n${lastLines(log)}`,
    `Mend what it names; ${OWN_SERVER}`,
  );
}

function lastLines(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").slice(-8).join("\n") : "";
}

/** A port that is free right now; another program may take it the next moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address && typeof address === "object") resolve(address.port);
        else reject(new Error("The system gave no port."));
      });
    });
  });
}
