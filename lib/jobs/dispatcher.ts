import { pool } from "@/lib/db/pool";
import { applyAllNews } from "@/lib/execution/news";
import { type Rounds, startRounds } from "@/lib/jobs/rounds";

/** How many jobs are handed over in one transaction. */
const BATCH = 500;
const EVERY_MS = 1_000;

/** Hands what is due by then to the worker's queue, all of it; answers how many there were. */
export async function dispatchJobs(at: Date): Promise<number> {
  return dispatchAll("dispatch_jobs", at);
}

/** The same for executions that are to be looked at again: what is pending or unknown, or was left in the middle. */
export async function dispatchLooks(at: Date): Promise<number> {
  return dispatchAll("dispatch_looks", at);
}

async function dispatchAll(what: "dispatch_jobs" | "dispatch_looks", at: Date): Promise<number> {
  for (let sent = 0; ; ) {
    const { rows } = await pool().query<{ sent: number }>(`select ${what}($1, $2) as sent`, [at, BATCH]);
    const now = rows[0]?.sent ?? 0;
    sent += now;
    if (now < BATCH) return sent;
  }
}

/** Applies every second what providers said by themselves, until it is stopped. */
export function startHearing(): Rounds {
  return startRounds(EVERY_MS, "what providers said could not be read", applyAllNews);
}

/**
 * Looks every second for decisions whose job is due, or that are to be looked at again, until it is stopped. A database
 * that is away is tried again: what is due stays due.
 */
export function startDispatcher(): Rounds {
  return startRounds(EVERY_MS, "due jobs could not be handed to the queue", async (at) => {
    await dispatchJobs(at);
    await dispatchLooks(at);
  });
}
