import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { scopeKey } from "@/lib/discretion/counters";
import { SCOPES, type Scope } from "@/lib/discretion/schema";
import { testDatabase } from "../setup/database";

interface Column {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
}

const TYPES: Record<string, string> = {
  "String @db.Uuid": "uuid",
  String: "text",
  "String @db.VarChar(255)": "character varying",
  "String[]": "ARRAY",
  "String[] @db.Uuid": "ARRAY",
  "BigInt[]": "ARRAY",
  Int: "integer",
  BigInt: "bigint",
  Boolean: "boolean",
  Json: "jsonb",
  Bytes: "bytea",
  "DateTime @db.Date": "date",
  "Decimal @db.Decimal(24, 12)": "numeric",
  "DateTime @db.Timestamptz(6)": "timestamp with time zone",
};

/** The columns that schema.prisma says there are, and its keys. */
async function declared(): Promise<{ columns: Column[]; keys: Record<string, string[]> }> {
  const text = await readFile("prisma/schema.prisma", "utf8");
  const columns: Column[] = [];
  const keys: Record<string, string[]> = {};
  const models = new Set([...text.matchAll(/^model (\w+) \{/gm)].map((match) => match[1]));
  for (const [, body] of text.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)) {
    if (body === undefined) continue;
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? "";
    const named = new Map<string, string>();
    for (const line of body.split("\n")) {
      const field = /^ {2}(\w+)\s+(\w+)(\[\])?(\?)?\s*(.*)$/.exec(line);
      if (!field) continue;
      const [, name = "", type = "", list = "", optional, attributes = ""] = field;
      if (models.has(type)) continue;
      const column = /@map\("(\w+)"\)/.exec(attributes)?.[1] ?? name;
      named.set(name, column);
      const native = /@db\.\w+(\([\d, ]+\))?/.exec(attributes)?.[0];
      const declaredType = `${type}${list}${native ? ` ${native}` : ""}`;
      columns.push({ table, column, type: TYPES[declaredType] ?? declaredType, nullable: optional === "?" });
      if (/@id\b/.test(attributes)) keys[table] = [column];
    }
    const key = /@@id\(\[([^\]]+)\]\)/.exec(body)?.[1];
    if (key) keys[table] = key.split(",").map((name) => named.get(name.trim()) ?? name);
  }
  return { columns: columns.sort(byName), keys };
}

function byName(a: Column, b: Column): number {
  return `${a.table}.${a.column}` < `${b.table}.${b.column}` ? -1 : 1;
}

describe("schema.prisma", () => {
  // Risk: the client asks for a column that a migration has renamed, and production finds out.
  it("names the tables, columns, types and nullability that the migrations make", async () => {
    const { rows } = await testDatabase().pool.query<Column>(
      `select c.table_name as "table", c.column_name as "column", c.data_type as type, c.is_nullable = 'YES' as nullable
       from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
       where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> 'schema_migrations'
         and not (select relispartition from pg_class where oid = format('%I.%I', c.table_schema, c.table_name)::regclass)`,
    );
    expect((await declared()).columns).toEqual(rows.sort(byName));
  });

  it("names the primary keys that the migrations make", async () => {
    const { rows } = await testDatabase().pool.query<{ table: string; key: string[] }>(
      `select con.conrelid::regclass::text as "table",
         (select array_agg(a.attname::text order by k.n) from unnest(con.conkey) with ordinality k (num, n)
          join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.num) as key
       from pg_constraint con where con.contype = 'p' and con.connamespace = 'public'::regnamespace
         and con.conrelid::regclass::text <> 'schema_migrations'
         and not (select relispartition from pg_class where oid = con.conrelid)`,
    );
    expect((await declared()).keys).toEqual(Object.fromEntries(rows.map((row) => [row.table, row.key])));
  });
});

describe("the subject of a counter", () => {
  // Risk: two spellings of one key count the same spending in two places, and a limit is passed between them.
  it("is spelled the same by the engine and by the database, for every scope", async () => {
    const ids = {
      employee: "018f0000-0000-7000-8000-000000000001",
      customer: "018f0000-0000-7000-8000-000000000002",
      order: "018f0000-0000-7000-8000-000000000003",
      case: "018f0000-0000-7000-8000-000000000004",
    };
    for (let bits = 1; bits < 2 ** SCOPES.length; bits++) {
      const scope = SCOPES.filter((_, index) => bits & (1 << index)) as Scope[];
      for (const team of ["front-desk", null]) {
        for (const order of [ids.order, null]) {
          for (const perCase of [false, true]) {
            const { rows } = await testDatabase().pool.query<{ key: string | null }>(
              "select scope_key($1, $2, $3, $4, $5, $6, $7) as key",
              [scope, ids.employee, ids.customer, team, order, perCase ? ids.case : null, perCase],
            );
            expect(rows[0]?.key).toBe(
              scopeKey(
                scope,
                { employee: ids.employee, customer: ids.customer, team, order, case: ids.case },
                perCase,
              ),
            );
          }
        }
      }
    }
  });
});
