import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Database, query } from "../database";
import { CannotProceed } from "../operations/cannot-proceed";
import { root } from "../operations/data-dir";
import { say } from "../operations/program";

/** The migrations that a database has not seen yet; null where it has no table at all. */
export async function missingMigrations(url: string): Promise<{ missing: string[]; isEmpty: boolean }> {
  const known = readdirSync(join(root, "prisma", "migrations"))
    .filter((name) => name.endsWith(".sql"))
    .map((name) => name.slice(0, -".sql".length))
    .sort();
  const { rows } = await query(
    url,
    `select to_regclass('public.schema_migrations') is not null as "isLeeway",
       not exists (select 1 from pg_tables where schemaname = 'public') as "isEmpty"`,
  );
  const [{ isLeeway, isEmpty }] = rows;
  if (!isLeeway) return { missing: known, isEmpty };
  const applied = await query(url, "select name from schema_migrations");
  const names = new Set(applied.rows.map(({ name }) => name));
  return { missing: known.filter((name) => !names.has(name)), isEmpty };
}

/** Makes the tables of a database that is new or Leeway's own; of another one only `migrate` changes the tables. */
export async function ensureTables(database: Database): Promise<void> {
  const { missing, isEmpty } = await missingMigrations(database.url);
  if (missing.length === 0) return;
  if (!isEmpty && !database.embedded) {
    throw new CannotProceed(
      `The database's tables are not those of this version: ${missing.join(", ")} is missing.`,
      "Bring them up to date first: npm run -s leeway -- migrate",
    );
  }
  say("Making the database's tables.");
  const { migrate } = await import("@/lib/db/migrate");
  await migrate({ databaseUrl: database.url, log: say });
}
