import { tz } from "@date-fns/tz";
import { format, parse, parseISO } from "date-fns";

const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;
/** "01/12/10" in the form dd/MM/yyyy would be the year 10. */
const YEARS = { from: Date.UTC(1900, 0, 1), to: Date.UTC(2200, 0, 1) };
/** The lines of one order carry the same moment. */
const KEPT = 500;

const NEEDS_A_DAY = "It has to say day, month and year, such as dd/MM/yyyy HH:mm.";

/** What is wrong with a date format, or null. */
export function dateFormatFault(pattern: string): string | null {
  // Unicode's letters for a year of weeks and a day of the year, which nobody means who writes them.
  if (/[YD]/.test(pattern.replace(/'[^']*'/g, ""))) return "Write the year as yyyy and the day as dd.";
  if (pattern.trim() === "") return NEEDS_A_DAY;
  try {
    const sample = new Date(2026, 9, 21, 14, 35, 0);
    // What the form leaves out is taken from another day, so that it shows.
    const read = parse(format(sample, pattern), pattern, new Date(1999, 0, 1));
    const isSame = read.getFullYear() === 2026 && read.getMonth() === 9 && read.getDate() === 21;
    return isSame ? null : NEEDS_A_DAY;
  } catch (error) {
    if (error instanceof RangeError) return NEEDS_A_DAY;
    throw error;
  }
}

/**
 * Reads moments of a time zone, in the given form (Unicode's letters: dd/MM/yyyy HH:mm), else in that of ISO 8601, whose
 * offset counts where there is one. Answers epoch milliseconds, null for what is none. The hour that summer time skips is
 * taken as if the clock had not been changed yet.
 */
export function createMomentReader(options: {
  format?: string;
  timeZone: string;
  /** Years of two digits are those around it. */
  today: Date;
}): (text: string) => number | null {
  const zone = { in: tz(options.timeZone) };
  const kept = new Map<string, number | null>();

  function read(text: string): number | null {
    if (options.format === undefined && !ISO.test(text)) return null;
    const moment = options.format ? parse(text, options.format, options.today, zone) : parseISO(text, zone);
    const at = moment.getTime();
    return at >= YEARS.from && at < YEARS.to ? at : null;
  }

  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    if (kept.size >= KEPT) kept.clear();
    const at = read(text);
    kept.set(text, at);
    return at;
  };
}
