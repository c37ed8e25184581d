import { z } from "zod";
import { currencySchema } from "@/lib/decisions/schema";
import {
  type DatedRate,
  parseRate,
  RATE_DIGITS_MAX,
  type RateFault as UnreadableRate,
} from "@/lib/discretion/rates";
import type { RateFault, RateFrame } from "@/lib/rates/types";

/** How many rates one call sets; more are imported from a file. */
export const RATES_MAX = 1000;

/** So many of them fit into a body, whatever their digits and however it is indented. */
export const RATES_BODY_MAX_BYTES = 256 * 1024;

/** The largest file that the page takes: some forty thousand lines. */
export const RATES_FILE_MAX_BYTES = 900_000;

/** Before it a year was mistyped. */
const FIRST_DAY = "1900-01-01";

/** So many digits survive being a number of JSON, whatever they are. */
const EXACT_DIGITS = 15;

const UNREADABLE: Record<UnreadableRate, string> = {
  empty: "Write the rate, such as 1.0842.",
  not_a_number:
    "Write the rate as a plain decimal with a point, such as 1.0842, and without any other signs.",
  not_positive: "A rate is above 0, such as 1.0842.",
  too_many_digits: `Write at most ${RATE_DIGITS_MAX} digits before the point.`,
  too_many_decimals: `Write at most ${RATE_DIGITS_MAX} decimals.`,
};

const INEXACT =
  'A number of JSON may not hold this rate exactly. Write it as a plain decimal in quotes, such as "1.0842".';

/** A rate as text, or as a number that stands for one decimal alone; comes out as short as it can be written. */
export const rateSchema = z
  .union([z.string(), z.number()], { error: 'Write the rate as a decimal in quotes, such as "1.0842".' })
  .transform((value, context) => {
    const text = typeof value === "string" ? value : plainDecimal(value);
    const parsed = text === null ? null : parseRate(text);
    if (parsed?.ok) return parsed.rate;
    context.addIssue({ code: "custom", message: parsed ? UNREADABLE[parsed.reason] : INEXACT });
    return z.NEVER;
  })
  .describe(
    `What one unit is worth in the organization's currency: a plain decimal above 0 as text, such as "1.0842". A number is taken where it is one with ${EXACT_DIGITS} digits at most, because others may not arrive as they were written.`,
  );

/** The one decimal that the number was written as; null where it could have been another one. */
function plainDecimal(value: number): string | null {
  const text = String(value);
  const digits = text.replace(/^-?0*\.?0*/, "").replace(".", "");
  return /^-?\d+(\.\d+)?$/.test(text) && digits.length <= EXACT_DIGITS ? text : null;
}

/** The day from which a rate holds. */
export const rateDaySchema = z.iso
  .date({ error: "Write a day of the calendar, such as 2026-03-31." })
  .refine((day) => day >= FIRST_DAY, `Write a day from ${FIRST_DAY} on.`);

/** One line of the table: what one unit of `currency` is worth in the organization's from `day` on. */
export const datedRateSchema = z.strictObject({
  currency: currencySchema,
  day: rateDaySchema,
  rate: rateSchema,
});

/** Which line of the table an address names. */
export const ratePlaceSchema = z.strictObject({ currency: currencySchema, day: rateDaySchema });

/** The body of PUT /api/v1/rates. */
export const ratesBodySchema = z.strictObject({
  rates: z
    .array(datedRateSchema, { error: "List the rates." })
    .min(1, "List at least one rate.")
    .max(RATES_MAX, `Send at most ${RATES_MAX} rates at once.`),
});

/** The cursor of the list: the currency and the day that the page before ended with. */
export const rateCursorSchema = z
  .string()
  .refine(
    (text) => /^[A-Z]{3}:/.test(text) && rateDaySchema.safeParse(text.slice(4)).success,
    "This is no cursor. Take nextCursor of the page before.",
  )
  .transform((text) => ({ currency: text.slice(0, 3), day: text.slice(4) }));

/** Rates are known a year ahead at most: a later day is a slip of the pen. */
export function lastRateDay(today: string): string {
  // Texts are compared, so it does no harm that a leap day has none to correspond to.
  return `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;
}

/** What an organization says against one rate. */
export function frameFaults(
  { currency, day }: DatedRate,
  { currency: own, today }: RateFrame,
): Omit<RateFault, "index">[] {
  const faults: Omit<RateFault, "index">[] = [];
  if (currency === own) {
    const message = `${own} is the organization's own currency and needs no rate.`;
    faults.push({ field: "currency", message });
  }
  if (day > lastRateDay(today)) {
    faults.push({ field: "day", message: "This day is more than a year ahead. Write an earlier one." });
  }
  return faults;
}

/** Everything that keeps a list of rates from being written as a whole. */
export function rateFaults(rates: readonly DatedRate[], frame: RateFrame): RateFault[] {
  const known = new Map<string, string>();
  return rates.flatMap((rate, index) => {
    const key = `${rate.currency} ${rate.day}`;
    const before = known.get(key) ?? rate.rate;
    known.set(key, before);
    const faults = frameFaults(rate, frame).map((fault) => ({ index, ...fault }));
    if (before === rate.rate) return faults;
    const message = `An earlier one gives ${rate.currency} another rate from ${rate.day} on. Leave one of them out.`;
    return [...faults, { index, field: "rate" as const, message }];
  });
}
