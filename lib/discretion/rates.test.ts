import { describe, expect, test } from "vitest";
import { createRateTable, parseRate, type RateFault } from "./rates";

describe("a rate", () => {
  test.each([
    ["1.0842", "1.0842", 10_842n, 10_000n],
    ["1", "1", 1n, 1n],
    [" 0.0067 ", "0.0067", 67n, 10_000n],
    ["007.50", "7.5", 75n, 10n],
    ["2.000", "2", 2n, 1n],
    ["100", "100", 100n, 1n],
    ["0.000000000001", "0.000000000001", 1n, 10n ** 12n],
    ["999999999999.999999999999", "999999999999.999999999999", 10n ** 24n - 1n, 10n ** 12n],
  ])("is read from %j exactly, and written as short as can be", (text, rate, numerator, denominator) => {
    expect(parseRate(text)).toEqual({ ok: true, rate, numerator, denominator });
  });

  // Each of these could be read as some rate; read wrongly it would move every limit.
  test.each<[string, RateFault]>([
    ["", "empty"],
    ["  ", "empty"],
    ["0", "not_positive"],
    ["0.000", "not_positive"],
    ["-1.5", "not_positive"],
    ["−1.5", "not_positive"],
    ["1,0842", "not_a_number"],
    ["1 084", "not_a_number"],
    ["1,084.2", "not_a_number"],
    [".5", "not_a_number"],
    ["5.", "not_a_number"],
    ["1e3", "not_a_number"],
    ["+1", "not_a_number"],
    ["--1", "not_a_number"],
    ["0x10", "not_a_number"],
    ["1.2.3", "not_a_number"],
    ["٢", "not_a_number"],
    ["Infinity", "not_a_number"],
    ["1000000000000", "too_many_digits"],
    ["0.0000000000001", "too_many_decimals"],
    ["1.0000000000000", "too_many_decimals"],
  ])("is not read from %j: %s", (text, reason) => {
    expect(parseRate(text)).toEqual({ ok: false, reason });
  });
});

describe("a rate table", () => {
  const table = createRateTable([
    { currency: "EUR", day: "2026-03-01", rate: "1.10" },
    { currency: "JPY", day: "2026-01-01", rate: "0.0067" },
    { currency: "EUR", day: "2026-01-01", rate: "1.05" },
    { currency: "EUR", day: "2026-05-01", rate: "1.2" },
    { currency: "EUR", day: "2026-05-01", rate: "1.21" },
  ]);

  test.each([
    ["EUR", "2025-12-31", null],
    ["EUR", "2026-01-01", "1.05"],
    ["EUR", "2026-02-28", "1.05"],
    ["EUR", "2026-03-01", "1.10"],
    ["EUR", "2026-04-30", "1.10"],
    ["JPY", "2099-01-01", "0.0067"],
    ["USD", "2026-06-01", null],
  ])("gives for %s on %s the latest rate from that day or before: %s", (currency, day, rate) => {
    expect(table.rateOn(currency, day)?.rate ?? null).toBe(rate);
  });

  test("says from which day the rate holds, and of two rows for one day takes the later one", () => {
    expect(table.rateOn("EUR", "2026-06-30")).toEqual({ rate: "1.21", day: "2026-05-01" });
  });

  test("without rows has no rate", () => {
    expect(createRateTable([]).rateOn("EUR", "2026-01-01")).toBeNull();
  });
});
