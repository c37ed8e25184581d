import { pool } from "@/lib/db/pool";

const CACHED_MS = 1_000;
const held = globalThis as unknown as { leewayHealth?: { at: number; answer: Promise<boolean> } };

/** Whether the database answers, asked at most once a second however many want to know. Never throws. */
export function isDatabaseUp(): Promise<boolean> {
  const now = Date.now();
  if (!held.leewayHealth || now - held.leewayHealth.at > CACHED_MS) {
    const answer = askOnce();
    held.leewayHealth = { at: now, answer };
  }
  return held.leewayHealth.answer;
}

/** A database that hangs is away too: who waits for it longer than this is told so. */
const PATIENCE_MS = 2_000;

async function askOnce(): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, false);
  });
  const asked = pool()
    .query("select 1")
    .then(
      () => true,
      () => false,
    );
  const answer = await Promise.race([asked, patience]);
  clearTimeout(timer);
  return answer;
}

const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
]);
/** SQLSTATE classes 08 (connection) and 57P0x (shutting down, starting up), and 53300 (no connection left). */
const AWAY_STATE = /^(08\w{3}|57P0\d|53300)$/;
const AWAY_MESSAGE =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|DatabaseNotReachable|ConnectionClosed/i;

/** Whether an error means that the database is away, so that trying again in a moment makes sense. */
export function isDatabaseAway(error: unknown): boolean {
  for (let e: unknown = error, depth = 0; e && depth < 5; depth++) {
    if (typeof e !== "object") return false;
    const { code, message, cause, meta } = e as {
      code?: unknown;
      message?: unknown;
      cause?: unknown;
      meta?: { driverAdapterError?: unknown };
    };
    if (typeof code === "string" && (AWAY_CODES.has(code) || AWAY_STATE.test(code))) return true;
    if (typeof message === "string" && AWAY_MESSAGE.test(message)) return true;
    e = cause ?? meta?.driverAdapterError;
  }
  return false;
}
