import { DAY_MS } from "@/lib/discretion/windows";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** For how long something is tried that nobody takes, before it is for a person. */
export const GIVE_UP_MS = 3 * DAY_MS;

/** How long is waited after the first attempt that failed, the second, and so on; after that always as long as the last. */
const PAUSES = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR];

/**
 * How long is waited after so many attempts that failed (1 is the first), in milliseconds: ever longer, up to four hours.
 * `chance` (0 to 1) spreads by up to a tenth what has failed together, so that it doesn't come together again.
 */
export function pauseAfter(attempts: number, chance = Math.random()): number {
  const pause = PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? 0;
  return Math.round(pause * (1 + chance / 10));
}

/**
 * When something is tried again after so many attempts that failed, the last of them now: a webhook, a mail, an execution that
 * a system of the organization's own was told of. For three days from the first attempt on, with a last one when they are
 * over; null from then on. Whoever was away doesn't make up for what they missed.
 */
export function nextAttempt(attempts: number, first: Date, now: Date, chance = Math.random()): Date | null {
  const end = first.getTime() + GIVE_UP_MS;
  if (now.getTime() >= end) return null;
  return new Date(Math.min(now.getTime() + pauseAfter(attempts, chance), end));
}
