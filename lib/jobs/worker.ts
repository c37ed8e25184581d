import { Logger, type LogLevel, run } from "graphile-worker";
import { TASKS } from "@/lib/jobs/tasks";
import { log } from "@/lib/log";

/** graphile-worker's levels in ours; its information is of interest only to who looks for it. */
const LEVELS: Record<`${LogLevel}`, "error" | "warn" | "debug" | "trace"> = {
  error: "error",
  warning: "warn",
  info: "debug",
  debug: "trace",
};

const logger = new Logger(() => (level, message) => log[LEVELS[level]]({ worker: true }, message));

/**
 * Runs the worker in this process until it is stopped; a stop lets the jobs at hand finish. The queue belongs to the
 * database's owner, so `databaseUrl` is the owner's; what a job does is done as the app.
 */
export async function startWorker(options: {
  databaseUrl: string;
}): Promise<{ stop(): Promise<void>; ended: Promise<void> }> {
  const runner = await run({
    connectionString: options.databaseUrl,
    concurrency: 4,
    noHandleSignals: true,
    pollInterval: 2_000,
    taskList: TASKS,
    logger,
  });
  return { stop: () => runner.stop(), ended: runner.promise };
}
