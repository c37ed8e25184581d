import pg from "pg";
import { CannotProceed } from "./operations/cannot-proceed";
import { dataDirectory } from "./operations/data-dir";
import { startPostgres } from "./postgres";

export const DATABASE = "leeway";

export type Database = {
  url: string;
  /** Whether it is the embedded server's. */
  embedded: boolean;
  /** Leaves the server; an embedded one that nobody else uses stops. */
  stop(): Promise<void>;
};

/**
 * The database that a command works on: the one of DATABASE_URL, or the checkout's embedded one. A running demo's
 * server is joined; where none runs, one is started until `stop`. A database that does not exist yet is created, empty.
 */
export async function resolveDatabase(options: { log?: (line: string) => void } = {}): Promise<Database> {
  return await openDatabase("command", options.log);
}

/** As `resolveDatabase`; a demo says where it serves, and is the only one on its data folder. */
export async function openDatabase(
  purpose: "demo" | "command",
  log?: (line: string) => void,
  httpPort?: number,
): Promise<Database> {
  const given = process.env.DATABASE_URL;
  if (given) {
    await ensureDatabase(given);
    return { url: given, embedded: false, stop: async () => undefined };
  }
  const server = await startPostgres({ dataDir: dataDirectory(), purpose, httpPort, log });
  const url = withDatabase(server.url, DATABASE);
  try {
    await ensureDatabase(url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url, embedded: true, stop: server.stop };
}

/** The same server's connection string for another of its databases. */
export function withDatabase(url: string, database: string): string {
  const changed = parse(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

function parse(url: string): URL {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new CannotProceed(
      "DATABASE_URL is not a connection string.",
      "It looks like this: DATABASE_URL=postgresql://user:password@host:5432/leeway",
    );
  }
  return new URL(url);
}

/** Creates the database that the connection string names, unless it is there. */
export async function ensureDatabase(url: string): Promise<void> {
  const name = decodeURIComponent(parse(url).pathname.slice(1));
  try {
    await query(url, "SELECT 1");
    return;
  } catch (error) {
    // SQLSTATE 3D000: no such database.
    if (!(error instanceof pg.DatabaseError && error.code === "3D000")) throw unreachable(url, error);
  }
  try {
    await createDatabase(withDatabase(url, "postgres"), name);
  } catch (error) {
    // SQLSTATE 42P04 and 23505: another process was quicker.
    if (error instanceof pg.DatabaseError && (error.code === "42P04" || error.code === "23505")) return;
    throw new CannotProceed(
      `The database "${name}" does not exist and cannot be created: ${reason(error)}`,
      `Create it on that server (CREATE DATABASE ${pg.escapeIdentifier(name)}), owned by the user of DATABASE_URL.`,
    );
  }
}

/**
 * Creates an empty database, or a copy of another one that nobody is connected to. The encoding does not depend on how
 * the server was set up.
 */
export async function createDatabase(serverUrl: string, name: string, copyOf = "template0"): Promise<void> {
  const [made, template] = [name, copyOf].map((database) => pg.escapeIdentifier(database));
  await query(serverUrl, `CREATE DATABASE ${made} ENCODING 'UTF8' TEMPLATE ${template}`);
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await client.query(text, values);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What to tell about a server of DATABASE_URL that does not let us in. */
export function unreachable(url: string, error: unknown): CannotProceed {
  const { host, pathname } = parse(url);
  return new CannotProceed(
    `The database of DATABASE_URL (${host}${pathname}) cannot be used: ${reason(error)}`,
    "Check the address, user and password and that the server runs; or unset DATABASE_URL to use the embedded one.",
  );
}

/** A refused connection to a name with several addresses has its reasons inside. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join("; ");
  return error instanceof Error ? error.message : String(error);
}
