import { exponentOf, parseMajor, toMajorString } from "@/lib/discretion/money";

export type { AmountFault, ParsedAmount } from "@/lib/discretion/money";

const LOCALE = "en";
const formats = new Map<string, Intl.NumberFormat>();

function format(currency: string, locale: string, style: "currency" | "decimal"): Intl.NumberFormat {
  const key = `${locale}/${currency}/${style}`;
  const known = formats.get(key);
  if (known) return known;
  const digits = exponentOf(currency);
  const made = new Intl.NumberFormat(locale, {
    style,
    ...(style === "currency" ? { currency, currencyDisplay: "narrowSymbol" } : {}),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formats.set(key, made);
  return made;
}

/** A plain decimal goes into `Intl` as text and never through a float; its type knows template literals only. */
function decimal(minor: number, currency: string): `${number}` {
  return toMajorString(minor, currency) as `${number}`;
}

/** `formatMoney(164000, "USD")` is "$1,640.00". */
export function formatMoney(minor: number, currency: string, locale: string = LOCALE): string {
  return format(currency, locale, "currency").format(decimal(minor, currency));
}

/** Without the sign of the currency, where that is said beside it: `formatAmount(2500, "USD")` is "25.00". */
export function formatAmount(minor: number, currency: string, locale: string = LOCALE): string {
  return format(currency, locale, "decimal").format(decimal(minor, currency));
}

/** What belongs into a field to be typed over: no groups. */
export function amountForInput(minor: number, currency: string): string {
  return toMajorString(minor, currency);
}

/** Reads what somebody typed. */
export const parseAmount = parseMajor;

/** "25.00" for a dollar, "25" for a yen: an amount to show how one is written. */
export function exampleAmount(currency: string): string {
  return toMajorString(25 * 10 ** exponentOf(currency), currency);
}

/** A count, grouped: `formatCount(1340)` is "1,340". */
export function formatCount(count: number, locale: string = LOCALE): string {
  return new Intl.NumberFormat(locale).format(count);
}

/** How many decimals a currency has. */
export const decimalsOf = exponentOf;
