import { describe, expect, test } from "vitest";
import type { Window } from "./schema";
import { isTimeZone, localDay, windowEndInstant, windowStart, windowStartInstant } from "./windows";

const at = (iso: string) => Date.parse(iso);
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

describe("localDay", () => {
  test.each([
    ["2026-05-13T03:59:59.999Z", "America/New_York", "2026-05-12"],
    ["2026-05-13T04:00:00.000Z", "America/New_York", "2026-05-13"],
    ["2026-01-13T04:59:59.999Z", "America/New_York", "2026-01-12"],
    ["2026-01-13T05:00:00.000Z", "America/New_York", "2026-01-13"],
    ["2026-05-12T18:14:59.999Z", "Asia/Kathmandu", "2026-05-12"],
    ["2026-05-12T18:15:00.000Z", "Asia/Kathmandu", "2026-05-13"],
    ["2026-05-12T10:00:00.000Z", "Pacific/Kiritimati", "2026-05-13"],
    ["2026-05-13T11:59:59.999Z", "Pacific/Niue", "2026-05-13"],
    ["2026-05-13T10:59:59.999Z", "Pacific/Niue", "2026-05-12"],
    ["2026-05-13T00:00:00.000Z", "UTC", "2026-05-13"],
  ])("at %s it is, in %s, %s", (instant, timeZone, day) => {
    expect(localDay(at(instant), timeZone)).toBe(day);
  });

  test("throws on what is no instant or no time zone", () => {
    expect(() => localDay(Number.NaN, "UTC")).toThrow(RangeError);
    expect(() => localDay(0, "Mars/Base")).toThrow(RangeError);
  });
});

describe("isTimeZone", () => {
  test.each(["America/New_York", "UTC", "Asia/Kathmandu", "Europe/London"])("%s is one", (timeZone) => {
    expect(isTimeZone(timeZone)).toBe(true);
  });
  test.each(["", "Mars/Base", "+02:00", "-05:00", " UTC", "12"])("%j is none", (timeZone) => {
    expect(isTimeZone(timeZone)).toBe(false);
  });
});

describe("windowStart", () => {
  test.each<[Window, string, string | null]>([
    ["day", "2026-05-13T12:00:00Z", "2026-05-13"],
    ["week", "2026-05-13T12:00:00Z", "2026-05-11"],
    ["week", "2026-05-11T12:00:00Z", "2026-05-11"],
    ["week", "2026-05-17T12:00:00Z", "2026-05-11"],
    ["week", "2026-01-01T12:00:00Z", "2025-12-29"],
    ["week", "2027-01-03T12:00:00Z", "2026-12-28"],
    ["month", "2026-02-28T12:00:00Z", "2026-02-01"],
    ["month", "2024-02-29T12:00:00Z", "2024-02-01"],
    ["year", "2026-12-31T12:00:00Z", "2026-01-01"],
    [{ rollingDays: 1 }, "2026-05-13T12:00:00Z", "2026-05-13"],
    [{ rollingDays: 30 }, "2026-05-13T12:00:00Z", "2026-04-14"],
    [{ rollingDays: 366 }, "2024-12-31T12:00:00Z", "2024-01-01"],
    ["lifetime", "2026-05-13T12:00:00Z", null],
    ["case", "2026-05-13T12:00:00Z", null],
    ["decision", "2026-05-13T12:00:00Z", null],
  ])("of %j at %s is %s", (window, instant, day) => {
    expect(windowStart(window, at(instant), "UTC")).toBe(day);
  });

  test("the year ends at midnight where the organization is, not at midnight UTC", () => {
    expect(windowStart("year", at("2027-01-01T04:59:59Z"), "America/New_York")).toBe("2026-01-01");
    expect(windowStart("year", at("2027-01-01T05:00:00Z"), "America/New_York")).toBe("2027-01-01");
    expect(windowStart("week", at("2026-05-10T18:14:59Z"), "Asia/Kathmandu")).toBe("2026-05-04");
    expect(windowStart("week", at("2026-05-10T18:15:00Z"), "Asia/Kathmandu")).toBe("2026-05-11");
  });
});

