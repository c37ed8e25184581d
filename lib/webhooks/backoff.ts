import { DAY_MS } from "@/lib/discretion/windows";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** For how long one message is tried before it is put aside. */
export const GIVE_UP_MS = 3 * DAY_MS;

/** How long is waited after the first attempt that failed, the second, and so on; after that always as long as the last. */
const PAUSES = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
];

/**
 * When a message is tried again after so many attempts that failed; null once it would be later than three days after the
 * first of them. `chance` (0 to 1) spreads by up to a tenth what has failed together, so that it doesn't come together again.
 */
export function nextAttempt(attempts: number, first: Date, now: Date, chance = Math.random()): Date | null {
  const pause = PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? 0;
  const next = now.getTime() + pause * (1 + chance / 10);
  return next > first.getTime() + GIVE_UP_MS ? null : new Date(Math.round(next));
}
