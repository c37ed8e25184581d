import type { TASKS } from "@/lib/jobs/tasks";

interface Scheduled {
  task: keyof typeof TASKS;
  /** As crontab writes it, in UTC. */
  pattern: string;
  /** A worker that was away then does it when it is back, within a day. */
  isNightly: boolean;
}

/** What the worker does by the clock. However many workers there are, each is done once at its time. */
export const SCHEDULE: readonly Scheduled[] = [
  { task: "seal_history", pattern: "* * * * *", isNightly: false },
  { task: "sum_up_days", pattern: "* * * * *", isNightly: false },
  { task: "expire_credit", pattern: "7 * * * *", isNightly: false },
  { task: "make_partitions", pattern: "17 1 * * *", isNightly: true },
  { task: "verify_history", pattern: "40 1 * * *", isNightly: true },
  { task: "reconcile_all", pattern: "30 2 * * *", isNightly: true },
  { task: "enforce_retention", pattern: "17 3 * * *", isNightly: true },
];
