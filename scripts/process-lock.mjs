import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A breaker that has held its guard for so long was itself killed: breaking takes microseconds. */
const BREAKING_MS = 10_000;

/**
 * Says when the process with this id started, as text that differs for a later process under the same id;
 * `undefined` where no such process lives. A process id alone proves nothing after a reboot.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
export function processStart(pid) {
  if (process.platform !== "linux") return processStartByPs(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces and parentheses of its own, so fields count from the last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function processStartByPs(pid) {
  const { status, stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  return status === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
}

/** @returns {{ pid: number, startedAt: string | undefined }} */
export function thisProcess() {
  return { pid: process.pid, startedAt: processStart(process.pid) };
}

/**
 * @param {{ pid?: unknown, startedAt?: unknown } | undefined} identity
 * @returns {boolean} whether the very process that wrote this identity still lives
 */
export function isAlive(identity) {
  if (typeof identity?.pid !== "number") return false;
  const startedAt = processStart(identity.pid);
  return startedAt !== undefined && startedAt === identity.startedAt;
}

/**
 * Reads what a process left in a JSON file; a file that is missing or broken off says nothing.
 *
 * @param {string} path
 * @returns {any}
 */
export function readRecord(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Holds a lock file until the returned function is called. The file carries its holder's identity, so that the
 * lock of a killed process is broken and never blocks the next start.
 *
 * @param {string} path
 * @param {{ onWait?: (pid: number | undefined) => void }} [options]
 * @returns {Promise<() => void>} gives the lock back
 */
export async function acquireLock(path, { onWait } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(mine, JSON.stringify(thisProcess()));
  let said = false;
  try {
    for (;;) {
      if (tryLink(mine, path)) return once(() => rmSync(path, { force: true }));
      const holder = readRecord(path);
      if (!isAlive(holder)) breakLock(path);
      else {
        if (!said) onWait?.(holder.pid);
        said = true;
        await sleep(200);
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * Giving a lock back twice must not take it from its next holder.
 *
 * @param {() => void} work
 */
function once(work) {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

/**
 * A link appears with its whole content at once, which an exclusive create followed by a write does not.
 *
 * @param {string} from
 * @param {string} to
 */
function tryLink(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

/**
 * Two waiters may find the same dead holder; under the guard only one removes its file, after looking again,
 * so that neither removes the lock that the other has just taken.
 *
 * @param {string} path
 */
function breakLock(path) {
  const guard = `${path}.breaking`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
    const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > BREAKING_MS) rmSync(guard, { recursive: true, force: true });
    return;
  }
  try {
    if (!isAlive(readRecord(path))) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
export function isCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
