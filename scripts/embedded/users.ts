import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isAlive, readRecord, thisProcess } from "../process-lock.mjs";
import { serverEnvironment } from "./binaries";
import type { Place } from "./place";

/** Why a process uses the server. A demo is alone in its data folder; the others share the server. */
export type Purpose = "demo" | "command" | "tests";

/** What a process leaves in its file while it uses the server. */
type User = { pid: number; startedAt?: string; purpose: Purpose; httpPort?: number };

/** The processes that use the server; what dead ones left is swept away. */
export function livingUsers({ users }: Place): User[] {
  if (!existsSync(users)) return [];
  return readdirSync(users)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const path = join(users, name);
      const user: User | undefined = readRecord(path);
      if (user && isAlive(user)) return [user];
      rmSync(path, { force: true });
      return [];
    });
}

/**
 * Puts this process down as a user of the server, and has a shell wait for its end: when this process is killed, the
 * pipe between the two closes, and the shell stops the server, unless another process uses it. The shell is in a
 * session of its own, as the server is, so that Ctrl-C in the terminal reaches neither.
 */
export function registerUser(place: Place, purpose: Purpose, httpPort?: number) {
  const mine = join(place.users, `${process.pid}-${randomBytes(4).toString("hex")}.json`);
  const user: User = { ...thisProcess(), purpose, httpPort };
  writeFileSync(mine, JSON.stringify(user));
  const script = fileURLToPath(new URL("./stop-when-orphaned.sh", import.meta.url));
  const args = [script, mine, place.users, place.data];
  const watcher = spawn("/bin/sh", args, {
    cwd: "/",
    detached: true,
    env: serverEnvironment,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.on("error", () => undefined);
  watcher.stdin.on("error", () => undefined);
  // Neither the shell nor the pipe to it keeps a program alive that has nothing else to do.
  watcher.unref();
  if (watcher.stdin instanceof Socket) watcher.stdin.unref();
  return {
    leave: () => rmSync(mine, { force: true }),
    stopWatching: () => watcher.stdin.end("stopped\n"),
  };
}
