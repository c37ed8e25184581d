import type pg from "pg";
import { pool } from "@/lib/db/pool";

/** Nobody waits for what is done here, so that it may take as long as it takes; a connection that hangs is given up. */
const PATIENCE_MS = 6 * 3_600_000;

const MEMORY = "64MB";

/** Asks one thing, however long it takes. */
export type Ask = <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => Promise<Row[]>;

/** Rows of one organization as they stood at one moment. */
export interface Snapshot {
  query: Ask;
  /** The same for an answer that may be long: so many rows at a time. */
  batches<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[],
    size: number,
  ): AsyncGenerator<Row[]>;
}

/**
 * Reads that all see the same moment, whatever is written meanwhile, and hold nobody up. For what reads much; whoever
 * waits for an answer uses `withTenant`.
 */
export async function inSnapshot<T>(
  organizationId: string,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return patiently("begin isolation level repeatable read read only", organizationId, (query) => {
    async function* batches<Row extends pg.QueryResultRow>(
      text: string,
      values: readonly unknown[],
      size: number,
    ): AsyncGenerator<Row[]> {
      await query(`declare batches no scroll cursor for ${text}`, values);
      for (;;) {
        const rows = await query<Row>(`fetch ${size} from batches`, []);
        if (rows.length > 0) yield rows;
        if (rows.length < size) break;
      }
      await query("close batches", []);
    }
    return work({ query, batches });
  });
}

/** As `withTenant`, for statements that may take long. */
export async function withPatience<T>(organizationId: string, work: (query: Ask) => Promise<T>): Promise<T> {
  return patiently("begin", organizationId, work);
}

async function patiently<T>(
  begin: string,
  organizationId: string,
  work: (query: Ask) => Promise<T>,
): Promise<T> {
  const client = await pool().connect();
  const query: Ask = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => {
    const config: pg.QueryConfig & { query_timeout: number } = {
      text,
      values: [...values],
      query_timeout: PATIENCE_MS,
    };
    return (await client.query<Row>(config)).rows;
  };
  let broken: Error | undefined;
  try {
    await client.query(begin);
    await client.query(
      `select set_config('leeway.organization_id', $1, true), set_config('statement_timeout', '0', true),
         set_config('work_mem', '${MEMORY}', true), set_config('cursor_tuple_fraction', '1', true)`,
      [organizationId],
    );
    const result = await work(query);
    await client.query("commit");
    return result;
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
