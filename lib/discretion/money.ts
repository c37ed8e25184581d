import { CURRENCY_EXPONENTS } from "./currencies";

/** Why a written amount could not be read. */
export type AmountFault = "empty" | "not_a_number" | "negative" | "too_many_decimals" | "too_large";

export type ParsedAmount = { ok: true; minor: number } | { ok: false; reason: AmountFault };

export interface ParseOptions {
  /** The sign between units and decimals; the other one, spaces and apostrophes may group thousands. Default `"."`. */
  decimal?: "." | ",";
}

/** Whether `code` is a currency of ISO 4217, written in upper case. */
export function isCurrency(code: string): boolean {
  return CURRENCY_EXPONENTS.has(code);
}

/**
 * The number of decimals of a currency: 2 for USD, 0 for JPY, 3 for KWD (ISO 4217).
 *
 * @throws RangeError when `currency` is not one.
 */
export function exponentOf(currency: string): number {
  const exponent = CURRENCY_EXPONENTS.get(currency);
  if (exponent === undefined) throw new RangeError(`${currency} is not a currency of ISO 4217.`);
  return exponent;
}

const GROUPS = { ".": /[,\s'’]/u, ",": /[.\s'’]/u } as const;

/**
 * Reads an amount as people write it ("25", "25.00", "1,234.50") into minor units, exactly.
 *
 * Thousands must be grouped as thousands (lakhs pass too): "1,23" is refused and not read as 123, because whoever
 * wrote it may have meant 1.23. For the same reason superfluous decimals are refused even when they are zeros.
 *
 * @throws RangeError when `currency` is not a currency.
 */
export function parseMajor(text: string, currency: string, options: ParseOptions = {}): ParsedAmount {
  const exponent = exponentOf(currency);
  const decimal = options.decimal ?? ".";
  const trimmed = text.trim();
  if (trimmed === "") return { ok: false, reason: "empty" };
  const negative = /^[-−]/u.test(trimmed);

  const [units = "", fraction = "", ...more] = trimmed.replace(/^[-−]\s*/u, "").split(decimal);
  const whole = ungroup(units, GROUPS[decimal]);
  if (more.length > 0 || whole === null || !/^\d*$/.test(fraction) || whole + fraction === "") {
    return { ok: false, reason: "not_a_number" };
  }
  if (negative) return { ok: false, reason: "negative" };
  if (fraction.length > exponent) return { ok: false, reason: "too_many_decimals" };

  const minor = BigInt(whole + fraction.padEnd(exponent, "0"));
  if (minor > BigInt(Number.MAX_SAFE_INTEGER)) return { ok: false, reason: "too_large" };
  return { ok: true, minor: Number(minor) };
}

/** The digits without their group signs; `null` when they are not grouped as numbers are. */
function ungroup(units: string, separator: RegExp): string | null {
  if (/^\d*$/.test(units)) return units;
  const sign = separator.exec(units)?.[0];
  if (sign === undefined) return null;
  const groups = units.split(sign);
  const first = groups[0] ?? "";
  const last = groups.at(-1) ?? "";
  const between = groups.slice(1, -1);
  const wellFormed =
    /^\d{1,3}$/.test(first) &&
    /^\d{3}$/.test(last) &&
    (between.every((group) => /^\d{3}$/.test(group)) ||
      (first.length <= 2 && between.every((group) => /^\d{2}$/.test(group))));
  return wellFormed ? groups.join("") : null;
}

/**
 * Minor units as a plain decimal: `toMajorString(123450, "USD")` is `"1234.50"`. Exact, and what
 * `Intl.NumberFormat` takes as a string without going through a float.
 *
 * @throws RangeError when `minor` is a number that is not a safe integer, or `currency` is not a currency.
 */
export function toMajorString(minor: number | bigint, currency: string): string {
  const exponent = exponentOf(currency);
  if (typeof minor === "number" && !Number.isSafeInteger(minor)) {
    throw new RangeError(`${minor} is not a whole number of minor units.`);
  }
  const value = BigInt(minor);
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString().padStart(exponent + 1, "0");
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
