import { describe, expect, it } from "vitest";
import { formatDay, formatExact, formatRelative, formatShort, formatUntil } from "./dates";

const NEW_YORK = "America/New_York";
const at = (text: string) => new Date(text);

// The risk: a day of the server's or the browser's time zone where the organization's is meant.
describe("dates on screen", () => {
  it("names the day of the organization's time zone", () => {
    expect(formatDay(at("2026-03-05T03:30:00Z"), NEW_YORK)).toBe("Mar 4, 2026");
    expect(formatDay(at("2026-03-05T03:30:00Z"), "Asia/Kathmandu")).toBe("Mar 5, 2026");
  });

  it("says the zone in the exact time, on both sides of the change of clocks", () => {
    expect(formatExact(at("2026-03-08T06:59:59Z"), NEW_YORK)).toMatch(/Mar 8, 2026, 1:59:59.AM EST/);
    expect(formatExact(at("2026-03-08T07:00:00Z"), NEW_YORK)).toMatch(/Mar 8, 2026, 3:00:00.AM EDT/);
  });

  it("leaves out the year that it is", () => {
    expect(formatShort(at("2026-01-01T05:30:00Z"), at("2026-06-01T12:00:00Z"), NEW_YORK)).toMatch(
      /^Jan 1, 12:30.AM$/,
    );
    expect(formatShort(at("2026-01-01T04:30:00Z"), at("2026-06-01T12:00:00Z"), NEW_YORK)).toMatch(
      /^Dec 31, 2025/,
    );
  });

  it("says how long ago in the words that one would use", () => {
    const now = at("2026-03-05T17:00:00Z");
    const ago = (ms: number) => formatRelative(new Date(now.getTime() - ms), now, NEW_YORK);
    expect(ago(0)).toBe("just now");
    expect(ago(59_999)).toBe("just now");
    expect(ago(60_000)).toBe("1 minute ago");
    expect(ago(3_600_000)).toBe("1 hour ago");
    expect(ago(20 * 3_600_000)).toBe("yesterday");
    expect(ago(3 * 86_400_000)).toBe("3 days ago");
    expect(ago(65 * 86_400_000)).toBe("2 months ago");
    expect(ago(800 * 86_400_000)).toBe("2 years ago");
  });

  it("says until when in the words that one would use: a span that ends at midnight lasts until the day before", () => {
    const now = at("2026-03-05T17:00:00Z");
    const until = (end: string) => formatUntil(at(end), now, NEW_YORK);
    expect(until("2026-03-06T05:00:00Z")).toBe("today");
    expect(until("2026-03-07T05:00:00Z")).toBe("tomorrow");
    // The clocks change on the 8th: midnight is an hour earlier from then on.
    expect(until("2026-03-10T04:00:00Z")).toBe("Monday");
    expect(until("2026-03-12T04:00:00Z")).toBe("Wednesday");
    expect(until("2026-03-13T04:00:00Z")).toBe("Mar 12");
    expect(until("2027-01-02T05:00:00Z")).toBe("Jan 1, 2027");
    expect(until("2026-03-05T20:00:00Z")).toBe("today, 3:00 PM");
    expect(until("2026-03-10T05:00:00Z")).toBe("Tuesday, 1:00 AM");
  });

  it("speaks of what is to come as well", () => {
    const now = at("2026-03-05T17:00:00Z");
    expect(formatRelative(at("2026-03-05T17:05:00Z"), now, NEW_YORK)).toBe("in 5 minutes");
    expect(formatRelative(at("2026-03-06T17:00:00Z"), now, NEW_YORK)).toBe("tomorrow");
  });
});
