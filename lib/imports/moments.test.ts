import { describe, expect, it } from "vitest";
import { createMomentReader, dateFormatFault } from "./moments";

const today = new Date("2026-06-01T00:00:00Z");

function iso(text: string, timeZone: string, format?: string): string | null {
  const at = createMomentReader({ format, timeZone, today })(text);
  return at === null ? null : new Date(at).toISOString();
}

describe("reading a moment", () => {
  it("takes a form's clock for that of the time zone", () => {
    const form = "dd/MM/yyyy HH:mm";
    expect(iso("01/12/2010 08:26", "Europe/London", form)).toBe("2010-12-01T08:26:00.000Z");
    expect(iso("01/07/2010 08:26", "Europe/London", form)).toBe("2010-07-01T07:26:00.000Z");
    expect(iso("01/12/2010 08:26", "Asia/Kathmandu", form)).toBe("2010-12-01T02:41:00.000Z");
    expect(iso("01/12/2010 08:26", "Pacific/Apia", form)).toBe("2010-12-01T18:26:00.000Z");
    expect(iso("3.4.26", "Europe/Berlin", "d.M.yy")).toBe("2026-04-02T22:00:00.000Z");
  });

  it("takes ISO 8601 without a form, and its offset before the time zone", () => {
    expect(iso("2026-03-31", "America/New_York")).toBe("2026-03-31T04:00:00.000Z");
    expect(iso("2026-03-31 18:00", "America/New_York")).toBe("2026-03-31T22:00:00.000Z");
    expect(iso("2026-03-31T18:00:00Z", "America/New_York")).toBe("2026-03-31T18:00:00.000Z");
    expect(iso("2026-03-31T18:00:00.5+05:45", "America/New_York")).toBe("2026-03-31T12:15:00.500Z");
  });

  // Risk: a night's orders vanish twice a year, or fall on the day before.
  it("finds a moment for hours that summer time skips or repeats, and for days without a midnight", () => {
    const form = "yyyy-MM-dd HH:mm";
    expect(iso("2021-03-14 02:30", "America/New_York", form)).toBe("2021-03-14T07:30:00.000Z");
    expect(["2021-11-07T05:30:00.000Z", "2021-11-07T06:30:00.000Z"]).toContain(
      iso("2021-11-07 01:30", "America/New_York", form),
    );
    expect(iso("2017-10-15 00:00", "America/Sao_Paulo", form)).toBe("2017-10-15T03:00:00.000Z");
  });

  it("refuses days that there are not, and years that nobody meant", () => {
    expect(iso("30/02/2010 08:26", "Europe/London", "dd/MM/yyyy HH:mm")).toBeNull();
    expect(iso("01/12/10 08:26", "Europe/London", "dd/MM/yyyy HH:mm")).toBeNull();
    expect(iso("01/12/2010", "Europe/London", "dd/MM/yyyy HH:mm")).toBeNull();
    for (const text of [
      "2026-02-30",
      "2026-02-30T10:00:00Z",
      "31.03.2026",
      "",
      "tomorrow",
      "2026-03-31T25:00",
    ]) {
      expect(iso(text, "Europe/London"), text).toBeNull();
    }
  });
});

describe("a date format", () => {
  it("is taken when it says the whole day", () => {
    for (const form of ["dd/MM/yyyy HH:mm", "d.M.yy", "yyyy-MM-dd'T'HH:mm:ssXXX", "d. MMM yyyy"]) {
      expect(dateFormatFault(form), form).toBeNull();
    }
  });

  it("is refused with what to write instead", () => {
    expect(dateFormatFault("DD/MM/YYYY")).toBe("Write the year as yyyy and the day as dd.");
    for (const form of ["", "HH:mm", "MM/yyyy", "dd/MM", "n"]) {
      expect(dateFormatFault(form), form).toContain("day, month and year");
    }
  });
});
