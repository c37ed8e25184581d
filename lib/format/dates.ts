const LOCALE = "en";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = timeZone + JSON.stringify(options);
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone });
  formats.set(key, made);
  return made;
}

/** Server and browser carry different versions of the same tables, which differ in the space before "PM". */
function evenSpaces(text: string): string {
  return text.replace(/[\u202f\u00a0]/g, " ");
}

/** The local day as YYYY-MM-DD, to compare days with. */
function localDay(at: Date, timeZone: string): string {
  const parts = format(timeZone, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** Whole local days from one to the other; a day is a date, not 24 hours. */
function daysBetween(from: Date, to: Date, timeZone: string): number {
  return Math.round((Date.parse(localDay(to, timeZone)) - Date.parse(localDay(from, timeZone))) / DAY);
}

/** "Mar 4, 2026, 2:05:09 PM EST": everything, for titles and records. */
export function formatExact(at: Date, timeZone: string): string {
  const exact = format(timeZone, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  });
  return evenSpaces(exact.format(at));
}

/** "Mar 4, 2026". */
export function formatDay(at: Date, timeZone: string): string {
  return format(timeZone, { year: "numeric", month: "short", day: "numeric" }).format(at);
}

/** "2:05 PM". */
export function formatClock(at: Date, timeZone: string): string {
  return evenSpaces(format(timeZone, { hour: "numeric", minute: "2-digit" }).format(at));
}

/** "Mar 4, 2:05 PM", the year only when it isn't this one: a time in a dense list. */
export function formatShort(at: Date, now: Date, timeZone: string): string {
  const sameYear = localDay(at, timeZone).slice(0, 4) === localDay(now, timeZone).slice(0, 4);
  const short = format(timeZone, {
    ...(sameYear ? {} : { year: "numeric" }),
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  });
  return evenSpaces(short.format(at));
}

/**
 * The last moment of a span as one would say it: "today", "tomorrow", "Friday", "Mar 14". A span that ends with a day
 * lasts until that day; any other one until its hour: "Friday, 3:00 PM".
 */
export function formatUntil(end: Date, now: Date, timeZone: string): string {
  const last = new Date(end.getTime() - 1);
  const endsWithDay = localDay(last, timeZone) !== localDay(end, timeZone);
  const day = dayInWords(last, now, timeZone);
  return endsWithDay ? day : `${day}, ${formatClock(end, timeZone)}`;
}

function dayInWords(at: Date, now: Date, timeZone: string): string {
  const days = daysBetween(now, at, timeZone);
  if (days === 0 || days === 1) {
    return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(days, "day");
  }
  if (days > 1 && days < 7) return format(timeZone, { weekday: "long" }).format(at);
  const sameYear = localDay(at, timeZone).slice(0, 4) === localDay(now, timeZone).slice(0, 4);
  return format(timeZone, {
    ...(sameYear ? {} : { year: "numeric" }),
    month: "short",
    day: "numeric",
  }).format(at);
}

/**
 * How long ago, or in how long, as one would say it: "just now", "5 minutes ago", "2 hours ago", "yesterday",
 * "3 days ago", then months and years. Yesterday is the local day before, however few hours ago.
 */
export function formatRelative(at: Date, now: Date, timeZone: string): string {
  const words = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  const passed = now.getTime() - at.getTime();
  const sign = passed < 0 ? 1 : -1;
  const span = Math.abs(passed);
  if (span < MINUTE) return passed < 0 ? "in a moment" : "just now";
  if (span < HOUR) return words.format(sign * Math.floor(span / MINUTE), "minute");
  const days = daysBetween(at, now, timeZone);
  if (days === 0 || span < 6 * HOUR) return words.format(sign * Math.floor(span / HOUR), "hour");
  if (Math.abs(days) < 31) return words.format(-days, "day");
  const months = Math.floor(Math.abs(days) / 30.44);
  if (months < 12) return words.format(sign * months, "month");
  return words.format(sign * Math.floor(Math.abs(days) / 365.25), "year");
}
