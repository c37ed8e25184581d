import { randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isCode } from "../process-lock.mjs";
import { CannotProceed } from "./cannot-proceed";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where this checkout keeps what must outlive a run: the embedded database, its password, the session secret. */
export function dataDirectory(): string {
  const named = process.env.LEEWAY_DATA_DIR;
  if (!named) return join(root, ".leeway");
  return isAbsolute(named) ? named : resolve(root, named);
}

/** Makes a folder that other users may pass through; what is secret in it has a mode of its own. */
export function makeDirectory(path: string): void {
  try {
    const made = mkdirSync(path, { recursive: true });
    // A strict umask must not shut out the user whom the database runs as.
    for (let at = path; made !== undefined && at.startsWith(made); at = dirname(at)) chmodSync(at, 0o755);
    accessSync(path, constants.W_OK);
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"].some((code) => isCode(error, code))) throw error;
    throw new CannotProceed(
      `Cannot write to ${path}.`,
      "Run as the user whom this folder belongs to, or name another one: LEEWAY_DATA_DIR=/some/folder",
    );
  }
}

/** Reads a secret that only this user may read, and makes it up the first time. */
export function keptSecret(path: string, bytes = 32): string {
  if (existsSync(path)) {
    const kept = readSecret(path);
    if (kept !== "") return kept;
  }
  const secret = randomBytes(bytes).toString("hex");
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, secret, { mode: 0o600 });
  renameSync(fresh, path);
  return secret;
}

function readSecret(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if (!isCode(error, "EACCES")) throw error;
    throw new CannotProceed(
      `${path} belongs to another user.`,
      "Run as the user who started Leeway here first, or name another folder: LEEWAY_DATA_DIR=/some/folder",
    );
  }
}
