import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInstant } from "./instants";

const at = (text: string) => readInstant(text);

describe("an instant", () => {
  it("is read with its offset, however it is written", () => {
    const noon = Date.UTC(2026, 2, 31, 12);
    for (const text of [
      "2026-03-31T12:00:00Z",
      "2026-03-31T12:00Z",
      "2026-03-31 12:00:00+00:00",
      "2026-03-31T14:00:00+02:00",
      "2026-03-31T14:00:00+0200",
      "2026-03-31 14:00:00+02",
      "2026-03-31T06:30:00.000-05:30",
      "2026-03-31T12:00:00,000000Z",
      "2026-04-01T02:00:00+14:00",
    ]) {
      expect(at(text), text).toBe(noon);
    }
    expect(at("2026-03-31T24:00:00Z")).toBe(at("2026-04-01T00:00:00Z"));
  });

  it("keeps every millisecond that JavaScript writes", () => {
    const ms = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) - 1 });
    fc.assert(fc.property(ms, (instant) => at(new Date(instant).toISOString()) === instant));
  });

  // Risk: a database's export is sorted by microseconds, and two of its requests are replayed the wrong way round.
  it("tells microseconds apart, and cuts off what is finer without reaching the next day", () => {
    const second = Date.UTC(2026, 2, 31, 23, 59, 59);
    expect(at("2026-03-31T23:59:59.000001Z")).toBeGreaterThan(second);
    expect(at("2026-03-31T23:59:59.000001Z")).toBeLessThan(at("2026-03-31T23:59:59.000002Z") ?? 0);
    expect(Math.floor(at("2026-03-31T23:59:59.999999999Z") ?? 0)).toBe(second + 999);
    expect(at("2026-03-31T23:59:59.005Z")).toBe(second + 5);
  });

  // Risk: a date that no calendar has is taken for another one, and its request counts in another window.
  it.each([
    "",
    "2026-03-31",
    "2026-03-31T12:00:00",
    "2026-03-31 12:00",
    "31/03/2026 12:00Z",
    "2026-3-31T12:00:00Z",
    "2026-02-29T12:00:00Z",
    "2026-02-30T12:00:00Z",
    "2026-00-10T12:00:00Z",
    "2026-13-10T12:00:00Z",
    "2026-03-00T12:00:00Z",
    "2026-03-31T24:00:01Z",
    "2026-03-31T25:00:00Z",
    "2026-03-31T12:60:00Z",
    "2026-03-31T12:00:60Z",
    "2026-03-31T12:00:00+24:00",
    "2026-03-31T12:00:00+01:60",
    "2026-03-31T12:00:00 CET",
    "0026-03-31T12:00:00Z",
    "1899-12-31T23:59:59Z",
    "2200-01-01T00:00:00Z",
    "1774958400",
    "２026-03-31T12:00:00Z",
  ])("is none: %j", (text) => {
    expect(at(text)).toBeNull();
  });

  it("may lie on the last day of February of a leap year", () => {
    expect(at("2028-02-29T00:00:00Z")).toBe(Date.UTC(2028, 1, 29));
  });
});
