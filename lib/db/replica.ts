import type pg from "pg";
import { pool, replicaPool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

/** Where the primary was at a moment: a replica that has got there knows all that was known then. */
interface Mark {
  lsn: string;
  /** The primary's clock, in seconds: the replica's own may be another one. */
  at: string;
  /** Which cluster this is. Positions of two of them say nothing about each other. */
  cluster: string;
}

/** The primary is asked where it is once in so long, however many dashboards are open. */
const MARK_MS = 1_000;
/** A replica that is away, or too far behind, is left alone for so long. */
const PAUSE_MS = 5_000;

const state: { mark?: { taken: number; answer: Promise<Mark> }; pausedUntil: number; told: boolean } = {
  pausedUntil: 0,
  told: false,
};

/**
 * Runs reads of one organization in a read-only transaction: on the replica of LEEWAY_REPLICA_DATABASE_URL where there
 * is one and it is at most LEEWAY_REPLICA_LAG_SECONDS behind, else on the primary. Whatever goes wrong on the replica
 * is not the reader's trouble: the same is then read from the primary, so `work` may run twice and must only read.
 *
 * For dashboards. What a decision or an allowance rests on is never read here.
 */
export async function readTenant<T>(
  organizationId: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const replica = replicaPool();
  if (replica && performance.now() >= state.pausedUntil) {
    try {
      const answer = await readReplica(replica, organizationId, await lastMark(), work);
      state.told = false;
      return answer;
    } catch (error) {
      state.pausedUntil = performance.now() + PAUSE_MS;
      // Said once, not again with every dashboard until it is well again.
      const level = state.told ? "debug" : "warn";
      state.told = true;
      log[level]({ reason: (error as Error).message }, "dashboards are read from the primary");
    }
  }
  return withTenant(organizationId, work);
}

async function readReplica<T>(
  replica: pg.Pool,
  organizationId: string,
  mark: Mark,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await replica.connect();
  // Where anything failed the connection is not used again: to roll back on one that hangs is to wait again.
  let sound = false;
  try {
    await client.query("begin read only");
    // What is read after this is read from a later snapshot, so it is at least as new.
    const { rows } = await client.query<{ same: boolean; fresh: boolean | null }>(
      `select set_config('leeway.organization_id', $1, true),
         (select system_identifier::text from pg_control_system()) = $2 as same,
         pg_last_wal_replay_lsn() >= $3::pg_lsn
           or pg_last_xact_replay_timestamp() >= to_timestamp($4::double precision - $5::double precision) as fresh`,
      [organizationId, mark.cluster, mark.lsn, mark.at, env.LEEWAY_REPLICA_LAG_SECONDS],
    );
    if (!rows[0]?.same) throw new Error("it is no replica of this database");
    if (!rows[0].fresh) throw new Error("the replica is too far behind");
    const answer = await work(client);
    await client.query("commit");
    sound = true;
    return answer;
  } finally {
    client.release(!sound);
  }
}

function lastMark(): Promise<Mark> {
  const now = performance.now();
  if (!state.mark || now - state.mark.taken > MARK_MS) {
    const answer = takeMark();
    state.mark = { taken: now, answer };
    // A primary that was away is asked again at once.
    answer.catch(() => {
      if (state.mark?.answer === answer) state.mark = undefined;
    });
  }
  return state.mark.answer;
}

async function takeMark(): Promise<Mark> {
  const { rows } = await pool().query<Mark>(
    `select pg_current_wal_flush_lsn()::text as lsn, extract(epoch from clock_timestamp())::text as at,
       (select system_identifier::text from pg_control_system()) as cluster`,
  );
  const mark = rows[0];
  if (!mark) throw new Error("The primary did not say where it is.");
  return mark;
}
