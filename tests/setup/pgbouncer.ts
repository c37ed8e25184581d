import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { query } from "@/scripts/database";
import { serverEnvironment, serverUser } from "@/scripts/embedded/binaries";
import { give } from "@/scripts/embedded/place";
import { freePort } from "@/scripts/embedded/server";
import type { Undo } from "./replicated-server";

const START_MS = 10_000;

/** An ordinary user's PATH leaves out the folder into which Debian puts it. */
const PATH = `${serverEnvironment.PATH}:/usr/sbin:/usr/local/sbin`;

/** It waits for the end of the process that started it, which closes the pipe, and ends PgBouncer then. */
const UNTIL_ORPHANED = 'pgbouncer "$1" & read -r _; kill "$!"; wait';

/** Whether PgBouncer is installed here. */
export function hasPgBouncer(): boolean {
  return spawnSync("pgbouncer", ["--version"], { env: { ...serverEnvironment, PATH } }).status === 0;
}

/**
 * Starts a PgBouncer in transaction mode, set up as docs/running.md says, but with so few connections to the server
 * that those who ask at once have to share them. Gives the app's connection string through it.
 */
export async function startPgBouncer(
  options: { server: URL; database: string; role: string; password: string },
  undo: Undo,
): Promise<string> {
  const { server, database, role, password } = options;
  const user = serverUser();
  const folder = mkdtempSync(join(tmpdir(), "leeway-pgbouncer-"));
  undo(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    give(path, user);
    return path;
  };
  const users = write("users.txt", `"${role}" "${password}"\n`);
  const settings = write(
    "pgbouncer.ini",
    `[databases]
${database} = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
query_wait_timeout = 3
server_login_retry = 1
`,
  );

  const log = join(folder, "log");
  const output = openSync(log, "w", 0o600);
  // In a session of its own, so that Ctrl-C reaches the tests first.
  const child = spawn("/bin/sh", ["-c", UNTIL_ORPHANED, "sh", settings], {
    ...user,
    cwd: "/",
    detached: true,
    env: { ...serverEnvironment, PATH },
    stdio: ["pipe", output, output],
  });
  closeSync(output);
  const ended = once(child, "exit");
  child.stdin?.on("error", () => undefined);
  undo(async () => {
    child.stdin?.end();
    await ended;
  });

  const url = `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`;
  const until = Date.now() + START_MS;
  for (;;) {
    const failure = await query(url, "SELECT 1").then(
      () => undefined,
      (error: Error) => error,
    );
    if (!failure) return url;
    if (Date.now() > until) {
      throw new Error(`PgBouncer did not start (${failure.message}):\n${readFileSync(log, "utf8")}`);
    }
    await sleep(50);
  }
}
