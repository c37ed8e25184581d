import { setTimeout as sleep } from "node:timers/promises";
import { testDatabase } from "./database";

const PATIENCE_MS = 60_000;

/** Waits until the worker owes nobody anything that is due. */
export async function untilNothingIsOwed(): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const { rows } = await testDatabase().pool.query<{ what: string; fault: string | null }>(
      `select j.kind || '/' || j.decision_id as what, null as fault from jobs j where j.status = 'queued' and j.run_at <= now()
       union all
       select 'execution/' || x.decision_id, x.status from executions x where x.status in ('processing', 'unknown')
       union all
       select q.key, q.last_error from graphile_worker.jobs q
       where q.attempts < q.max_attempts and (q.run_at <= now() or q.last_error is not null)`,
    );
    if (rows.length === 0) return;
    if (Date.now() > until) throw new Error(`This is still owed: ${JSON.stringify(rows)}`);
  }
}
