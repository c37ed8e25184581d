import { describe, expect, it } from "vitest";
import { testDatabase } from "../setup/database";

/**
 * Tables that are not spread by organization, and why they need not be. A table that is neither here nor has an
 * organization in all of its keys fails these tests.
 */
const EXCEPTIONS: Record<string, string> = {
  organizations:
    "Its own id is what everything else is spread by, so its rows lie beside what refers to them.",
  decision_steps:
    "The steps that a decision may take: the same few rows for everybody, never written to; a copy lies on each server.",
  execution_steps:
    "The steps that an execution may take: the same few rows for everybody, never written to; a copy lies on each server.",
  rate_limits:
    "Counts attempts to sign in by address, before anybody knows an organization; unlogged, may be lost.",
  schema_migrations: "Says what migrations ran here; local to each database, asked of by nobody else.",
};

/** What one decision reads and writes. All of it has to lie in one place, or a decision spans several. */
const HOT = [
  "policies",
  "policy_trials",
  "exchange_rates",
  "teams",
  "employees",
  "sessions",
  "api_keys",
  "customers",
  "orders",
  "cases",
  "decisions",
  "handovers",
  "jobs",
  "counters",
  "ledger_entries",
  "idempotency_keys",
  "audit_events",
  "decision_rollups",
  "decision_days",
  "unsealed",
  "customer_merges",
];

interface Table {
  name: string;
  /** The type of its organization_id; null where it has none that every row has to fill in. */
  organization: string | null;
  primaryKey: boolean;
}

interface Key {
  table: string;
  name: string;
  columns: (string | null)[];
}

interface ForeignKey extends Key {
  target: string;
  targetColumns: string[];
}

/** The tables of Leeway, asked of the database itself. Partitions are looked at through their parents, which make their keys. */
async function tables(): Promise<Table[]> {
  const { rows } = await testDatabase().pool.query<Table>(
    `select c.relname as name,
       (select format_type(a.atttypid, a.atttypmod) from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'organization_id' and a.attnotnull) as organization,
       exists (select 1 from pg_constraint p where p.conrelid = c.oid and p.contype = 'p') as "primaryKey"
     from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by 1`,
  );
  return rows;
}

/** Everything that refuses a second row: primary keys, unique constraints and indexes, exclusions. */
async function uniqueKeys(): Promise<Key[]> {
  const { rows } = await testDatabase().pool.query<Key>(
    `select c.relname as "table", i.indexrelid::regclass::text as name,
       (select array_agg(a.attname::text order by k.n) from unnest(i.indkey::int2[]) with ordinality as k (num, n)
        left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num
        where k.n <= i.indnkeyatts) as columns
     from pg_index i join pg_class c on c.oid = i.indrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and (i.indisunique or i.indisexclusion)`,
  );
  return rows.filter(({ table }) => !(table in EXCEPTIONS));
}

async function foreignKeys(): Promise<ForeignKey[]> {
  const { rows } = await testDatabase().pool.query<ForeignKey>(
    `select c.relname as "table", k.conname as name, t.relname as target,
       (select array_agg(a.attname::text order by o.n) from unnest(k.conkey) with ordinality as o (num, n)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = o.num) as columns,
       (select array_agg(a.attname::text order by o.n) from unnest(k.confkey) with ordinality as o (num, n)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = o.num) as "targetColumns"
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid
     where k.connamespace = 'public'::regnamespace and k.contype = 'f' and not c.relispartition and not t.relispartition`,
  );
  return rows;
}

describe("a database that is spread over several servers by organization", () => {
  // Risk: a new table has no organization, and whoever joins it to another one waits for every server.
  it("finds an organization in every row of every table, but of those that are named here", async () => {
    const all = await tables();
    const without = all.filter(({ organization }) => organization === null).map(({ name }) => name);
    expect(without).toEqual(Object.keys(EXCEPTIONS).sort());
    expect(all.length).toBeGreaterThan(20);
  });

  // Risk: what one server can't see it can't refuse, so a key without the organization is no key.
  it("can hold every key, because each begins with the organization", async () => {
    const keys = await uniqueKeys();
    expect(keys.filter(({ columns }) => columns[0] !== "organization_id")).toEqual([]);
    expect(keys.length).toBeGreaterThan(25);
    const keyless = (await tables()).filter(({ name, primaryKey }) => !primaryKey && !(name in EXCEPTIONS));
    const named = keys.map(({ table }) => table);
    // A table without a primary key still tells its rows apart.
    expect(keyless.filter(({ name }) => !named.includes(name))).toEqual([]);
  });

  // Risk: a row that points to another organization's could lie on another server.
  it("can hold every foreign key, because each leads from an organization to the same one", async () => {
    const keys = await foreignKeys();
    const crossing = keys.filter(({ columns, target, targetColumns }) => {
      const own = target === "organizations" ? "id" : "organization_id";
      return columns[0] !== "organization_id" || targetColumns[0] !== own;
    });
    expect(crossing).toEqual([]);
    expect(keys.length).toBeGreaterThan(50);
  });

  // Risk: a decision becomes a transaction over several servers.
  it("keeps all that a decision reads and writes in one place: the same column, of the same type", async () => {
    const byName = new Map((await tables()).map((table) => [table.name, table.organization]));
    expect(HOT.map((name) => [name, byName.get(name)])).toEqual(HOT.map((name) => [name, "uuid"]));
    // Whatever is not hot, but spread, lies there too.
    expect(new Set([...byName.values()].filter((type) => type !== null))).toEqual(new Set(["uuid"]));
  });

  // Risk: a number that the database hands out is one that all servers have to ask one of them for.
  it("asks nobody for the next number: ids are made by the app", async () => {
    const { rows } = await testDatabase().pool.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by 1",
    );
    expect(rows.map(({ name }) => name)).toEqual(["schema_migrations_id_seq"]);
  });
});
