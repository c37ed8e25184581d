import { databaseTrouble } from "@/lib/db/health";
import { problem } from "@/lib/http/problem";
import { log } from "@/lib/log";

/** What is answered where something was thrown that nobody foresaw: the database is away or busy, or a fault that is logged. */
export function brokenAnswer(error: unknown, method: string, path: string): Response {
  const trouble = databaseTrouble(error);
  if (trouble !== null) return problem(trouble === "away" ? "unavailable" : "busy");
  log.error({ err: error, method, path }, "a request broke");
  return problem("unexpected");
}
