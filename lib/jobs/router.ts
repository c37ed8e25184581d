import { routeDue } from "@/lib/handovers/routing";
import { type Rounds, startRounds } from "@/lib/jobs/rounds";

const EVERY_MS = 2_000;

/**
 * Looks every other second for handovers that somebody has to be found for, until it is stopped: those whose time with
 * somebody has passed, and new ones that the process that recorded them left.
 */
export function startRouter(): Rounds {
  return startRounds(EVERY_MS, "handovers could not be routed", routeDue);
}
