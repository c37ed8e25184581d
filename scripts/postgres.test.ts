import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { query } from "./database";
import { placeOf } from "./embedded/place";
import { root } from "./operations/data-dir";
import { DemoIsRunning, type PostgresOptions, type RunningPostgres, startPostgres } from "./postgres";

let dataDir: string;
let started: RunningPostgres[];
let processes: ChildProcess[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "leeway-postgres-"));
  // Root's server runs as somebody else, who is let through here.
  chmodSync(dataDir, 0o755);
  started = [];
  processes = [];
});

afterEach(async () => {
  for (const child of processes) child.kill("SIGKILL");
  for (const server of started) await server.stop();
  await until(() => livingServer() === undefined);
  rmSync(placeOf(dataDir).base, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<PostgresOptions> = {}): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir, purpose: "tests", ...options });
  started.push(server);
  return server;
}

/** Starts the server in another process, which then does nothing more. */
async function startElsewhere(): Promise<ChildProcess> {
  const code = `
    const { startPostgres } = await import(${JSON.stringify(join(root, "scripts", "postgres.ts"))});
    await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, purpose: "tests" });
    process.stdout.write("started\\n");
    setInterval(() => {}, 1000);`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", code];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  processes.push(child);
  await once(child.stdout, "data");
  return child;
}

async function isAnswering(url: string): Promise<boolean> {
  return await query(url, "SELECT 1").then(
    () => true,
    () => false,
  );
}

async function one(url: string): Promise<unknown[] | undefined> {
  return await query(url, "SELECT one FROM kept").then(
    ({ rows }) => rows,
    () => undefined,
  );
}

function pidFile(): string {
  return join(placeOf(dataDir).data, "postmaster.pid");
}

function serverPid(): number {
  return Number(readFileSync(pidFile(), "utf8").split("\n")[0]);
}

function livingServer(): number | undefined {
  return existsSync(pidFile()) && isLiving(serverPid()) ? serverPid() : undefined;
}

function isLiving(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 500) throw new Error(`still not so after 10 s: ${holds}`);
    await sleep(20);
  }
}

test("the database is UTF-8 and UTC, knows foreign letters, and keeps its data from start to start", async () => {
  const first = await start();
  await query(first.url, "CREATE TABLE kept AS SELECT 'Łukasz' AS name");
  await query(first.url, "CREATE EXTENSION pg_trgm");
  const { rows } = await query(
    first.url,
    "SELECT current_setting('server_encoding') AS encoding, current_setting('TimeZone') AS zone, " +
      "lower('ŁÉ') AS lower, similarity('Łukasz', 'łukasz') AS same, current_setting('unix_socket_directories') AS sockets",
  );
  expect(rows).toEqual([{ encoding: "UTF8", zone: "UTC", lower: "łé", same: 1, sockets: "" }]);
  await first.stop();
  expect(livingServer()).toBeUndefined();

  const second = await start();
  expect((await query(second.url, "SELECT name FROM kept")).rows).toEqual([{ name: "Łukasz" }]);
});

