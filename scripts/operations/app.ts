import type { AppServer } from "./app-server";
import { hold } from "./program";
import { AGAIN, step } from "./step";

// The app's own code reads its settings while it loads, so each of these loads it only when called.

/** Brings the database to this version's tables, and makes the demo's organization unless it is there. */
export async function fillDatabase(databaseUrl: string): Promise<void> {
  await step("Bringing the database's tables up to date", AGAIN, async (log) => {
    const { migrate } = await import("@/lib/db/migrate");
    await migrate({ databaseUrl, log });
  });
  await step("Filling in the demo's people and history, the first time", AGAIN, async (log) => {
    const { seedDemo } = await import("@/prisma/seed");
    await seedDemo({ databaseUrl, log });
  });
}

/** Has the app answer on the port that was taken, and its worker do the jobs, until the program stops. */
export async function serveApp(server: AppServer, databaseUrl: string): Promise<void> {
  await step("Starting the app", AGAIN, async () => {
    await answerRequests(server);
    await runWorker(databaseUrl);
  });
}

/** Has the app answer on the port that was taken, until the program stops. */
export async function answerRequests(server: AppServer): Promise<void> {
  const { closePool } = await import("@/lib/db/pool");
  const { closeListener } = await import("@/lib/events/listener");
  await hold(
    () => server.serve(),
    // Before the database goes, so that nobody is cut off in the middle.
    () => server.close().then(closeListener).then(closePool),
  );
}

/** Works off the jobs of the database until the program stops. */
export async function runWorker(databaseUrl: string): Promise<void> {
  const { startWorker } = await import("@/lib/jobs/worker");
  await hold(
    () => startWorker({ databaseUrl }),
    (worker) => worker.stop(),
  );
}
