const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$/;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Outside of these a year was mistyped, or a spreadsheet lost it. */
const YEARS = { from: 1900, to: 2200 };

/**
 * Reads an instant of ISO 8601: day, time to the minute at least, and the offset, without which it would be another
 * instant on every machine. Answers epoch milliseconds, `null` for what is none.
 *
 * Databases write microseconds; these are behind the point, because two requests may differ in nothing else. What is
 * finer is cut off.
 */
export function readInstant(text: string): number | null {
  const parts = INSTANT.exec(text);
  if (parts === null) return null;
  const midnight = midnightOf(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  const micros = Number((parts[7] ?? "").slice(0, 6).padEnd(6, "0"));
  const ofDay = timeOfDay(Number(parts[4]), Number(parts[5]), Number(parts[6] ?? 0), micros);
  const offset = parts[8] === undefined ? 0 : timeOfDay(Number(parts[9]), Number(parts[10] ?? 0), 0, 0);
  if (midnight === null || ofDay === null || offset === null || offset === DAY_MS) return null;
  return parts[8] === "-" ? midnight + ofDay + offset : midnight + ofDay - offset;
}

/** `null` where the calendar has no such day, which JavaScript would take for one of the next month. */
function midnightOf(year: number, month: number, day: number): number | null {
  if (year < YEARS.from || year >= YEARS.to) return null;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  const exists = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day;
  return exists ? midnight.getTime() : null;
}

/** Milliseconds since midnight; 24:00 is the end of a day. `null` where no clock shows it. */
function timeOfDay(hour: number, minute: number, second: number, micros: number): number | null {
  if (minute >= 60 || second >= 60) return null;
  const ms = (hour * 60 + minute) * MINUTE_MS + second * 1000 + micros / 1000;
  return ms <= DAY_MS ? ms : null;
}
