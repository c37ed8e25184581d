import { describe, expect, it } from "vitest";
import { instantOf, isoWithOffset, wallTimeOf } from "./wall-time";

const at = (wallTime: string, timeZone: string) => instantOf(wallTime, timeZone)?.toISOString() ?? null;

// The risk: a policy comes into force hours before or after the time that somebody chose.
describe("a time on the organization's clocks", () => {
  it("is its instant in that time zone, whatever this machine's is", () => {
    expect(at("2026-01-15T09:00", "America/New_York")).toBe("2026-01-15T14:00:00.000Z");
    expect(at("2026-07-15T09:00", "America/New_York")).toBe("2026-07-15T13:00:00.000Z");
    expect(at("2026-07-15T09:00:30", "Asia/Kathmandu")).toBe("2026-07-15T03:15:30.000Z");
    expect(at("2026-07-15T00:00", "Pacific/Kiritimati")).toBe("2026-07-14T10:00:00.000Z");
  });

  it("that the clocks skip is as long after the change", () => {
    expect(at("2026-03-08T02:30", "America/New_York")).toBe("2026-03-08T07:30:00.000Z");
    expect(at("2026-03-08T03:00", "America/New_York")).toBe("2026-03-08T07:00:00.000Z");
  });

  it("that the clocks show twice is the first of the two", () => {
    expect(at("2026-11-01T01:30", "America/New_York")).toBe("2026-11-01T05:30:00.000Z");
    expect(at("2026-11-01T02:00", "America/New_York")).toBe("2026-11-01T07:00:00.000Z");
  });

  it("is none where no time was typed", () => {
    for (const text of ["", "tomorrow", "2026-01-15", "2026-13-01T00:00", "2026-01-15T25:00"]) {
      expect([text, at(text, "UTC")]).toEqual([text, null]);
    }
  });

  it("comes back as it was typed", () => {
    for (const zone of ["America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]) {
      const instant = instantOf("2026-05-05T23:45", zone);
      expect(instant && wallTimeOf(instant, zone)).toBe("2026-05-05T23:45");
    }
  });
});

// Risk: a file that is read elsewhere says another moment than the list did.
describe("a moment with its offset", () => {
  it("is the wall clock's, and the same instant when it is read again", () => {
    for (const [instant, timeZone, written] of [
      ["2026-03-08T19:05:09.900Z", "America/New_York", "2026-03-08T15:05:09-04:00"],
      ["2026-01-01T00:00:00.000Z", "Asia/Kathmandu", "2026-01-01T05:45:00+05:45"],
      ["2026-01-01T00:00:00.000Z", "America/St_Johns", "2025-12-31T20:30:00-03:30"],
      ["2026-01-01T00:00:00.000Z", "UTC", "2026-01-01T00:00:00+00:00"],
    ] as const) {
      expect(isoWithOffset(new Date(instant), timeZone)).toBe(written);
      expect(Math.floor(Date.parse(written) / 1000)).toBe(Math.floor(Date.parse(instant) / 1000));
    }
  });
});
