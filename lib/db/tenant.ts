import type pg from "pg";
import { pool } from "@/lib/db/pool";

/**
 * Runs hand-written SQL of one organization in one transaction over the shared pool; throwing undoes it all.
 * For what Prisma is too slow or too narrow for; everything else goes through `tenantDb`.
 */
export async function withTenant<T>(
  organizationId: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool().connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    await client.query("select set_config('leeway.organization_id', $1, true)", [organizationId]);
    const result = await work(client);
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
