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
/**
 * SQLSTATE classes 08 (connection) and 57P0x (shutting down, starting up), 53100 and 53200 (no disk or memory left),
 * 53300 (no connection left), 25006 (what was the primary only reads), 25P03 (gave up a transaction that stood still).
 */
const AWAY_STATE = /^(08\w{3}|57P0\d|53[123]00|25006|25P03)$/;
const AWAY_MESSAGE =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|DatabaseNotReachable|ConnectionClosed/i;

/** Of the pool; of Prisma (a deadlock, no transaction begun in time); and a statement that took too long (57014). */
const BUSY_CODES = new Set(["LEEWAY_POOL_DRY", "P2034", "P2028", "57014"]);
/** SQLSTATE: one of two transactions that waited in a circle, could not be put in an order, or waited for too long. */
const CONFLICT_STATE = new Set(["40P01", "40001", "55P03"]);

/**
 * What is the matter with the database, as far as trying again in a moment makes sense: it is away, or too busy with
 * others. Null for every other error. Whatever the failed call did is undone, unless only its answer was lost.
 */
export function databaseTrouble(error: unknown): "away" | "busy" | null {
  for (const { code, message } of causesOf(error)) {
    if (typeof code === "string") {
      if (BUSY_CODES.has(code) || CONFLICT_STATE.has(code)) return "busy";
      if (AWAY_CODES.has(code) || AWAY_STATE.test(code)) return "away";
    }
    if (typeof message === "string" && AWAY_MESSAGE.test(message)) return "away";
  }
  return null;
}

/** Whether an error means that the database is away, so that trying again in a moment makes sense. */
export function isDatabaseAway(error: unknown): boolean {
  return databaseTrouble(error) === "away";
}

/** Whether the database undid a transaction for the sake of another one, so that the same may pass the next time. */
export function isConflict(error: unknown): boolean {
  return causesOf(error).some(({ code }) => typeof code === "string" && CONFLICT_STATE.has(code));
}

/** The error, and what it says that it comes from. */
function causesOf(error: unknown): { code?: unknown; message?: unknown }[] {
  const causes: { code?: unknown; message?: unknown }[] = [];
  for (let e: unknown = error; e && typeof e === "object" && causes.length < 5; ) {
    causes.push(e);
    const { cause, meta } = e as { cause?: unknown; meta?: { driverAdapterError?: unknown } };
    e = cause ?? meta?.driverAdapterError;
  }
  return causes;
}
