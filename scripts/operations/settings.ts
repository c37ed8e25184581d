import { join } from "node:path";
import { type Database, query } from "../database";
import { CannotProceed } from "./cannot-proceed";
import { dataDirectory, keptSecret, makeDirectory } from "./data-dir";

const USUAL_PORT = 3000;

/** The port that PORT asks for; 0 lets the system choose. */
export function wantedPort(): number {
  const text = process.env.PORT || String(USUAL_PORT);
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new CannotProceed(
    `PORT=${text} is not a port.`,
    "A port is a number up to 65535: PORT=3001 npm run demo",
  );
}

/** Sets what the app reads from its environment. It must be called before any of the app is loaded. */
export function setEnvironment(values: Record<string, string>): void {
  Object.assign(process.env, values);
}

/** The settings of an app that serves here; what the person has set already stays. */
export function appSettings(databaseUrl: string, port: number): Record<string, string> {
  const dataDir = dataDirectory();
  makeDirectory(dataDir);
  return {
    DATABASE_URL: databaseUrl,
    NEXTAUTH_SECRET: process.env.NEXTAUTH_SECRET || keptSecret(join(dataDir, "session-secret")),
    ...encryptionSettings(),
    // Whoever tries it out has the receiver on the same machine.
    LEEWAY_WEBHOOK_REACH: process.env.LEEWAY_WEBHOOK_REACH || "loopback",
    NEXTAUTH_URL: process.env.NEXTAUTH_URL || `http://localhost:${port}`,
    NEXT_TELEMETRY_DISABLED: "1",
    // The terminal shows the person what they need; the app's everyday notes would bury it.
    LEEWAY_LOG_LEVEL: process.env.LEEWAY_LOG_LEVEL || "warn",
  };
}

/** What secrets are encrypted with at rest: a key that is kept beside the embedded database, unless the person has set theirs. */
export function encryptionSettings(): Record<string, string> {
  const LEEWAY_ENCRYPTION_KEY =
    process.env.LEEWAY_ENCRYPTION_KEY || keptSecret(join(dataDirectory(), "encryption-key"));
  return { LEEWAY_ENCRYPTION_KEY };
}

/**
 * Where seals are published: to the file that the person has named or, of the embedded database, to one beside it that is
 * this very database's, so that one that is made anew is never held against the seals of another.
 */
export async function sealSettings({ url, embedded }: Database): Promise<Record<string, string>> {
  if (process.env.LEEWAY_SEAL_FILE || !embedded) return {};
  const { rows } = await query(
    url,
    `select system_identifier || '-' || (select oid from pg_database where datname = current_database()) as name
     from pg_control_system()`,
  );
  return { LEEWAY_SEAL_FILE: join(dataDirectory(), `seals-${rows[0]?.name}.jsonl`) };
}
