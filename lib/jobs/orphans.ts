import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { log } from "@/lib/log";

/** A job that was taken this moment may not have come to who took it yet. */
const YOUNG = "5 seconds";

const LOCK = "hashtextextended('leeway.worker/' || %, 0)";
const OWN_LOCK = LOCK.replace("%", "$1");
const LOCK_OF_OTHER = LOCK.replace("%", "locked_by");

/**
 * Gives jobs back to the queue that nobody works on any more: those of a worker that was killed, and those of this one
 * whose answer was lost on the way. The queue itself would do so after four hours.
 *
 * A worker holds a lock of the database under its name for as long as its connection lives, so a name that can be locked
 * is a dead one's. What is given back by mistake is done twice, and each job finds nothing to do the second time.
 */
export function watchOrphans(options: {
  /** The queue's connections; one of them is kept. */
  queue: pg.Pool;
  /** The name under which this worker takes jobs. */
  name: string;
  /** Whether this worker works on a job of that id. */
  isAtWork: (jobId: string) => boolean;
  everyMs: number;
}): { stop(): Promise<void> } {
  const { queue, name, isAtWork, everyMs } = options;
  const stopping = new AbortController();
  const keeper = new Keeper(queue, name);

  const look = async () => {
    try {
      await keeper.hold();
      await releaseDead(queue, name);
      await releaseLost(queue, name, isAtWork);
    } catch (error) {
      // The database is away, or is going: there is a next time.
      log.debug({ reason: String(error), worker: true }, "orphaned jobs could not be looked for");
    }
  };
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await look();
      await sleep(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await looking;
      keeper.letGo();
    },
  };
}

/** Holds the lock under a worker's name; where its connection broke, it takes it anew when it is asked to hold it. */
class Keeper {
  private client: pg.PoolClient | undefined;

  constructor(
    private readonly queue: pg.Pool,
    private readonly name: string,
  ) {}

  async hold(): Promise<void> {
    if (this.client) return;
    const client = await this.queue.connect();
    try {
      const { rows } = await client.query<{ held: boolean }>(
        `select pg_try_advisory_lock(${OWN_LOCK}) as held`,
        [this.name],
      );
      // The server may not have noticed yet that our connection before this one is gone.
      if (!rows[0]?.held) return client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
    client.once("error", () => this.letGo());
    this.client = client;
  }

  letGo(): void {
    this.client?.release(true);
    this.client = undefined;
  }
}

async function releaseDead(queue: pg.Pool, name: string): Promise<void> {
  const { rows } = await queue.query<{ dead: string[] | null }>(
    `select array_agg(locked_by) as dead from (
       select distinct locked_by from graphile_worker.jobs
       where locked_by <> $1 and locked_at < now() - $2::interval
     ) as others where pg_try_advisory_xact_lock(${LOCK_OF_OTHER})`,
    [name, YOUNG],
  );
  const dead = rows[0]?.dead;
  if (!dead) return;
  log.warn({ worker: true, dead }, "the jobs of a worker that is gone go back to the queue");
  await queue.query("select graphile_worker.force_unlock_workers($1)", [dead]);
}

async function releaseLost(
  queue: pg.Pool,
  name: string,
  isAtWork: (jobId: string) => boolean,
): Promise<void> {
  const { rows } = await queue.query<{ id: string }>(
    "select id from graphile_worker.jobs where locked_by = $1 and locked_at < now() - $2::interval",
    [name, YOUNG],
  );
  const lost = rows.map(({ id }) => id).filter((id) => !isAtWork(id));
  if (lost.length === 0) return;
  log.warn({ worker: true, jobs: lost.length }, "jobs whose answer was lost go back to the queue");
  await queue.query(
    "update graphile_worker._private_jobs set locked_at = null, locked_by = null where locked_by = $1 and id = any ($2)",
    [name, lost],
  );
}
