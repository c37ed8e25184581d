import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays } from "@/lib/discretion/windows";
import { grainOf, readSpanSearch, rowsHref, SPAN_FILTERS, spanHref } from "./schema";

const TODAY = "2026-03-31";

// Risk: an address that somebody mistyped breaks the page, or quietly shows other days than it says.
describe("the address of a page over some days", () => {
  it("counts a preset back from today, today included, and thirty days where nothing is said", () => {
    expect(readSpanSearch({ days: "7" }, TODAY).span).toEqual({
      from: "2026-03-25",
      to: TODAY,
      days: 7,
    });
    expect(readSpanSearch({}, TODAY)).toMatchObject({
      span: { from: "2026-03-02", to: TODAY, days: 30 },
      before: { from: "2026-01-31", to: "2026-03-01", days: 30 },
      preset: "30",
      faults: [],
    });
  });

  it("lets days that are named stand before a preset, and fills in the one that is not", () => {
    const search = readSpanSearch({ days: "7", from: "2026-01-01", to: "2026-01-31" }, TODAY);
    expect(search).toMatchObject({ span: { from: "2026-01-01", to: "2026-01-31", days: 31 }, preset: null });
    expect(search.given).toEqual({ from: "2026-01-01", to: "2026-01-31" });
    expect(readSpanSearch({ from: "2026-03-30" }, TODAY).span.to).toBe(TODAY);
    expect(readSpanSearch({ from: "2026-04-02" }, TODAY).span.to).toBe("2026-04-02");
    expect(readSpanSearch({ to: "2026-02-28" }, TODAY).span.from).toBe("2026-01-30");
  });

  it("leaves out what can't be read or is too long, names it, and keeps the rest", () => {
    const search = readSpanSearch(
      { days: "8", from: "yesterday", to: "2026-02-30", remedy: "money", team: ["a", "b"] },
      TODAY,
    );
    expect(search.faults).toEqual(["days", "from", "to", "team", "remedy"]);
    expect(search.span.days).toBe(30);
    const long = readSpanSearch({ from: "2024-01-01", to: "2026-03-01", remedy: "gift" }, TODAY);
    expect(long).toMatchObject({ span: { to: "2026-03-01", days: 30 }, remedy: "gift", faults: ["from"] });
    const turned = readSpanSearch({ from: "2026-03-02", to: "2026-03-01" }, TODAY);
    expect(turned).toMatchObject({ span: { to: "2026-03-01", days: 30 }, faults: ["from"] });
  });

  it("is written so that it reads the same again, whatever stood in it", () => {
    const anything = fc.oneof(
      fc.string(),
      fc.constantFrom("7", "2026-01-05", "2026-03-01", "gift", "a\u0000b"),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...SPAN_FILTERS), anything)), (pairs) => {
        const search = readSpanSearch(Object.fromEntries(pairs), TODAY);
        const written = new URL(spanHref("/floor/insights", search.given), "http://localhost").searchParams;
        const again = readSpanSearch(Object.fromEntries(written), TODAY);
        expect(again).toEqual({ ...search, faults: [] });
        expect(search.span.days).toBeGreaterThan(0);
        expect(search.span.days).toBeLessThanOrEqual(366);
        expect(search.before.to).toBe(addDays(search.span.from, -1));
      }),
    );
  });

  it("shows days up to a quarter of a year, and weeks above", () => {
    expect([90, 92, 93, 366].map((days) => grainOf({ from: "", to: "", days }))).toEqual([
      "day",
      "day",
      "week",
      "week",
    ]);
  });

  it("leads to the rows of the same days, team and remedy", () => {
    const search = readSpanSearch({ days: "7", team: "phone", remedy: "gift" }, TODAY);
    expect(rowsHref(search, { verdict: "bend" })).toBe(
      "/floor?from=2026-03-25&to=2026-03-31&team=phone&verdict=bend&remedy=gift",
    );
  });
});
