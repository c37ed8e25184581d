const SECOND_MS = 1000;
const FIRST_MS = 5 * SECOND_MS;
const LONGEST_MS = 4 * 60 * 60 * SECOND_MS;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;

/** For how long something is sent again that nobody took. */
export const GIVE_UP_MS = 3 * DAY_MS;

/**
 * When something is sent again whose `attempt`th try (1 is the first) came to nothing: after 5 seconds, then three times as long each
 * time, up to 4 hours, for three days from the first try on. Null once these are over: from there on it is for a person.
 */
export function nextTry(attempt: number, firstAt: Date, now: Date): Date | null {
  const end = firstAt.getTime() + GIVE_UP_MS;
  if (now.getTime() >= end) return null;
  const wait = Math.min(FIRST_MS * 3 ** Math.min(attempt - 1, 20), LONGEST_MS);
  return new Date(Math.min(now.getTime() + wait, end));
}
