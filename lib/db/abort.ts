import type pg from "pg";
import { pool } from "@/lib/db/pool";

/** How often the server looks whether whoever asked is still there, while it works on what they asked. */
const LOOK_MS = 250;

/** A statement of somebody who went away stops by itself where the server's system can tell; elsewhere it runs out. */
const LOOK = `do $$ begin
  perform set_config('client_connection_check_interval', '${LOOK_MS}', true);
exception when others then
  null;
end $$`;

/**
 * As `withTenant`, for reads that nobody may want any more before they are done: when `signal` is aborted the connection
 * is closed at once, and what the server was doing on it ends with it. Rejects with the signal's reason then.
 */
export async function withTenantUntil<T>(
  signal: AbortSignal,
  organizationId: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = await pool().connect();
  let isReleased = false;
  const release = (broken?: boolean) => {
    if (isReleased) return;
    isReleased = true;
    client.release(broken);
  };
  // A connection with something under way is cut off, not ended politely.
  const abort = () => release(true);
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    await client.query("begin read only");
    await client.query(LOOK);
    await client.query("select set_config('leeway.organization_id', $1, true)", [organizationId]);
    const result = await work(client);
    await client.query("commit");
    release();
    return result;
  } catch (error) {
    release(true);
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
