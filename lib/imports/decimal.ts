/** An exact decimal: `units` of 10 to the power of minus `scale`. */
export interface Decimal {
  units: bigint;
  scale: number;
}

export const ZERO: Decimal = { units: 0n, scale: 0 };

/** More digits than any price or quantity has; a limit on what one field can cost. */
const DIGITS_MAX = 30;

const FORMS = {
  ".": /^(?:\d+|\d{1,3}(?:[,\s'’]\d{3})+)?(?:\.(\d*))?$/u,
  ",": /^(?:\d+|\d{1,3}(?:[.\s'’]\d{3})+)?(?:,(\d*))?$/u,
} as const;

/**
 * Reads a number as tables have it: `6`, `-1`, `1,234.50`, and with a decimal comma `1.234,50`. A minus sign may stand
 * on either side, and parentheses are one. Null when it is none, "1,5" with a decimal point too: it may have meant 1.5.
 */
export function parseDecimal(text: string, decimal: "." | ","): Decimal | null {
  const { digits, negative } = signOf(text.trim());
  const form = FORMS[decimal].exec(digits);
  const plain = digits.replace(/\D/g, "");
  if (!form || plain === "" || plain.length > DIGITS_MAX) return null;
  const units = BigInt(plain);
  return { units: negative ? -units : units, scale: form[1]?.length ?? 0 };
}

function signOf(text: string): { digits: string; negative: boolean } {
  const inParentheses = /^\((.*)\)$/u.exec(text)?.[1];
  if (inParentheses !== undefined) return { digits: inParentheses.trim(), negative: true };
  const signed = /^([-+−]?)\s*(.*?)\s*([-−]?)$/u.exec(text);
  const [, before = "", digits = text, after = ""] = signed ?? [];
  // A sign on both sides is no number.
  if (before !== "" && after !== "") return { digits: text, negative: false };
  return { digits, negative: (before !== "" && before !== "+") || after !== "" };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: atScale(a, scale) + atScale(b, scale), scale };
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

function atScale({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

/** Whole units of 10 to the power of minus `scale`; a half is rounded away from zero, as on a bill. */
export function round(value: Decimal, scale: number): bigint {
  if (value.scale <= scale) return atScale(value, scale);
  const divisor = 10n ** BigInt(value.scale - scale);
  const half = value.units < 0n ? -divisor / 2n : divisor / 2n;
  return (value.units + half) / divisor;
}
