import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { findDecision, listDecisions, readAllowance } from "@/lib/decisions/data";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";

const LIMITS = [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 })];

/** Every table that belongs to tenants, asked of the database itself, so that a new one is looked at too. */
async function tenantTables(): Promise<string[]> {
  const { rows } = await testDatabase().pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attname = 'organization_id'
     order by 1`,
  );
  return rows.map((row) => row.name);
}

describe("a tenant", () => {
  it("is guarded by forced row-level security on every table that names an organization, the organizations included", async () => {
    const { rows } = await testDatabase().pool.query<{ name: string }>(
      `select c.relname as name from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relrowsecurity and c.relforcerowsecurity order by 1`,
    );
    expect(rows.map((row) => row.name)).toEqual([...(await tenantTables()), "organizations"].sort());
  });

  it("begins every primary and foreign key with the organization", async () => {
    const { rows } = await testDatabase().pool.query<{
      conname: string;
      first: string;
      target: string | null;
    }>(
      `select con.conname, a.attname as first, f.relname as target
       from pg_constraint con
       join pg_attribute a on a.attrelid = con.conrelid and a.attnum = con.conkey[1]
       left join pg_class f on f.oid = con.confrelid
       where con.connamespace = 'public'::regnamespace and con.contype in ('p', 'f')
         and con.conrelid::regclass::text not in (
           'organizations', 'rate_limits', 'schema_migrations', 'decision_steps', 'execution_steps')`,
    );
    expect(rows.filter((row) => row.first !== "organization_id")).toEqual([]);
    expect(rows.length).toBeGreaterThan(30);
  });

  // Risk: a query that forgets its where shows one customer's company to another.
  it("sees nothing of another, though the query doesn't say whose rows it wants", async () => {
    const ours = await scenario({ limits: LIMITS });
    const theirs = await scenario({ limits: LIMITS });
    await theirs.ask({ customer: await theirs.customer(), amount: 4000 });
    await theirs.order(await theirs.customer(), 100);
    for (const table of await tenantTables()) {
      const rows = await withTenant(ours.organizationId, async (client) => {
        const answer = await client.query<{ organization_id: string }>(
          `select organization_id from ${table}`,
        );
        return answer.rows;
      });
      expect(rows.filter((row) => row.organization_id !== ours.organizationId)).toEqual([]);
    }
  });

  it("shows nothing to who named no organization", async () => {
    const s = await scenario({ limits: LIMITS });
    await s.ask({ customer: await s.customer(), amount: 100 });
    for (const table of [...(await tenantTables()), "organizations"]) {
      const { rowCount } = await pool().query(`select 1 from ${table} limit 1`);
      expect([table, rowCount]).toEqual([table, 0]);
    }
  });

  it("can't write into another", async () => {
    const ours = await scenario();
    const theirs = await scenario();
    const write = withTenant(ours.organizationId, (client) =>
      client.query("insert into teams (organization_id, id, key, name) values ($1, $2, 'x', 'X')", [
        theirs.organizationId,
        newId(),
      ]),
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  it("finds none of another's customers, orders and decisions by their ids", async () => {
    const ours = await scenario({ limits: LIMITS });
    const theirs = await scenario({ limits: LIMITS });
    const customer = await theirs.customer();
    const order = await theirs.order(customer, 1000);
    const decision = decided(await theirs.ask({ customer, order, remedy: "refund", amount: 100 }));
    expect(await findDecision(ours.organizationId, decision.id ?? "")).toBeNull();
    expect(
      (await listDecisions(ours.organizationId, { customer }, { limit: 5, timeZone: "UTC" })).data,
    ).toEqual([]);
    expect(await ours.ask({ customer, amount: 1 })).toMatchObject({ code: "customer_not_found" });
    expect(await ours.ask({ customer: await ours.customer(), order, amount: 1 })).toMatchObject({
      code: "order_not_found",
    });
    const allowance = readAllowance({
      organizationId: ours.organizationId,
      employeeId: ours.agent.employeeId,
      customer,
      now: new Date(),
    });
    expect(await allowance).toMatchObject({ ok: false, code: "customer_not_found" });
    expect(await tenantDb(ours.organizationId).customer.findMany({ where: { id: customer } })).toEqual([]);
  });
});

describe("history", () => {
  const HISTORY = ["decisions", "ledger_entries", "audit_events", "idempotency_keys", "cases"];

  // Risk: somebody with the app's credentials makes a refund disappear.
  it.each(HISTORY)("of %s can't be changed, removed or emptied by the app", async (table) => {
    const s = await scenario({ limits: LIMITS });
    await s.ask({
      customer: await s.customer(),
      amount: 100,
      case: { channel: "phone", happened: "It broke.", cause: "damaged" },
    });
    const attempt = (sql: string) => withTenant(s.organizationId, (client) => client.query(sql));
    await expect(attempt(`update ${table} set organization_id = organization_id`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(attempt(`delete from ${table}`)).rejects.toThrow(/permission denied/);
    await expect(attempt(`truncate ${table} cascade`)).rejects.toThrow(/permission denied/);
  });

  it.each(HISTORY)(
    "of %s can't be changed, removed or emptied by the owner either, short of taking the guard down",
    async (table) => {
      const s = await scenario({ limits: LIMITS });
      await s.ask({
        customer: await s.customer(),
        amount: 100,
        case: { channel: "phone", happened: "It broke.", cause: "damaged" },
      });
      const owner = testDatabase().pool;
      const column =
        table === "decisions" ? "amount = amount + 1" : "created_at = created_at + interval '1 day'";
      await expect(owner.query(`update ${table} set ${column}`)).rejects.toThrow(/history/);
      await expect(owner.query(`delete from ${table}`)).rejects.toThrow(/history/);
      await expect(owner.query(`truncate ${table} cascade`)).rejects.toThrow(/history/);
    },
  );

  it("is written by the recording function alone: the app can't insert a decision, an entry or a counter", async () => {
    const s = await scenario();
    for (const table of [
      "decisions",
      "ledger_entries",
      "counters",
      "handovers",
      "jobs",
      "idempotency_keys",
      "policies",
    ]) {
      const attempt = withTenant(s.organizationId, (client) =>
        client.query(`insert into ${table} default values`),
      );
      await expect(attempt).rejects.toThrow(/permission denied/);
    }
  });

  it("lets a decision's status move only along the steps that there are", async () => {
    const s = await scenario({ limits: LIMITS });
    const done = decided(await s.ask({ customer: await s.customer(), amount: 100 }));
    const owner = testDatabase().pool;
    for (const status of ["reserved", "refused", "declined", "expired", "released"]) {
      await expect(
        owner.query("update decisions set status = $1 where id = $2", [status, done.id]),
      ).rejects.toThrow(/cannot become/);
    }
  });

  it("keeps a published policy as it was", async () => {
    const s = await scenario();
    await expect(
      testDatabase().pool.query("update policies set document = '{}' where organization_id = $1", [
        s.organizationId,
      ]),
    ).rejects.toThrow(/never edited/);
  });

  it("lets nobody answer or wait for their own handover", async () => {
    const s = await scenario({ limits: LIMITS });
    const held = decided(await s.ask({ customer: await s.customer(), amount: 4000 }));
    const owner = testDatabase().pool;
    await expect(
      owner.query("update handovers set answered_by = asked_by where decision_id = $1", [held.id]),
    ).rejects.toThrow(/check constraint/);
    await expect(
      owner.query("update handovers set waiting_for = asked_by where decision_id = $1", [held.id]),
    ).rejects.toThrow(/check constraint/);
  });

  it("can't be had by stepping up: the app's role owns nothing and bypasses nothing", async () => {
    const { rows } = await testDatabase().pool.query(
      `select rolname, rolsuper, rolbypassrls, rolcanlogin,
         (select count(*) from pg_class where relowner = r.oid) as owns
       from pg_roles r where rolname in ('leeway_app', 'leeway_ledger') order by 1`,
    );
    expect(rows).toEqual(
      ["leeway_app", "leeway_ledger"].map((rolname) => ({
        rolname,
        rolsuper: false,
        rolbypassrls: false,
        rolcanlogin: false,
        owns: "0",
      })),
    );
    expect((await pool().query("select current_user as who")).rows).toEqual([{ who: "leeway_app" }]);
  });
});
