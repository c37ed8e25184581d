import type { ExchangeRate } from "./types";

/** Why a written rate could not be read. */
export type RateFault = "empty" | "not_a_number" | "not_positive" | "too_many_digits" | "too_many_decimals";

export type ParsedRate =
  | {
      ok: true;
      /** As short as it can be written: without superfluous zeros. */
      rate: string;
      /** The rate is exactly `numerator / denominator`. */
      numerator: bigint;
      denominator: bigint;
    }
  | { ok: false; reason: RateFault };

/** The most digits of a rate before its point, and after it. */
export const RATE_DIGITS_MAX = 12;

/**
 * Reads a rate, a positive plain decimal such as "1.0842", exactly.
 *
 * Signs between thousands and a decimal comma are refused rather than guessed at: "1,084" may be one or a thousand.
 */
export function parseRate(text: string): ParsedRate {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: false, reason: "empty" };
  if (/^[-−]\d/u.test(trimmed)) return { ok: false, reason: "not_positive" };
  const [, whole, fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(trimmed) ?? [];
  if (whole === undefined) return { ok: false, reason: "not_a_number" };
  if (whole.length > RATE_DIGITS_MAX) return { ok: false, reason: "too_many_digits" };
  if (fraction.length > RATE_DIGITS_MAX) return { ok: false, reason: "too_many_decimals" };

  const decimals = fraction.replace(/0+$/, "");
  const numerator = BigInt(whole + decimals);
  if (numerator === 0n) return { ok: false, reason: "not_positive" };
  return {
    ok: true,
    rate: BigInt(whole).toString() + (decimals === "" ? "" : `.${decimals}`),
    numerator,
    denominator: 10n ** BigInt(decimals.length),
  };
}

/** A rate as it is kept: what one unit of `currency` is worth in the policy's from `day` (ISO date) on. */
export interface DatedRate extends ExchangeRate {
  currency: string;
}

export interface RateTable {
  /** The rate that holds on a local day (ISO date): the latest from that day or before; `null` where there is none. */
  rateOn(currency: string, day: string): ExchangeRate | null;
}

/** A table to look rates up in. Of two rows for one currency and day the later one in the list holds. */
export function createRateTable(rows: readonly DatedRate[]): RateTable {
  const byCurrency = new Map<string, ExchangeRate[]>();
  for (const { currency, day, rate } of rows) {
    const rates = byCurrency.get(currency) ?? [];
    rates.push({ rate, day });
    byCurrency.set(currency, rates);
  }
  for (const rates of byCurrency.values()) rates.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));

  return {
    rateOn(currency, day) {
      const rates = byCurrency.get(currency) ?? [];
      return rates[countUpTo(rates, day) - 1] ?? null;
    },
  };
}

/** How many of the rates, which are in order of their days, hold from `day` or before. */
function countUpTo(rates: readonly ExchangeRate[], day: string): number {
  let known = 0;
  let end = rates.length;
  while (known < end) {
    const middle = (known + end) >> 1;
    if ((rates[middle]?.day ?? "") <= day) known = middle + 1;
    else end = middle;
  }
  return known;
}
