import { Gauge, Registry } from "prom-client";
import { pool } from "@/lib/db/pool";

const NO_LABELS: Record<string, string> = {};

/** What stands in the queues right now, over all organizations, and for how long the oldest has. */
export async function readDepths(now: Date): Promise<Registry> {
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const [worker, queues] = await Promise.all([
    pool().query<{ task: string; waiting: string; failing: string; oldest: Date | null }>(
      "select task, waiting, failing, oldest from worker_depths()",
    ),
    pool().query<{ queue: string; status: string; number: string; oldest: Date | null }>(
      `select queue, status, sum(number) as number, min(oldest) as oldest
       from (select * from outgoing_depths() union all select * from incoming_depths()) as each group by queue, status`,
    ),
  ]);
  const age = (at: Date | null) => (at === null ? 0 : Math.max(0, (now.getTime() - at.getTime()) / 1_000));

  const due = gauge("leeway_worker_jobs_due", "Jobs of the worker that are due, by task.", ["task"]);
  const failing = gauge("leeway_worker_jobs_failing", "Jobs of the worker that failed at least once.", [
    "task",
  ]);
  const oldest = gauge("leeway_worker_job_oldest_seconds", "For how long the oldest due job has waited.", [
    "task",
  ]);
  for (const { task, ...row } of worker.rows) {
    due.set({ task }, Number(row.waiting));
    failing.set({ task }, Number(row.failing));
    oldest.set({ task }, age(row.oldest));
  }

  const depth = gauge("leeway_queue_depth", "What waits, and what was put aside, by queue.", [
    "queue",
    "status",
  ]);
  const waiting = gauge("leeway_queue_oldest_seconds", "For how long the oldest of it has waited.", [
    "queue",
  ]);
  for (const { queue, status, ...row } of queues.rows) {
    depth.set({ queue, status }, Number(row.number));
    if (status !== "dead") waiting.set({ queue }, age(row.oldest));
  }
  const { totalCount, idleCount, waitingCount } = pool();
  gauge("leeway_database_connections", "Connections of this process to the database.", []).set(
    NO_LABELS,
    totalCount,
  );
  gauge("leeway_database_connections_idle", "Those that nobody uses.", []).set(NO_LABELS, idleCount);
  gauge("leeway_database_callers_waiting", "Callers that wait for a connection.", []).set(
    NO_LABELS,
    waitingCount,
  );
  return registry;
}
