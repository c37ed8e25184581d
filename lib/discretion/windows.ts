import { tzOffset } from "@date-fns/tz";
import type { Window } from "./schema";

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** No place on earth was ever further than this from UTC, so that a local midnight lies within it of the UTC one. */
const WIDEST_OFFSET_MS = 18 * 3_600_000;

/** Where usage that no calendar bounds is kept. */
export const NO_CALENDAR_BUCKET = "0001-01-01";

/** Whether the runtime knows this IANA time zone. Bare offsets such as `+02:00` are none: they know no summer time. */
export function isTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z]/.test(timeZone)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/**
 * The calendar day (ISO date) that it is in `timeZone` at `at` (epoch milliseconds).
 *
 * @throws RangeError when `at` is no instant or the time zone is unknown.
 */
export function localDay(at: number, timeZone: string): string {
  const offsetMs = tzOffset(timeZone, new Date(at)) * MINUTE_MS;
  return isoDay(at + offsetMs);
}

/** `day` moved by a number of calendar days; both are ISO dates. */
export function addDays(day: string, days: number): string {
  return isoDay(Date.parse(day) + days * DAY_MS);
}

/**
 * First local day that counts in the window that `at` lies in, as an ISO date: Monday of the week, the first of the
 * month, N−1 days ago for a rolling one. `null` where no calendar bounds the window (decision, case, lifetime).
 */
export function windowStart(window: Window, at: number, timeZone: string): string | null {
  return windowStartOfDay(window, localDay(at, timeZone));
}

/** As `windowStart`, for who has the local day at hand already. */
export function windowStartOfDay(window: Window, today: string): string | null {
  if (typeof window === "object") return addDays(today, 1 - window.rollingDays);
  switch (window) {
    case "day":
      return today;
    case "week":
      return addDays(today, -daysSinceMonday(today));
    case "month":
      return `${today.slice(0, 7)}-01`;
    case "year":
      return `${today.slice(0, 4)}-01-01`;
    case "decision":
    case "case":
    case "lifetime":
      return null;
    default:
      return window satisfies never;
  }
}

/** Whether a window begins and ends with local days, so that it depends on the time zone. */
export function isOnCalendar(window: Window): boolean {
  return window !== "decision" && window !== "case" && window !== "lifetime";
}

/** The first instant (epoch milliseconds) that counts in the window that `at` lies in; `null` as in `windowStart`. */
export function windowStartInstant(window: Window, at: number, timeZone: string): number | null {
  const start = windowStart(window, at, timeZone);
  return start === null ? null : startOfDay(start, timeZone);
}

/**
 * The first instant (epoch milliseconds) at which a decision taken at `at` no longer counts, so that its allowance is
 * back; `null` where it never comes back by itself.
 */
export function windowEndInstant(window: Window, at: number, timeZone: string): number | null {
  const end = firstDayAfter(window, localDay(at, timeZone));
  return end === null ? null : startOfDay(end, timeZone);
}

function firstDayAfter(window: Window, today: string): string | null {
  if (typeof window === "object") return addDays(today, window.rollingDays);
  const start = windowStartOfDay(window, today);
  if (start === null) return null;
  switch (window) {
    case "week":
      return addDays(start, 7);
    case "month":
      return windowStartOfDay("month", addDays(start, 31));
    case "year":
      return windowStartOfDay("year", addDays(start, 366));
    default:
      return addDays(start, 1);
  }
}

/**
 * The first instant of a local day. Found by bisection, and not as "midnight", because there are days without one
 * (summer time that begins at 0:00) and days that were left out altogether (Samoa, 30 December 2011).
 */
export function startOfDay(day: string, timeZone: string): number {
  let before = Date.parse(day) - WIDEST_OFFSET_MS;
  let from = Date.parse(day) + WIDEST_OFFSET_MS;
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (localDay(middle, timeZone) >= day) from = middle;
    else before = middle;
  }
  return from;
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function daysSinceMonday(day: string): number {
  return (new Date(day).getUTCDay() + 6) % 7;
}
