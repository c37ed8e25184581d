import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMajor, toMajorString } from "@/lib/discretion/money";
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
