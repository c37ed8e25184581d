import pg from "pg";
import { describe, expect, it, vi } from "vitest";
import { listCustomerHistory } from "@/lib/customers/data";
import { withTenant } from "@/lib/db/tenant";
import { findDecision, listDecisions } from "@/lib/decisions/data";
import { makePartitions, makePartitionsAhead } from "@/lib/partitions/mutations";
import { testDatabase } from "../setup/database";
import { expectReconciled } from "../setup/reconciled";
import { decided, limit, scenario } from "../setup/scenario";

const LIMITS = [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 })];
const TABLES = ["audit_events", "decisions", "ledger_entries"] as const;

const owner = () => testDatabase().pool;

async function partitionsOf(table: string): Promise<string[]> {
  const { rows } = await owner().query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass order by 1`,
    [table],
  );
  return rows.map(({ name }) => name);
}

async function placeOf(table: string, column: string, id: string): Promise<string[]> {
  const { rows } = await owner().query<{ name: string }>(
    `select distinct tableoid::regclass::text as name from ${table} where ${column}::text = $1`,
    [id],
  );
  return rows.map(({ name }) => name);
}

describe("months", () => {
  it("are made ahead, once, each with its place in all three tables", async () => {
    const at = new Date("2031-05-20T10:00:00Z");
    const made = await makePartitionsAhead(at);
    const months = ["2031_05", "2031_06", "2031_07", "2031_08"];
    expect(made.sort()).toEqual(TABLES.flatMap((table) => months.map((month) => `${table}_${month}`)).sort());
    expect(await makePartitionsAhead(at)).toEqual([]);
    const all = await Promise.all(
      Array.from({ length: 4 }, () => makePartitionsAhead(new Date("2031-09-01T00:00:00Z"))),
    );
    expect(all.flat()).toHaveLength(12);
  });

  it("take what belongs to them from its first to its last millisecond", async () => {
    await makePartitions(new Date("2024-02-01T00:00:00Z"), new Date("2024-03-01T00:00:00Z"));
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    for (const [moment, month] of [
      ["2024-02-01T00:00:00.000Z", "2024_02"],
      ["2024-02-29T23:59:59.999Z", "2024_02"],
      ["2024-03-01T00:00:00.000Z", "2024_03"],
    ] as const) {
      const done = decided(await s.ask({ customer, amount: 1 }, { now: new Date(moment) })).id ?? "";
      expect(await placeOf("decisions", "id", done)).toEqual([`decisions_${month}`]);
      expect(await placeOf("ledger_entries", "decision_id", done)).toEqual([`ledger_entries_${month}`]);
      expect(await placeOf("audit_events", "subject_id", done)).toEqual([`audit_events_${month}`]);
    }
  });

  // Risk: whoever forgot a month, or imports what is years old, loses it.
  it("that nobody made a place for are kept and found all the same, and stay where they are", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const now = new Date("2001-04-05T12:00:00Z");
    const done = decided(await s.ask({ customer, amount: 100 }, { now })).id ?? "";
    for (const [table, column] of [
      ["decisions", "id"],
      ["ledger_entries", "decision_id"],
      ["audit_events", "subject_id"],
    ] as const) {
      expect(await placeOf(table, column, done)).toEqual([`${table}_default`]);
    }
    expect(await makePartitions(now, now)).toEqual([]);
    const found = await findDecision(s.organizationId, done);
    expect([found?.ledgerEntries.length, found?.timeline.length]).toEqual([1, 1]);
    const page = await listDecisions(s.organizationId, {}, { limit: 5, timeZone: "UTC" });
    expect(page.data.map(({ id }) => id)).toEqual([done]);
    const history = await listCustomerHistory(s.organizationId, customer, { limit: 5 });
    expect(history.items.map(({ id }) => id)).toEqual([done]);
    await expectReconciled(s.organizationId);
  });

  // Risk: making next month's place ready at night holds up everybody who decides, behind a lock that it waits for.
  it("that can't be had at once let those who decide pass, and are tried again", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    const long = await owner().connect();
    const other = new pg.Client({ connectionString: testDatabase().url });
    await other.connect();
    try {
      await long.query("begin");
      await long.query("lock table decisions in access share mode");
      let isMade = false;
      const making = makePartitions(new Date("2032-01-01T00:00:00Z"), new Date("2032-01-01T00:00:00Z"), {
        pauseMs: 400,
      }).then((made) => {
        isMade = true;
        return made;
      });
      const waits = async () => {
        const { rowCount } = await other.query(
          "select from pg_locks where relation = 'decisions'::regclass and mode = 'AccessExclusiveLock' and not granted",
        );
        return (rowCount ?? 0) > 0;
      };
      await vi.waitFor(async () => expect(await waits()).toBe(true), { interval: 5, timeout: 5_000 });
      // It gives up by itself, though what it waits for goes on.
      await vi.waitFor(async () => expect(await waits()).toBe(false), { interval: 5, timeout: 5_000 });
      expect(decided(await s.ask({ customer, amount: 1 })).verdict).toBe("allow");
      expect(isMade).toBe(false);
      await long.query("commit");
      expect(await making).toHaveLength(3);
    } finally {
      long.release();
      await other.end();
    }
  });

  it("whose lock can't be had at all are given up, and nothing of them is there", async () => {
    const long = await owner().connect();
    try {
      await long.query("begin");
      await long.query("lock table audit_events in access share mode");
      const month = new Date("2032-02-01T00:00:00Z");
      await expect(makePartitions(month, month, { pauseMs: 0 })).rejects.toThrow(/lock timeout/);
      await long.query("commit");
      expect((await partitionsOf("decisions")).filter((name) => name.endsWith("2032_02"))).toEqual([]);
      expect(await makePartitions(month, month)).toHaveLength(3);
    } finally {
      long.release();
    }
  });
});

describe("history in partitions", () => {
  // Risk: a month's table has a name of its own, and no guard at it.
  it("can't be read, changed, removed or emptied by the app at any partition's own name, nor changed by the owner", async () => {
    const s = await scenario({ limits: LIMITS });
    const customer = await s.customer();
    // Something in every one of them: what guards a row needs a row.
    for (const name of await partitionsOf("decisions")) {
      const month = /_(\d{4})_(\d\d)$/.exec(name);
      const now = month ? `${month[1]}-${month[2]}-15T12:00:00Z` : "1999-01-01T00:00:00Z";
      decided(await s.ask({ customer, amount: 1 }, { now: new Date(now) }));
    }
    const column = {
      decisions: "amount = amount + 1",
      audit_events: "action = 'x'",
      ledger_entries: "amount = 0",
    };
    let looked = 0;
    for (const table of TABLES) {
      for (const name of await partitionsOf(table)) {
        const change = `update ${name} set ${column[table]}`;
        const attempts = [
          ...[`select * from ${name}`, change, `delete from ${name}`, `truncate ${name} cascade`],
          `insert into ${name} default values`,
        ];
        for (const sql of attempts) {
          await expect(
            withTenant(s.organizationId, (client) => client.query(sql)),
            sql,
          ).rejects.toThrow(/permission denied/);
        }
        for (const sql of [change, `delete from ${name}`, `truncate ${name} cascade`]) {
          await expect(owner().query(sql), sql).rejects.toThrow(/history/);
        }
        looked++;
      }
    }
    expect(looked).toBeGreaterThanOrEqual(27);
    const { rows } = await owner().query(
      `select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
       where p.relname = any ($1) and not c.relrowsecurity`,
      [TABLES],
    );
    expect(rows).toEqual([]);
  });
});
