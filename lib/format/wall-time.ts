import { tzOffset } from "@date-fns/tz";

const MINUTE_MS = 60_000;
const WALL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;

/**
 * The instant at which the clocks of a time zone show what was typed, such as "2026-03-08T14:05" (or with seconds);
 * null for anything else. A time that the clocks skip is the one as long after they were changed; of a time that they
 * show twice it is the first.
 */
export function instantOf(wallTime: string, timeZone: string): Date | null {
  const asUtc = WALL_TIME.test(wallTime) ? Date.parse(`${wallTime}Z`) : Number.NaN;
  if (Number.isNaN(asUtc)) return null;
  // An offset half a day to either side is the one before, and the one after, any change of the clocks.
  const [before, after] = [-1, 1].map((sign) => offsetMs(asUtc + sign * 720 * MINUTE_MS, timeZone));
  const candidates = [asUtc - (before ?? 0), asUtc - (after ?? 0)];
  const shown = candidates.filter((at) => at + offsetMs(at, timeZone) === asUtc);
  return new Date(shown.length > 0 ? Math.min(...shown) : (candidates[0] ?? asUtc));
}

/** What the clocks of a time zone show, as `instantOf` reads it, to the minute. */
export function wallTimeOf(at: Date, timeZone: string): string {
  return new Date(at.getTime() + offsetMs(at.getTime(), timeZone)).toISOString().slice(0, 16);
}

/** "2026-03-08T14:05:09-05:00": what the clocks of a time zone show, and how far they are from UTC (ISO 8601). */
export function isoWithOffset(at: Date, timeZone: string): string {
  const minutes = Math.round(offsetMs(at.getTime(), timeZone) / MINUTE_MS);
  const wall = new Date(at.getTime() + minutes * MINUTE_MS).toISOString().slice(0, 19);
  const two = (part: number) => String(part).padStart(2, "0");
  const away = Math.abs(minutes);
  return `${wall}${minutes < 0 ? "-" : "+"}${two(Math.floor(away / 60))}:${two(away % 60)}`;
}

function offsetMs(at: number, timeZone: string): number {
  return Math.round(tzOffset(timeZone, new Date(at)) * MINUTE_MS);
}

/** "Mon, Nov 23, 2026, 9:00 AM EST": a moment to come that somebody has to rely on. */
export function formatMoment(at: Date, timeZone: string): string {
  const words = new Intl.DateTimeFormat("en", {
    timeZone,
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  });
  // Server and browser carry different versions of the same tables, which differ in the space before "PM".
  return words.format(at).replace(/[\u202f\u00a0]/g, " ");
}
