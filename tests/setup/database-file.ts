import { afterAll } from "vitest";
import { openTestDatabase, testDatabase } from "./database";

// Before each test file, so that the app's code, which reads its settings while it loads, gets the file's own database.
const close = await openTestDatabase();
process.env.DATABASE_URL = testDatabase().url;
delete process.env.LEEWAY_APP_DATABASE_URL;
// As many connections as the tests have people who decide at once.
process.env.LEEWAY_DATABASE_POOL = "32";

afterAll(async () => {
  const { closePool } = await import("@/lib/db/pool");
  await closePool();
  await close();
});
