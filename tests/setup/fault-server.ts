import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import { query, withDatabase } from "@/scripts/database";
import { placeOf, preparePlace } from "@/scripts/embedded/place";
import { runningServer } from "@/scripts/embedded/server";
import { makeDirectory } from "@/scripts/operations/data-dir";
import { startPostgres } from "@/scripts/postgres";
import { FAULT_DATABASE } from "./faults";

const BACK_MS = 60_000;
const POLL_MS = 20;

/** A PostgreSQL server of a test's own, which may be killed: it comes back at the same address. */
export interface FaultServer {
  /** The owner's, of the database with the app's tables. */
  url: string;
  port: number;
  /** The folder of its data, which is its server's user's. */
  data: string;
  /** Kills the server itself and, unless told otherwise, each of its processes, all at once. */
  kill(only?: "postmaster"): void;
  /** Waits until it answers. */
  back(): Promise<void>;
  /** What it wrote since it last started. */
  said(): string;
  stop(): Promise<void>;
}

/** Starts a copy of the run's migrated cluster. What is acknowledged is on the disk, as it has to be in earnest. */
export async function startFaultServer(options: {
  name: string;
  settings?: Record<string, string>;
  /** Where its data are kept, if not with the others': a folder that is there, on a small disk for instance. */
  dataDir?: string;
}): Promise<FaultServer> {
  const { folder, template } = inject("faultServers");
  const dataDir = options.dataDir ?? join(folder, options.name);
  makeDirectory(dataDir);
  const { place } = preparePlace(dataDir, () => undefined);
  const from = placeOf(template);
  // As it is, with the owner whom the server runs as.
  const copied = spawnSync("cp", ["-a", from.data, place.data], { encoding: "utf8" });
  if (copied.status !== 0) throw new Error(`The cluster could not be copied: ${copied.stderr}`);
  copyFileSync(from.password, place.password);
  const server = await startPostgres({
    dataDir,
    purpose: "tests",
    settings: { max_connections: "200", shared_buffers: "32MB", ...options.settings },
  });
  const url = withDatabase(server.url, FAULT_DATABASE);
  return {
    url,
    port: Number(new URL(url).port),
    data: place.data,
    kill: (only) => {
      const running = runningServer(place.data);
      if (!running) return;
      const children = only === undefined ? childrenOf(running.pid) : [];
      for (const pid of [running.pid, ...children]) endAtOnce(pid);
    },
    back: () => awaitAnswer(url),
    said: () => readFileSync(place.log, "utf8"),
    stop: server.stop,
  };
}

async function awaitAnswer(url: string): Promise<void> {
  for (const until = Date.now() + BACK_MS; ; await sleep(POLL_MS)) {
    try {
      await query(url, "select 1");
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

function childrenOf(parent: number): number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [pid, ppid] = line.trim().split(/\s+/).map(Number);
    return ppid === parent && pid ? [pid] : [];
  });
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended since.
  }
}
