import { describe, expect, test } from "vitest";
import { conversionOf } from "./conversion";

const converting = (from: string, rate: string, to = "USD") => {
  const conversion = conversionOf({ currency: from, rate: { rate, day: "2026-01-01" } }, to);
  if (conversion === null) throw new Error("There is a rate.");
  return conversion;
};

describe("what is counted of an amount in another currency", () => {
  test.each([
    // 1 JPY is 0.67 cents: the yen has no decimals.
    ["JPY", "0.0067", "USD", 1_000, 670],
    ["USD", "149.25", "JPY", 1_000, 1_492],
    ["KWD", "3.25", "USD", 1_000, 325],
    ["USD", "0.307", "KWD", 100, 307],
    ["KWD", "485.5", "JPY", 10, 5],
    ["EUR", "1.0842", "USD", 2_500, 2_710],
  ])("honours the decimals of both: %s at %s into %s, %i is %i", (from, rate, to, amount, counted) => {
    expect(converting(from, rate, to).counted(amount)).toBe(counted);
  });

  test.each([
    [1, "0.5", 1],
    [3, "0.5", 2],
    [5, "0.5", 2],
    [7, "0.5", 4],
    [5, "0.49999", 2],
    [5, "0.50001", 3],
    [3, "0.6", 2],
    [3, "0.4", 1],
  ])("is rounded half-even: %i at %s is %i", (amount, rate, counted) => {
    expect(converting("EUR", rate).counted(amount)).toBe(counted);
  });

  test("is at least 1 of what is above zero, and nothing of nothing", () => {
    expect(converting("EUR", "0.000000000001").counted(1)).toBe(1);
    expect(converting("EUR", "0.5").counted(1)).toBe(1);
    expect(converting("EUR", "0.000000000001").counted(0)).toBe(0);
    expect(converting("EUR", "999999999999").counted(0)).toBe(0);
  });

  test("is at most what a number carries", () => {
    expect(converting("EUR", "2").counted(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
    expect(converting("JPY", "999999999999").counted(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test("is exact where floating point is not", () => {
    // 0.1 + 0.2 and their like: 1.15 × 100 is 114.99999999999999 in floating point, and 4.35 × 100 is 434.99….
    expect(converting("EUR", "1.15").roundedUp(100)).toBe(115);
    expect(converting("EUR", "4.35").roundedUp(100)).toBe(435);
    expect(converting("EUR", "1.000000000001").counted(9_007_199_254_000_000)).toBe(9_007_199_254_009_007);
  });
});

describe("bounds", () => {
  const conversion = converting("EUR", "0.4");

  test("rounding up passes a whole number exactly when the exact amount does", () => {
    expect([0, 1, 2, 4, 5, 6].map(conversion.roundedUp)).toEqual([0, 1, 1, 2, 2, 3]);
  });

  test("the least amount above a threshold is worth more than it, and one less is not", () => {
    expect([-1, 0, 1, 2, 3].map(conversion.firstAbove)).toEqual([0, 1, 3, 6, 8]);
  });

  test("the largest amount below a threshold is worth less than it, and one more is not", () => {
    expect([0, 1, 2, 3, 4].map(conversion.lastBelow)).toEqual([-1, 2, 4, 7, 9]);
  });

  test("are none where no amount that can be asked for lies beyond", () => {
    const tiny = converting("EUR", "0.000000000001");
    expect(tiny.firstAbove(1_000_000)).toBe(Number.POSITIVE_INFINITY);
    expect(tiny.lastBelow(1_000_000)).toBe(Number.POSITIVE_INFINITY);
    expect(converting("EUR", "1").firstAbove(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER + 1);
  });
});

describe("a conversion", () => {
  test("within the policy's currency changes nothing, whatever rate is given", () => {
    const conversion = conversionOf({ currency: "USD", rate: { rate: "nonsense", day: "" } }, "USD");
    expect(conversion?.counted(7)).toBe(7);
    expect(conversion?.roundedUp(7)).toBe(7);
    expect(conversion?.firstAbove(7)).toBe(8);
    expect(conversion?.lastBelow(7)).toBe(6);
  });

  test("is none without a rate", () => {
    expect(conversionOf({ currency: "EUR" }, "USD")).toBeNull();
    expect(conversionOf({ currency: "EUR", rate: null }, "USD")).toBeNull();
  });

  // A rate that cannot be read must never be taken for 1, or for none.
  test.each(["", "0", "-1", "1,2", "abc"])("by the rate %j throws", (rate) => {
    expect(() => converting("EUR", rate)).toThrow(RangeError);
  });

  test("of what is no currency throws", () => {
    expect(() => converting("XYZ", "1")).toThrow(RangeError);
  });
});
