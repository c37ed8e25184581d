import { describe, expect, test } from "vitest";
import { CURRENCY_EXPONENTS } from "./currencies";
import { exponentOf, isCurrency, parseMajor, toMajorString } from "./money";

describe("currencies", () => {
  test.each([
    ["USD", 2],
    ["JPY", 0],
    ["KWD", 3],
    ["CLF", 4],
    ["ISK", 0],
    ["UGX", 0],
    ["CLP", 0],
    ["HUF", 2],
    ["IDR", 2],
    ["COP", 2],
    ["PKR", 2],
    ["IQD", 3],
    ["MRU", 2],
  ])("%s has the %i decimals of ISO 4217, whatever is customary", (currency, exponent) => {
    expect(exponentOf(currency)).toBe(exponent);
  });

  test("every currency that Intl counts with three or no decimals either agrees or is known to differ", () => {
    // Where CLDR follows custom it rounds to fewer decimals; it never knows more than the standard.
    const rounded = [...CURRENCY_EXPONENTS].filter(([currency, exponent]) => {
      const format = new Intl.NumberFormat("en", { style: "currency", currency });
      return format.resolvedOptions().maximumFractionDigits !== exponent;
    });
    const known = "AFN ALL COP HUF IDR IQD IRR KPW LAK LBP MGA MMK PKR SLL SOS SYP YER CLF UYW UYI".split(
      " ",
    );
    expect(rounded.map(([currency]) => currency).filter((currency) => !known.includes(currency))).toEqual([]);
  });

  test.each(["usd", "US", "XYZ", "BTC", "", "USDT", "XXX"])("%j is no currency", (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(() => exponentOf(code)).toThrow(RangeError);
  });
});

describe("parseMajor", () => {
  test.each([
    ["25", "USD", 2500],
    ["25.00", "USD", 2500],
    ["25.5", "USD", 2550],
    ["25.", "USD", 2500],
    [".50", "USD", 50],
    ["0", "USD", 0],
    ["007", "USD", 700],
    [" 1,234.50 ", "USD", 123_450],
    ["12,34,567.00", "USD", 123_456_700],
    ["1 234", "USD", 123_400],
    ["1’234.05", "USD", 123_405],
    ["1234", "JPY", 1234],
    ["1.234", "KWD", 1234],
    ["90071992547409.91", "USD", Number.MAX_SAFE_INTEGER],
  ])("reads %j in %s exactly", (text, currency, minor) => {
    expect(parseMajor(text, currency)).toEqual({ ok: true, minor });
  });

  test.each([
    ["1.234,50", 123_450],
    ["25,5", 2550],
    ["1.234", 123_400],
  ])("reads %j with a decimal comma", (text, minor) => {
    expect(parseMajor(text, "EUR", { decimal: "," })).toEqual({ ok: true, minor });
  });

  // Every one of these could be read as some number; reading it wrongly would move the wrong money.
  test.each([
    ["", "USD", "empty"],
    ["  ", "USD", "empty"],
    ["abc", "USD", "not_a_number"],
    [".", "USD", "not_a_number"],
    ["1e3", "USD", "not_a_number"],
    ["0x10", "USD", "not_a_number"],
    ["1.2.3", "USD", "not_a_number"],
    ["1,23", "USD", "not_a_number"],
    ["1,2345", "USD", "not_a_number"],
    ["1,234 567", "USD", "not_a_number"],
    [",234", "USD", "not_a_number"],
    ["1.234,50", "USD", "not_a_number"],
    ["$25", "USD", "not_a_number"],
    ["٢٥", "USD", "not_a_number"],
    ["Infinity", "USD", "not_a_number"],
    ["-25", "USD", "negative"],
    ["−25.00", "USD", "negative"],
    ["-abc", "USD", "not_a_number"],
    ["25.001", "USD", "too_many_decimals"],
    ["25.000", "USD", "too_many_decimals"],
    ["25.0", "JPY", "too_many_decimals"],
    ["90071992547409.92", "USD", "too_large"],
    ["9".repeat(400), "USD", "too_large"],
  ])("refuses %j in %s as %s", (text, currency, reason) => {
    expect(parseMajor(text, currency)).toEqual({ ok: false, reason });
  });
});

describe("toMajorString", () => {
  test.each([
    [123_450, "USD", "1234.50"],
    [5, "USD", "0.05"],
    [0, "USD", "0.00"],
    [-0, "USD", "0.00"],
    [-5, "USD", "-0.05"],
    [1234, "JPY", "1234"],
    [1, "KWD", "0.001"],
    [Number.MAX_SAFE_INTEGER, "USD", "90071992547409.91"],
    [123_456_789_012_345_678_901n, "USD", "1234567890123456789.01"],
  ])("writes %d minor units of %s as %s", (minor, currency, text) => {
    expect(toMajorString(minor, currency)).toBe(text);
  });

  test("throws on what is not a whole number of minor units", () => {
    expect(() => toMajorString(0.5, "USD")).toThrow(RangeError);
    expect(() => toMajorString(2 ** 53, "USD")).toThrow(RangeError);
    expect(() => toMajorString(Number.NaN, "USD")).toThrow(RangeError);
  });
});
