import { Logger, type LogLevel, run } from "graphile-worker";
import pg from "pg";
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
  // A pool of our own, so that a stop can wait until its last connection has ended.
  const queue = new pg.Pool({
    connectionString: options.databaseUrl,
    max: 10,
    application_name: "leeway worker",
  });
  queue.on("error", (error) => log.warn({ reason: error.message }, "a connection of the worker's broke"));
  const runner = await run({
    pgPool: queue,
    concurrency: 4,
    noHandleSignals: true,
    pollInterval: 2_000,
    taskList: TASKS,
    logger,
  });
  const stop = async () => {
    await runner.stop();
    await queue.end();
  };
  return { stop, ended: runner.promise };
}
