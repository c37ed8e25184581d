import { type Database, openDatabase } from "../database";
import { DemoIsRunning, findRunningDemo } from "../postgres";
import { CannotProceed } from "./cannot-proceed";
import { dataDirectory } from "./data-dir";
import { hold } from "./program";

/** Stops a second demo on the same data before it does anything, and says where the first one is. */
export function refuseSecondDemo(): void {
  const demo = process.env.DATABASE_URL ? undefined : findRunningDemo(dataDirectory());
  if (demo) throw alreadyRunning(demo);
}

/** The demo's database, held until the program stops. */
export async function openDemoDatabase(httpPort: number, log: (line: string) => void): Promise<Database> {
  try {
    return await hold(
      () => openDatabase("demo", log, httpPort),
      (database) => database.stop(),
    );
  } catch (error) {
    throw error instanceof DemoIsRunning ? alreadyRunning(error) : error;
  }
}

function alreadyRunning({ pid, httpPort }: { pid: number; httpPort?: number }): CannotProceed {
  return new CannotProceed(
    `Leeway already runs here, on http://localhost:${httpPort} (process ${pid}).`,
    "Stop it first, or run a second one on data of its own: LEEWAY_DATA_DIR=/some/folder PORT=3001 npm run demo",
  );
}
