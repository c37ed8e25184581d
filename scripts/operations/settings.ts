import { join } from "node:path";
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
    NEXTAUTH_URL: process.env.NEXTAUTH_URL || `http://localhost:${port}`,
    NEXT_TELEMETRY_DISABLED: "1",
    // The terminal shows the person what they need; the app's everyday notes would bury it.
    LEEWAY_LOG_LEVEL: process.env.LEEWAY_LOG_LEVEL || "warn",
  };
}