describe("windows as instants", () => {
  // A day is not 24 hours: whoever adds them opens or closes the window an hour off twice a year.
  test.each<[string, string, string, string]>([
    // Summer time begins: 23 hours.
    ["America/New_York", "2026-03-08T12:00:00Z", "2026-03-08T05:00:00.000Z", "2026-03-09T04:00:00.000Z"],
    ["Europe/London", "2026-03-29T12:00:00Z", "2026-03-29T00:00:00.000Z", "2026-03-29T23:00:00.000Z"],
    // It ends: 25 hours.
    ["America/New_York", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z"],
    ["Europe/London", "2026-10-25T12:00:00Z", "2026-10-24T23:00:00.000Z", "2026-10-26T00:00:00.000Z"],
    // On the southern half of the earth, and by half an hour.
    ["Australia/Lord_Howe", "2026-04-05T00:00:00Z", "2026-04-04T13:00:00.000Z", "2026-04-05T13:30:00.000Z"],
    ["Australia/Lord_Howe", "2026-10-04T00:00:00Z", "2026-10-03T13:30:00.000Z", "2026-10-04T13:00:00.000Z"],
    // Days that begin at one o'clock, because summer time begins at midnight.
    ["Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00.000Z", "2026-04-24T21:00:00.000Z"],
    ["America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00.000Z", "2018-11-05T02:00:00.000Z"],
    // Midnight that comes twice: the first counts.
    ["America/Havana", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z"],
    // The day before the one that Samoa left out.
    ["Pacific/Apia", "2011-12-29T20:00:00Z", "2011-12-29T10:00:00.000Z", "2011-12-30T10:00:00.000Z"],
  ])("the day in %s at %s runs from %s to %s", (timeZone, instant, start, end) => {
    expect(iso(windowStartInstant("day", at(instant), timeZone))).toBe(start);
    expect(iso(windowEndInstant("day", at(instant), timeZone))).toBe(end);
  });

  test.each<[Window, string | null, string | null]>([
    ["week", "2026-10-26T04:00:00.000Z", "2026-11-02T05:00:00.000Z"],
    ["month", "2026-10-01T04:00:00.000Z", "2026-11-01T04:00:00.000Z"],
    ["year", "2026-01-01T05:00:00.000Z", "2027-01-01T05:00:00.000Z"],
    [{ rollingDays: 1 }, "2026-10-31T04:00:00.000Z", "2026-11-01T04:00:00.000Z"],
    [{ rollingDays: 7 }, "2026-10-25T04:00:00.000Z", "2026-11-07T05:00:00.000Z"],
    ["lifetime", null, null],
    ["case", null, null],
    ["decision", null, null],
  ])("%j begins at %s, and what was spent on 31 October is back at %s", (window, start, end) => {
    const instant = at("2026-10-31T12:00:00Z");
    expect(iso(windowStartInstant(window, instant, "America/New_York"))).toBe(start);
    expect(iso(windowEndInstant(window, instant, "America/New_York"))).toBe(end);
  });

  test("the last day of a leap year and of a month leads to the first of the next", () => {
    expect(iso(windowEndInstant("year", at("2024-12-31T12:00:00Z"), "UTC"))).toBe("2025-01-01T00:00:00.000Z");
    expect(iso(windowEndInstant("year", at("2025-01-01T12:00:00Z"), "UTC"))).toBe("2026-01-01T00:00:00.000Z");
    expect(iso(windowEndInstant("month", at("2024-02-29T12:00:00Z"), "UTC"))).toBe(
      "2024-03-01T00:00:00.000Z",
    );
    expect(iso(windowEndInstant("month", at("2026-01-31T12:00:00Z"), "UTC"))).toBe(
      "2026-02-01T00:00:00.000Z",
    );
  });
});
