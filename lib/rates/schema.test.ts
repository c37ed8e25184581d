import { describe, expect, it } from "vitest";
import {
  datedRateSchema,
  lastRateDay,
  rateCursorSchema,
  rateFaults,
  rateSchema,
  ratesBodySchema,
} from "./schema";

const fault = (value: unknown) => rateSchema.safeParse(value).error?.issues[0]?.message;

describe("a rate that somebody writes", () => {
  it("comes out as short as it can be written, to the last of its digits", () => {
    expect(rateSchema.parse(" 1.0842 ")).toBe("1.0842");
    expect(rateSchema.parse("001.50")).toBe("1.5");
    expect(rateSchema.parse("3")).toBe("3");
    expect(rateSchema.parse("123456789012.123456789012")).toBe("123456789012.123456789012");
    expect(rateSchema.parse("0.000000000001")).toBe("0.000000000001");
  });

  // The risk: "1,084" read as a thousand, or as one.
  it.each([
    ["1,08", "a plain decimal with a point"],
    ["1,084.2", "a plain decimal with a point"],
    ["1e3", "a plain decimal with a point"],
    ["+1", "a plain decimal with a point"],
    [".5", "a plain decimal with a point"],
    ["EUR", "a plain decimal with a point"],
    ["", "Write the rate"],
    ["0", "above 0"],
    ["0.000000000000", "above 0"],
    ["-1.08", "above 0"],
    ["1.0000000000001", "at most 12 decimals"],
    ["1234567890123", "at most 12 digits"],
  ])("says what to do about %j", (text, said) => {
    expect(fault(text)).toContain(said);
  });

  // The risk: a float that was bent on its way here becomes the rate of every decision.
  it("is taken as a number only where it can have been written in one way", () => {
    expect(rateSchema.parse(1.0842)).toBe("1.0842");
    expect(rateSchema.parse(100)).toBe("100");
    expect(rateSchema.parse(0.00012)).toBe("0.00012");
    expect(rateSchema.parse(123456789012.123)).toBe("123456789012.123");
    expect(fault(0.1 + 0.2)).toContain("in quotes");
    expect(fault(1 / 3)).toContain("in quotes");
    expect(fault(1e-7)).toContain("in quotes");
    expect(fault(1e21)).toContain("in quotes");
    expect(fault(0)).toContain("above 0");
    expect(fault(-1.5)).toContain("above 0");
    for (const value of [null, true, {}, undefined, Number.NaN]) expect(fault(value)).toContain("in quotes");
  });

  it("begins on a day of the calendar", () => {
    const day = (text: string) =>
      datedRateSchema.safeParse({ currency: "EUR", day: text, rate: "1" }).success;
    expect(day("2028-02-29")).toBe(true);
    for (const text of [
      "2026-02-29",
      "2026-13-01",
      "0026-03-01",
      "2026-3-1",
      "1.3.2026",
      "",
      "2026-03-01T00:00Z",
    ]) {
      expect([text, day(text)]).toEqual([text, false]);
    }
  });
});

describe("a list of rates", () => {
  const frame = { currency: "USD", today: "2026-03-01" };
  const eur = { currency: "EUR", day: "2026-03-01", rate: "1.0842" };

  it("has every fault named, by the place of its rate", () => {
    expect(
      rateFaults(
        [
          eur,
          { currency: "USD", day: "2027-03-02", rate: "1" },
          { ...eur, rate: "1.09" },
          eur,
          { ...eur, day: "2027-03-01" },
        ],
        frame,
      ),
    ).toEqual([
      { index: 1, field: "currency", message: "USD is the organization's own currency and needs no rate." },
      { index: 1, field: "day", message: "This day is more than a year ahead. Write an earlier one." },
      {
        index: 2,
        field: "rate",
        message: "An earlier one gives EUR another rate from 2026-03-01 on. Leave one of them out.",
      },
    ]);
  });

  it("reaches a year ahead, also from a leap day", () => {
    expect(lastRateDay("2026-03-01")).toBe("2027-03-01");
    const ahead = (day: string) => rateFaults([{ ...eur, day }], { ...frame, today: "2028-02-29" }).length;
    expect([ahead("2029-02-28"), ahead("2029-03-01")]).toEqual([0, 1]);
  });

  it("is neither empty nor endless", () => {
    expect(ratesBodySchema.safeParse({ rates: [] }).success).toBe(false);
    expect(ratesBodySchema.safeParse({ rates: Array(1000).fill(eur) }).success).toBe(true);
    expect(ratesBodySchema.safeParse({ rates: Array(1001).fill(eur) }).success).toBe(false);
  });
});

it("a cursor is a currency and a day that the calendar has", () => {
  expect(rateCursorSchema.parse("EUR:2026-03-01")).toEqual({ currency: "EUR", day: "2026-03-01" });
  for (const text of ["EUR:2026-02-30", "EUR", "eur:2026-03-01", "EUR:2026-03-01:", ""]) {
    expect([text, rateCursorSchema.safeParse(text).success]).toEqual([text, false]);
  }
});
