import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { isConflict } from "@/lib/db/health";
import { pool } from "@/lib/db/pool";

/** How often a transaction is begun that the database undid for the sake of another one. */
const ATTEMPTS = 4;
const PAUSE_MS = 40;

/**
 * Calls a function of the database that records something whole or not at all, as a transaction of its own, and answers
 * its one row. Where the database undid it for the sake of another one (a deadlock), it is called again, a few times; the
 * last such error is thrown, and nothing was recorded.
 */
export async function callRecording<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<Row> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { rows } = await pool().query<Row>(query);
      if (!rows[0]) throw new Error(`${query.text} gave no row.`);
      return rows[0];
    } catch (error) {
      if (!isConflict(error) || attempt === ATTEMPTS) throw error;
      // Two that come back at the same moment would only meet again.
      await sleep(PAUSE_MS * attempt * (0.5 + Math.random()));
    }
  }
}