test("whoever comes later joins the running server, and the last one to leave stops it", async () => {
  const first = await start();
  const second = await start({ purpose: "command" });
  expect([first.adopted, second.adopted]).toEqual([false, true]);
  await first.stop();
  expect((await query(second.url, "SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  await second.stop();
  expect(livingServer()).toBeUndefined();
});

test("two that start at once share one server", async () => {
  const both = await Promise.all([start(), start()]);
  expect(both.map(({ adopted }) => adopted).sort()).toEqual([false, true]);
  expect(both[0]?.url).toBe(both[1]?.url);
});

test("a second demo is refused and told where the first one is", async () => {
  await start({ purpose: "demo", httpPort: 4321 });
  const second = startPostgres({ dataDir, purpose: "demo" });
  await expect(second).rejects.toThrow(DemoIsRunning);
  await expect(second).rejects.toMatchObject({ pid: process.pid, httpPort: 4321 });
  expect((await start({ purpose: "command" })).adopted).toBe(true);
});

test("when its process is killed the server stops by itself", async () => {
  const owner = await startElsewhere();
  const pid = serverPid();
  owner.kill("SIGKILL");
  expect(isLiving(pid)).toBe(true);
  await until(() => !existsSync(pidFile()));
});

test("a killed process does not take the server from another one that uses it", async () => {
  const owner = await startElsewhere();
  const mine = await start();
  expect(mine.adopted).toBe(true);
  owner.kill("SIGKILL");
  await sleep(500);
  expect((await query(mine.url, "SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
});

// The machine lost power, or everything was killed at once, the server too; its process id is another program's now.
test("a pid file that names a living stranger does not block", async () => {
  await (await start()).stop();
  const stranger = spawn("sleep", ["60"]);
  processes.push(stranger);
  const { data } = placeOf(dataDir);
  writeFileSync(pidFile(), `${stranger.pid}\n${data}\n1\n5432\n\n127.0.0.1\n\nready\n`);
  const again = await start();
  expect((await query(again.url, "SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  expect(isLiving(stranger.pid ?? 0)).toBe(true);
});

test("a server that was killed recovers what was committed", async () => {
  const first = await start();
  await query(first.url, "CREATE TABLE kept AS SELECT 1 AS one");
  process.kill(serverPid(), "SIGKILL");
  await first.stop();
  const again = await start();
  expect((await query(again.url, "SELECT one FROM kept")).rows).toEqual([{ one: 1 }]);
});

test("a server that ends while it is in use comes back at the same address with what was committed", async () => {
  const server = await start();
  await query(server.url, "CREATE TABLE kept AS SELECT 1 AS one");
  for (const signal of ["SIGKILL", "SIGINT"] as const) {
    const pid = serverPid();
    process.kill(pid, signal);
    await until(() => existsSync(pidFile()) && ![pid, 0].includes(serverPid()));
    await expect.poll(() => one(server.url), { timeout: 10_000 }).toEqual([{ one: 1 }]);
  }
});

test("whoever comes while a killed server is still down brings it back where the others expect it", async () => {
  const first = await start();
  const pid = serverPid();
  process.kill(pid, "SIGKILL");
  const second = await start();
  expect(second.url).toBe(first.url);
  await expect.poll(() => isAnswering(first.url), { timeout: 10_000 }).toBe(true);
  await first.stop();
  expect(await isAnswering(second.url)).toBe(true);
});

test("a cluster whose creation broke off is made anew", async () => {
  const base = join(dataDir, "postgres");
  mkdirSync(join(base, "unfinished-1234", "base"), { recursive: true });
  mkdirSync(join(base, "data", "base"), { recursive: true });
  const said: string[] = [];
  const server = await start({ log: (line) => said.push(line) });
  expect((await query(server.url, "SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  expect(readdirSync(base).filter((name) => name.startsWith("unfinished-"))).toEqual([]);
  expect(said.join("\n")).toContain("was not complete");
});

test("throw-away data that cannot be opened are made anew, others are left alone with advice", async () => {
  await (await start()).stop();
  rmSync(join(placeOf(dataDir).data, "pg_wal"), { recursive: true });
  await expect(startPostgres({ dataDir, purpose: "tests" })).rejects.toMatchObject({
    message: expect.stringContaining("PostgreSQL did not start"),
    advice: expect.stringContaining("DATABASE_URL"),
  });
  const server = await start({ disposable: true });
  expect((await query(server.url, "SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
});

// A checkout under /root, say: the user whom root's server runs as cannot get in.
test.runIf(process.getuid?.() === 0)(
  "where the server's user cannot go, the data are kept elsewhere",
  async () => {
    chmodSync(dataDir, 0o700);
    const said: string[] = [];
    const first = await start({ log: (line) => said.push(line) });
    await query(first.url, "CREATE TABLE kept AS SELECT 1 AS one");
    await first.stop();
    expect(placeOf(dataDir).base).toMatch(/^\/var\/lib\/leeway\//);
    expect(said.join("\n")).toContain(placeOf(dataDir).base);
    const again = await start();
    expect((await query(again.url, "SELECT one FROM kept")).rows).toEqual([{ one: 1 }]);
  },
);
