import { setTimeout as sleep } from "node:timers/promises";
import { pool } from "@/lib/db/pool";
import { log } from "@/lib/log";

/** A month that nobody made a place for is no harm, only slower; so many are always ready. */
const MONTHS_AHEAD = 3;

/**
 * A new partition needs its table for itself for a moment. Whoever decides meanwhile waits behind whoever waits for that,
 * so it is not waited for longer than nobody notices; then it is tried again.
 */
const LOCK_MS = 100;
const ATTEMPTS = 20;
const PAUSE_MS = 1_500;

/** SQLSTATE of a lock that could not be had in time. */
const LOCK_NOT_AVAILABLE = "55P03";

/** The first moment of the month so many months after a moment's, in UTC. */
function monthFrom(at: Date, months: number): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months));
}

/**
 * Makes the partitions of the months from `at` on that are to come. It holds nobody up: a lock that can't be had at once
 * is tried again, a while later each time.
 *
 * @returns the names of those that are new.
 * @throws the database's error when a lock could not be had in many attempts: the tables are as they were.
 */
export async function makePartitionsAhead(at: Date, options: { pauseMs?: number } = {}): Promise<string[]> {
  return makePartitions(at, monthFrom(at, MONTHS_AHEAD), options);
}

/** As `makePartitionsAhead`, for the months from one moment to another, such as those of a history that is to be told. */
export async function makePartitions(
  from: Date,
  until: Date,
  { pauseMs = PAUSE_MS }: { pauseMs?: number } = {},
): Promise<string[]> {
  const made: string[] = [];
  for (let months = 0; monthFrom(from, months) <= until; months++) {
    made.push(...(await makeMonth(monthFrom(from, months), pauseMs)));
  }
  if (made.length > 0) log.info({ partitions: made }, "months are ready");
  return made;
}

async function makeMonth(month: Date, pauseMs: number): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryMonth(month);
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE || attempt === ATTEMPTS) throw error;
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  }
}

/** A month at a time, so that what is locked is locked as shortly as can be. */
async function tryMonth(month: Date): Promise<string[]> {
  const client = await pool().connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    await client.query(`set local lock_timeout = ${LOCK_MS}`);
    const { rows } = await client.query<{ made: string[] }>("select ensure_partitions($1, $1) as made", [
      month,
    ]);
    await client.query("commit");
    return rows[0]?.made ?? [];
  } catch (error) {
    await client.query("rollback").catch((reason: Error) => {
      // A connection that can't even roll back is not given to anybody else.
      broken = reason;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
