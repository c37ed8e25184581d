import { testDatabase } from "./database";

/** What somebody does who may do everything in the database: no trigger and no foreign key is in their way. */
export async function tamper(text: string, values: unknown[] = []): Promise<number> {
  const client = await testDatabase().pool.connect();
  try {
    await client.query("begin");
    await client.query("set local session_replication_role = replica");
    const { rowCount } = await client.query(text, values);
    await client.query("commit");
    return rowCount ?? 0;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

/** What somebody does who may do everything in the database, and lets the triggers do what they do. */
export async function insertAs(organizationId: string, text: string, values: unknown[] = []): Promise<void> {
  const client = await testDatabase().pool.connect();
  try {
    await client.query("begin");
    await client.query("select set_config('leeway.organization_id', $1, true)", [organizationId]);
    await client.query(text, values);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
