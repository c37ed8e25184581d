import { EventEmitter } from "node:events";
import { Logger, type LogLevel, parseCronItems, run, type WorkerEvents } from "graphile-worker";
import pg from "pg";
import { DAY_MS } from "@/lib/discretion/windows";
import { startDispatcher, startHearing } from "@/lib/jobs/dispatcher";
import { watchOrphans } from "@/lib/jobs/orphans";
import { startRouter } from "@/lib/jobs/router";
import { SCHEDULE } from "@/lib/jobs/schedule";
import { TASKS } from "@/lib/jobs/tasks";
import { log } from "@/lib/log";
import { startPostman } from "@/lib/mail/postman";
import { startSender } from "@/lib/webhooks/sender";

/** graphile-worker's levels in ours; its information is of interest only to who looks for it. */
const LEVELS: Record<`${LogLevel}`, "error" | "warn" | "debug" | "trace"> = {
  error: "error",
  warning: "warn",
  info: "debug",
  debug: "trace",
};

const logger = new Logger(() => (level, message) => log[LEVELS[level]]({ worker: true }, message));

/** How often jobs are looked for that nobody works on any more. */
const ORPHANS_MS = 5_000;

/** One that still waits is not added to. */
function cronItems() {
  return parseCronItems(
    SCHEDULE.map(({ task, pattern, isNightly }) => ({
      task,
      match: pattern,
      options: { jobKey: task, backfillPeriod: isNightly ? DAY_MS : 0 },
    })),
  );
}

/**
 * Runs the worker in this process until it is stopped; a stop lets the jobs at hand finish. The queue belongs to the
 * database's owner, so `databaseUrl` is the owner's; what a job does is done as the app. Jobs that a killed worker had
 * taken come back to the queue within `orphansMs` or so.
 */
export async function startWorker(options: {
  databaseUrl: string;
  orphansMs?: number;
}): Promise<{ stop(): Promise<void>; ended: Promise<void> }> {
  // A pool of our own, so that a stop can wait until its last connection has ended. A network that swallows everything is
  // noticed, and so is a server that hangs.
  const queue = new pg.Pool({
    connectionString: options.databaseUrl,
    max: 10,
    application_name: "leeway worker",
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    query_timeout: 60_000,
  });
  const noteBroken = (error: Error) =>
    log.warn({ reason: error.message }, "a connection of the worker's broke");
  queue.on("error", noteBroken);
  queue.on("connect", (client) => client.on("error", noteBroken));
  const events: WorkerEvents = new EventEmitter();
  const atWork = new Set<string>();
  let name = "";
  events.on("pool:create", ({ workerPool }) => {
    name = workerPool.id;
  });
  events.on("job:start", ({ job }) => void atWork.add(job.id));
  events.on("job:complete", ({ job }) => void atWork.delete(job.id));
  const runner = await run({
    pgPool: queue,
    concurrency: 4,
    noHandleSignals: true,
    pollInterval: 2_000,
    taskList: TASKS,
    parsedCronItems: cronItems(),
    logger,
    events,
  });
  const orphans = watchOrphans({
    queue,
    name,
    isAtWork: (jobId) => atWork.has(jobId),
    everyMs: options.orphansMs ?? ORPHANS_MS,
  });
  // A worker that was away over the turn of a month must not wait for the night.
  await runner.addJob("make_partitions", {}, { jobKey: "make_partitions" });
  const dispatcher = startDispatcher();
  const hearing = startHearing();
  const router = startRouter();
  const sender = startSender();
  const postman = startPostman();
  const stop = async () => {
    const rounds = [dispatcher, hearing, router, sender, postman, orphans];
    await Promise.all(rounds.map((each) => each.stop()));
    await runner.stop();
    await queue.end();
  };
  return { stop, ended: runner.promise };
}
