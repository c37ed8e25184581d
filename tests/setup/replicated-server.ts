import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { give, type Place, placeOf, preparePlace } from "@/scripts/embedded/place";
import { runningServer } from "@/scripts/embedded/server";
import { startPostgres } from "@/scripts/postgres";
import { acquireLock } from "@/scripts/process-lock.mjs";

/** A test's data need not outlive a power failure. Both servers must allow as many connections. */
const SETTINGS = { fsync: "off", full_page_writes: "off", max_connections: "100" };

/** Takes what has to be undone in the end, whatever happens after it; undone is what came last first. */
export type Undo = (step: () => Promise<void> | void) => void;

export interface ReplicatedServer {
  /** A superuser's connection strings, for the maintenance database. */
  primaryUrl: string;
  replicaUrl: string;
  /** Ends the replica as a power failure does, and lets it come back, at the same address, after `work`. */
  withoutReplica(work: () => Promise<void>): Promise<void>;
  /** Stops the primary; it doesn't come back. */
  stopPrimary(): Promise<void>;
}

/**
 * Starts a server of its own and a streaming replica of it, which is made as an administrator makes one: a copy of the
 * stopped server's files, told whom to follow.
 */
export async function startReplicatedServer(undo: Undo): Promise<ReplicatedServer> {
  const [primaryDir, replicaDir] = [makeDataDir(undo), makeDataDir(undo)];
  const start = async (dataDir: string) => {
    const server = await startPostgres({ dataDir, purpose: "tests", settings: SETTINGS });
    let stopped: Promise<void> | undefined;
    const stop = () => {
      stopped ??= server.stop();
      return stopped;
    };
    undo(stop);
    return { url: server.url, stop };
  };

  await (await start(primaryDir)).stop();
  const replicaPlace = copyServer(placeOf(primaryDir), replicaDir);
  const primary = await start(primaryDir);
  follow(replicaPlace, primary.url);
  const replica = await start(replicaDir);
  return {
    primaryUrl: primary.url,
    replicaUrl: replica.url,
    withoutReplica: async (work) => {
      // Whoever wants to start it again waits for the lock.
      const release = await acquireLock(replicaPlace.lock);
      try {
        const running = runningServer(replicaPlace.data);
        if (running) process.kill(running.pid, "SIGKILL");
        await work();
      } finally {
        release();
      }
    },
    stopPrimary: primary.stop,
  };
}

function makeDataDir(undo: Undo): string {
  const dataDir = mkdtempSync(join(tmpdir(), "leeway-replicated-"));
  undo(() => {
    rmSync(placeOf(dataDir).base, { recursive: true, force: true });
    rmSync(dataDir, { recursive: true, force: true });
  });
  // Root's server runs as somebody else, who is let through here.
  chmodSync(dataDir, 0o755);
  return dataDir;
}

function copyServer(from: Place, toDataDir: string): Place {
  const { place, user } = preparePlace(toDataDir, () => undefined);
  const copied = spawnSync("cp", ["-Rp", from.data, place.data], { encoding: "utf8" });
  if (copied.status !== 0) throw new Error(`The server's files could not be copied: ${copied.stderr}`);
  copyFileSync(from.password, place.password);
  const signal = join(place.data, "standby.signal");
  writeFileSync(signal, "", { mode: 0o600 });
  give(signal, user);
  return place;
}

function follow({ data }: Place, primaryUrl: string): void {
  appendFileSync(join(data, "postgresql.auto.conf"), `primary_conninfo = '${primaryUrl}'\n`);
}
