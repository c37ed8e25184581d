import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { takeTestDatabase } from "../setup/database";
import { startFaultServer } from "../setup/fault-server";
import { faultsOfFile, rounds } from "../setup/faults";
import { limit, scenario } from "../setup/scenario";
import { expectKept, expectNeverPassed, traffic, untilAcknowledged } from "../setup/traffic";

const TIGHT = limit({ id: "customer-day", scope: ["customer"], window: "day", max: 40_000, over: "deny" });
const DISK_MB = 160;

/** A small disk of its own; null where this user may not mount one. */
function mountDisk(): { path: string; fill(): void; free(): void; unmount(): void } | null {
  const path = mkdtempSync(join(tmpdir(), "leeway-disk-"));
  chmodSync(path, 0o755);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m,mode=755`, "tmpfs", path]);
  if (mounted.status !== 0) {
    rmSync(path, { recursive: true });
    return null;
  }
  const ballast = join(path, "ballast");
  return {
    path,
    fill: () => {
      const file = openSync(ballast, "a");
      try {
        for (const bytes of [1_000_000, 4_096]) writeUntilFull(file, Buffer.alloc(bytes));
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    unmount: () => {
      spawnSync("umount", [path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function writeUntilFull(file: number, bytes: Buffer): void {
  for (;;) {
    try {
      if (writeSync(file, bytes) < bytes.length) return;
    } catch {
      return;
    }
  }
}

// Risk: with no room for its journal the server stops in the middle, and what was acknowledged is not in it.
it("a full disk refuses decisions and loses none that was acknowledged, and all goes on once there is room", async (context) => {
  const disk = mountDisk();
  if (!disk) {
    context.skip("A full disk is not tried: this user may not mount a small one.");
    return;
  }
  const { proxy, server: usual } = faultsOfFile();
  try {
    const server = await startFaultServer({
      name: "disk",
      dataDir: disk.path,
      settings: { min_wal_size: "32MB", max_wal_size: "48MB", shared_buffers: "8MB" },
    });
    const closeDatabase = takeTestDatabase(server.url);
    proxy.leadTo(server.port);
    try {
      const s = await scenario({ limits: [TIGHT] });
      const agents = await Promise.all(Array.from({ length: 3 }, () => s.employee("agent")));
      const customers = await Promise.all(Array.from({ length: 4 }, () => s.customer()));
      const load = traffic(s, { agents, customers });
      for (let round = 0; round < rounds(1, 4); round++) {
        await untilAcknowledged(load, load.acknowledged.size + 30);
        const missed = load.missing();
        disk.fill();
        for (const until = Date.now() + 30_000; load.missing() < missed + 20 && Date.now() < until; ) {
          await sleep(50);
          // What the server frees meanwhile is taken again.
          disk.fill();
        }
        disk.free();
        await server.back();
      }
      await load.settle();
      expect(load.missing()).toBeGreaterThan(0);
      await expectKept(s, load.acknowledged);
      await expectNeverPassed(s.organizationId, TIGHT.id, TIGHT.max);
    } finally {
      proxy.leadTo(usual.port);
      await closeDatabase();
      await server.stop();
    }
  } finally {
    disk.unmount();
  }
});
