import { describe, expect, it } from "vitest";
import { floorHref, readFloorSearch } from "./schema";

const TODAY = "2026-03-31";
const ID = "019dfed3-ae0b-7395-b6a2-e64a63b23991";

// The risk: an address that somebody mistyped or shortened breaks the page, or quietly shows other rows than it says.
describe("the address of the floor", () => {
  it("is read filter by filter", () => {
    const search = readFloorSearch(
      {
        verdict: "deny",
        remedy: "refund",
        employee: ID,
        minAmount: "2500",
        from: "2026-03-01",
        to: "2026-03-31",
      },
      TODAY,
    );
    expect(search.filter).toEqual({
      verdict: "deny",
      remedy: "refund",
      employee: ID,
      minAmount: 2500,
      from: "2026-03-01",
      to: "2026-03-31",
    });
    expect(search.faults).toEqual([]);
  });

  it("leaves out what it can't read, names it, and keeps the rest", () => {
    const search = readFloorSearch(
      {
        verdict: "maybe",
        remedy: "refund",
        minAmount: "-5",
        from: "yesterday",
        days: "365",
        policyVersion: "x",
      },
      TODAY,
    );
    expect(search.filter).toEqual({ remedy: "refund" });
    expect(search.faults).toEqual(["days", "from", "verdict", "minAmount", "policyVersion"]);
  });

  it("takes one of a few words, or several with commas between, and none that it doesn't know", () => {
    expect(readFloorSearch({ status: "declined", check: "guest-day" }, TODAY).filter).toEqual({
      status: "declined",
      check: "guest-day",
    });
    const several = { verdict: "allow,bend", status: "posted,reversed,posted", answer: "approved,adjusted" };
    expect(readFloorSearch(several, TODAY)).toMatchObject({
      filter: {
        verdict: ["allow", "bend"],
        status: ["posted", "reversed"],
        answer: ["approved", "adjusted"],
      },
      given: several,
      faults: [],
    });
    const wrong = { status: "posted,gone", verdict: "allow,", ids: `${ID},x`, without: "money" };
    expect(readFloorSearch(wrong, TODAY)).toMatchObject({
      filter: {},
      faults: ["verdict", "status", "without", "ids"],
    });
    expect(readFloorSearch({ ids: Array(101).fill(ID).join(",") }, TODAY).faults).toEqual(["ids"]);
  });

  it("takes each filter once only", () => {
    expect(readFloorSearch({ verdict: ["deny", "bend"] }, TODAY)).toMatchObject({
      filter: {},
      faults: ["verdict"],
    });
  });

  it("lets nothing through that the database can't take", () => {
    const search = readFloorSearch({ cause: "a\u0000b", policyVersion: "99999999999" }, TODAY);
    expect(search).toMatchObject({ filter: {}, faults: ["cause", "policyVersion"] });
  });

  it("counts a preset back from today, today included", () => {
    expect(readFloorSearch({ days: "1" }, TODAY).filter).toEqual({ from: "2026-03-31" });
    expect(readFloorSearch({ days: "30" }, TODAY).filter).toEqual({ from: "2026-03-02" });
  });

  it("lets days that are named stand before a preset", () => {
    const search = readFloorSearch({ days: "7", from: "2026-01-01" }, TODAY);
    expect(search.filter).toEqual({ from: "2026-01-01" });
    expect(search.given).toEqual({ from: "2026-01-01" });
  });

  it("refuses an end before the beginning, and allows the same day", () => {
    expect(readFloorSearch({ from: "2026-03-31", to: "2026-03-30" }, TODAY).faults).toEqual(["to"]);
    expect(readFloorSearch({ from: "2026-03-31", to: "2026-03-31" }, TODAY).faults).toEqual([]);
  });

  it("ignores parameters that are not its own", () => {
    expect(readFloorSearch({ utm: "x" }, TODAY)).toEqual({ filter: {}, given: {}, faults: [] });
  });

  it("is written so that it reads the same again", () => {
    const written = floorHref({ verdict: "deny", cause: "späte Lieferung & co" });
    const params = Object.fromEntries(new URL(written, "http://localhost").searchParams);
    const search = readFloorSearch(params, TODAY);
    expect(search.filter).toEqual({ verdict: "deny", cause: "späte Lieferung & co" });
    expect(floorHref({})).toBe("/floor");
  });
});
