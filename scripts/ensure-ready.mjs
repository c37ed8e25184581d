// Makes a checkout ready to run: the packages of the lock file, and the generated database client. Written for
// Node alone. Everything it says goes to standard error, because programs print their results on standard output.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { acquireLock, isAlive, isCode, processStart, readRecord } from "./process-lock.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const PROGRESS_MS = 10_000;
const modules = join(root, "node_modules");
const installStamp = join(modules, ".leeway-installed.json");
/** npm's own record of what it installed; it writes this last. */
const hiddenLock = join(modules, ".package-lock.json");
/** Names the npm that is installing, so that one which outlived a killed start is found. */
const installer = join(root, ".leeway", "installer.json");
const client = join(root, "lib", "db", "generated");
const clientStamp = join(client, ".leeway-generated.json");

/** The checkout cannot be made ready, for a reason that the person at the keyboard can mend. */
export class NotReady extends Error {
  /**
   * @param {string} message
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Installs and generates what is missing or stale; costs milliseconds when nothing is. */
export async function ensureReady() {
  if (isInstalled() && isGenerated()) return;
  const release = await lock();
  try {
    if (!isInstalled()) await install();
    if (!isGenerated()) await generate();
  } finally {
    release();
  }
}

async function lock() {
  const path = join(root, ".leeway", "ready.lock");
  try {
    return await acquireLock(path, {
      onWait: (pid) => say(`Another start (process ${pid}) is making things ready; waiting for it.`),
    });
  } catch (error) {
    if (!isCode(error, "EACCES") && !isCode(error, "EROFS") && !isCode(error, "EPERM")) throw error;
    throw new NotReady(`Cannot write to ${dirname(path)}: run as the user whom this folder belongs to.`);
  }
}

function isInstalled() {
  const wanted = JSON.stringify(installIdentity());
  if (JSON.stringify(readRecord(installStamp)) === wanted) return true;
  // Somebody may have run npm by hand: then npm's own record of the tree says whether it is the lock file's.
  if (existsSync(installStamp) && readRecord(installStamp)?.node !== installIdentity().node) return false;
  if (!isInstalledByHand()) return false;
  writeStamp(installStamp, wanted);
  return true;
}

function installIdentity() {
  return {
    lock: hash(join(root, "package-lock.json")),
    node: process.versions.node.split(".")[0],
    platform: `${process.platform}-${process.arch}`,
  };
}

/** An install that broke off has no record. */
function isInstalledByHand() {
  const wanted = readRecord(join(root, "package-lock.json"))?.packages;
  const present = readRecord(hiddenLock)?.packages;
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional, os, cpu, libc }]) => {
    if (path === "" || (optional && !isForThisMachine(os, cpu, libc))) return true;
    return present[path]?.version === version && present[path]?.integrity === integrity;
  });
}

/**
 * An optional package without any such mark may be left out by npm, so it counts as one for other machines.
 *
 * @param {string[] | undefined} os
 * @param {string[] | undefined} cpu
 * @param {string[] | undefined} libc
 */
function isForThisMachine(os, cpu, libc) {
  if (!os?.includes(process.platform) || !cpu?.includes(process.arch)) return false;
  return libc === undefined || libc.includes(isGlibc() ? "glibc" : "musl");
}

function isGlibc() {
  // Listing the network interfaces would make this report slow.
  if (process.report) process.report.excludeNetwork = true;
  const report = /** @type {any} */ (process.report?.getReport());
  return report?.header?.glibcVersionRuntime !== undefined;
}

/** Two that install at once would spoil each other's work. */
async function endOrphan() {
  const orphan = readRecord(installer);
  if (!isAlive(orphan)) return;
  say(`Ending the npm that a killed start left behind (process ${orphan.pid}).`);
  process.kill(orphan.pid, "SIGKILL");
  while (isAlive(orphan)) await sleep(50);
}

async function install() {
  // Whatever becomes of this install, an earlier one must not vouch for it.
  for (const record of [installStamp, hiddenLock]) rmSync(record, { force: true });
  await endOrphan();
  const started = Date.now();
  say("Installing packages (npm ci). The first time this takes a minute or so.");
  const npm = process.env.npm_execpath ?? "";
  const args = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  const [command, ...before] = /npm-cli\.c?js$/.test(npm) ? [process.execPath, npm] : ["npm"];
  const code = await run(command, [...before, ...args], "installing packages", started);
  if (code !== 0) {
    throw new NotReady(
      `npm ci failed (exit code ${code}); its message is above.\n` +
        "Check the network, and that this folder may be written; then run the same command again.",
    );
  }
  writeStamp(installStamp, JSON.stringify(installIdentity()));
  say(`Packages are installed (${seconds(started)} s).`);
}

function isGenerated() {
  if (!existsSync(join(root, "prisma", "schema.prisma"))) return true;
  return JSON.stringify(readRecord(clientStamp)) === JSON.stringify(clientIdentity());
}

function clientIdentity() {
  const config = join(root, "prisma.config.ts");
  return {
    schema: hash(join(root, "prisma", "schema.prisma")),
    config: existsSync(config) ? hash(config) : null,
    prisma: readRecord(join(modules, "prisma", "package.json"))?.version ?? null,
  };
}

async function generate() {
  const started = Date.now();
  const identity = JSON.stringify(clientIdentity());
  const prisma = join(modules, "prisma", "build", "index.js");
  const code = await run(process.execPath, [prisma, "generate"], "generating the database client", started);
  if (code !== 0) throw new NotReady(`prisma generate failed (exit code ${code}); its message is above.`);
  writeStamp(clientStamp, identity);
}

/**
 * Runs a program whose whole output goes to standard error. Ctrl-C ends it at once and then this process: npm would
 * first undo what it has done, which takes long and helps nobody, as the next install begins anew.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {string} what
 * @param {number} started
 * @returns {Promise<number>}
 */
function run(command, args, what, started) {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" };
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", 2, 2] });
  if (child.pid)
    writeStamp(installer, JSON.stringify({ pid: child.pid, startedAt: processStart(child.pid) }));
  const progress = setInterval(() => say(`  still ${what}, ${seconds(started)} s`), PROGRESS_MS);
  /** @type {NodeJS.Signals | undefined} */
  let interrupted;
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    interrupted = signal;
    child.kill("SIGKILL");
  };
  const signals = /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  for (const signal of signals) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new NotReady(`Cannot run ${command}: ${error.message}`)));
    child.once("close", (code, signal) => {
      if (interrupted) reject(new NotReady(`Stopped while ${what}.`, interrupted === "SIGINT" ? 130 : 143));
      else resolve(code ?? (signal ? 1 : 0));
    });
  }).finally(() => {
    clearInterval(progress);
    rmSync(installer, { force: true });
    for (const signal of signals) process.off(signal, pass);
  });
}

/**
 * A tree that this user may only read runs as well: its stamp is then worked out anew at every start.
 *
 * @param {string} path
 * @param {string} text
 */
function writeStamp(path, text) {
  try {
    writeFileSync(path, text);
  } catch (error) {
    if (!isCode(error, "EACCES") && !isCode(error, "EROFS") && !isCode(error, "EPERM")) throw error;
  }
}

/** @param {string} path */
function hash(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** @param {number} since */
function seconds(since) {
  return Math.round((Date.now() - since) / 1000);
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  ensureReady().catch((error) => {
    process.stderr.write(`${error instanceof NotReady ? error.message : error.stack}\n`);
    process.exit(error instanceof NotReady ? error.exitCode : 1);
  });
}
