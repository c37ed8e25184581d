import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conversionOf } from "@/lib/discretion/conversion";
import { parseMajor, toMajorString } from "@/lib/discretion/money";
import { createRateTable, parseRate } from "@/lib/discretion/rates";
import type { Window } from "@/lib/discretion/schema";
import { localDay, windowEndInstant, windowStartInstant } from "@/lib/discretion/windows";
import { instant, TIME_ZONES } from "./arbitraries";
import { calendar } from "./oracle";

const timeZone = fc.constantFrom(...TIME_ZONES);
const window: fc.Arbitrary<Window> = fc.oneof(
  fc.constantFrom<Window>("day", "week", "month", "year"),
  fc.record({ rollingDays: fc.integer({ min: 1, max: 40 }) }),
);

describe("windows, against the runtime's calendar", () => {
  test("a local day is the day that the runtime's calendar shows", () => {
    fc.assert(
      fc.property(instant, timeZone, (at, zone) => {
        expect(Date.parse(localDay(at, zone)) / 86_400_000).toBe(calendar(at, zone).day);
      }),
      { numRuns: 2000 },
    );
  });

  test("a window holds its instant, begins at a first instant of a day and ends at one", () => {
    fc.assert(
      fc.property(window, instant, timeZone, (one, at, zone) => {
        const start = windowStartInstant(one, at, zone) ?? Number.NaN;
        const end = windowEndInstant(one, at, zone) ?? Number.NaN;
        expect(start).toBeLessThanOrEqual(at);
        expect(end).toBeGreaterThan(at);
        for (const border of [start, end]) {
          expect(localDay(border - 1, zone) < localDay(border, zone)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("calendar windows follow each other without a gap or an overlap", () => {
    const calendarWindow = fc.constantFrom<Window>("day", "week", "month", "year");
    fc.assert(
      fc.property(calendarWindow, instant, timeZone, (one, at, zone) => {
        const end = windowEndInstant(one, at, zone) ?? Number.NaN;
        expect(windowStartInstant(one, end, zone)).toBe(end);
        expect(windowStartInstant(one, end - 1, zone)).toBe(windowStartInstant(one, at, zone));
      }),
      { numRuns: 300 },
    );
  });
});

describe("money", () => {
  const currency = fc.constantFrom("USD", "JPY", "KWD", "CLF", "HUF");

  test("what is written can be read back, to the last unit", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), currency, (minor, code) => {
        expect(parseMajor(toMajorString(minor, code), code)).toEqual({ ok: true, minor });
      }),
    );
  });

  test("what the runtime writes with groups can be read back", () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        currency,
        fc.constantFrom("en", "en-IN", "de", "de-CH"),
        (minor, code, locale) => {
          const plain = toMajorString(minor, code);
          const decimals = plain.split(".")[1]?.length ?? 0;
          const format = new Intl.NumberFormat(locale, {
            minimumFractionDigits: decimals,
            maximumFractionDigits: decimals,
          });
          const text = format.format(plain as Intl.StringNumericLiteral);
          expect(parseMajor(text, code, { decimal: locale === "de" ? "," : "." })).toEqual({
            ok: true,
            minor,
          });
        },
      ),
    );
  });
});

describe("rates", () => {
  const MOST = Number.MAX_SAFE_INTEGER;
  const DECIMALS: Record<string, bigint> = { USD: 2n, JPY: 0n, KWD: 3n, CLF: 4n };
  const currency = fc.constantFrom(...Object.keys(DECIMALS));
  const digits = fc
    .bigInt({ min: 1n, max: 10n ** 24n - 1n })
    .chain((number) => fc.bigInt({ min: 1n, max: number }));
  /** From a millionth of a millionth to a million millions, with as many decimals as there may be. */
  const rate = digits.map((number) => {
    const text = number.toString().padStart(13, "0");
    return `${text.slice(0, -12)}.${text.slice(-12)}`;
  });
  const amount = fc.oneof(fc.nat({ max: 10_000 }), fc.maxSafeNat());

  /** A converter and its exact fraction: an amount is worth `amount * parts / of`. */
  const setting = fc.tuple(currency, currency, rate).map(([from, to, text]) => {
    const conversion = conversionOf({ currency: from, rate: { rate: text, day: "2026-01-01" } }, to);
    if (conversion === null) throw new Error("There is a rate.");
    const same = from === to;
    const parts = same ? 1n : BigInt(text.replace(".", "")) * 10n ** (DECIMALS[to] ?? 0n);
    return { conversion, parts, of: same ? 1n : 10n ** (12n + (DECIMALS[from] ?? 0n)) };
  });

  test("what is counted is at most half a unit from the exact amount, and 1 where that would be nothing", () => {
    fc.assert(
      fc.property(setting, amount, ({ conversion, parts, of }, asked) => {
        const exact = BigInt(asked) * parts;
        const counted = conversion.counted(asked);
        if (exact >= BigInt(MOST) * of) expect(counted).toBe(MOST);
        else if (asked > 0 && 2n * exact <= of) expect(counted).toBe(1);
        else {
          const twiceOff = 2n * (BigInt(counted) * of - exact);
          expect(twiceOff <= of && -twiceOff <= of).toBe(true);
          if (twiceOff === of || -twiceOff === of) expect(counted % 2).toBe(0);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("a bound is the last amount that is within it, exactly", () => {
    fc.assert(
      fc.property(setting, amount, ({ conversion, parts, of }, threshold) => {
        const worth = (asked: number) => BigInt(asked) * parts;
        const exact = BigInt(threshold) * of;
        const above = conversion.firstAbove(threshold);
        if (above <= MOST) expect(worth(above) > exact).toBe(true);
        if (above > MOST) expect(worth(MOST) <= exact).toBe(true);
        else if (above > 0) expect(worth(above - 1) <= exact).toBe(true);
        const below = conversion.lastBelow(threshold);
        if (below >= 0 && below <= MOST) expect(worth(below) < exact).toBe(true);
        if (below < MOST) expect(worth(below + 1) >= exact).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test("rounded up, an amount is above a whole number exactly when it is", () => {
    fc.assert(
      fc.property(setting, amount, fc.nat({ max: 10_000 }), ({ conversion, parts, of }, asked, whole) => {
        expect(conversion.roundedUp(asked) > whole).toBe(BigInt(asked) * parts > BigInt(whole) * of);
      }),
      { numRuns: 2000 },
    );
  });

  test("what is read of a rate is its value, and is read the same again", () => {
    fc.assert(
      fc.property(rate, (text) => {
        const read = parseRate(text);
        if (!read.ok) throw new Error(read.reason);
        expect(read.numerator * 10n ** 12n).toBe(BigInt(text.replace(".", "")) * read.denominator);
        expect(parseRate(read.rate)).toEqual(read);
      }),
      { numRuns: 1000 },
    );
  });

  test("a table gives what a walk over all its rows finds", () => {
    const day = fc.integer({ min: 10, max: 28 }).map((date) => `2026-05-${date}`);
    const row = fc.record({ currency: fc.constantFrom("EUR", "JPY"), day, rate });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.constantFrom("EUR", "JPY"), day, (rows, code, on) => {
        let latest: { day: string; rate: string } | null = null;
        for (const one of rows) {
          if (one.currency !== code || one.day > on) continue;
          if (latest === null || one.day >= latest.day) latest = { day: one.day, rate: one.rate };
        }
        expect(createRateTable(rows).rateOn(code, on)).toEqual(latest);
      }),
      { numRuns: 1000 },
    );
  });
});
