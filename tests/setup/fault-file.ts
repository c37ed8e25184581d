import { afterAll } from "vitest";
import { takeTestDatabase } from "./database";
import { openProxy } from "./fault-proxy";
import { startFaultServer } from "./fault-server";
import { faults } from "./faults";

// Before each test file, so that the app's code, which reads its settings while it loads, finds the file's own server,
// and reaches it only through what can fail.
const server = await startFaultServer({
  name: `file-${process.pid}-${Date.now()}`,
  settings: { track_commit_timestamp: "on", deadlock_timeout: "1s" },
});
const proxy = await openProxy(server.port);
const closeDatabase = takeTestDatabase(server.url);
process.env.DATABASE_URL = proxy.url(server.url);
delete process.env.LEEWAY_APP_DATABASE_URL;
process.env.LEEWAY_DATABASE_POOL = "8";
process.env.LEEWAY_DATABASE_TIMEOUT_SECONDS = "3";
faults.open = { server, proxy };

afterAll(async () => {
  const { closePool } = await import("@/lib/db/pool");
  proxy.heal();
  await closePool();
  await closeDatabase();
  await proxy.close();
  await server.stop();
});
