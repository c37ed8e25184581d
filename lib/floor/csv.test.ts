import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COLUMNS } from "@/lib/floor/schema";
import type { ActionRow } from "@/lib/insights/types";
import { cellText, csvHeader, csvRows } from "./csv";

const ROW: ActionRow = {
  id: "019dfed3-ae0b-7395-b6a2-e64a63b23991",
  at: "2026-03-08T19:05:09.123Z",
  employee: "Robin Okonkwo",
  customer: "José “Pepe” Álvarez",
  remedy: "fee_waiver",
  amount: 123_450,
  asked: 200_000,
  currency: "USD",
  verdict: "handover",
  status: "posted",
  cause: "late delivery",
  causeName: "Late delivery",
  team: "Stores",
  channel: "in_person",
  orderRef: "AF-1",
  note: 'Said "no", then\r\ncame back, twice',
  policyVersion: 3,
  review: "limit_wrong",
};
const timeZone = "America/New_York";

const read = (text: string) => parse(text, { bom: true }) as string[][];

// Risk: a name that a customer typed runs as a formula on a manager's machine.
describe("a cell", () => {
  it.each([
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\nx",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u00a0＝1",
  ])("that begins like a formula (%j) begins with an apostrophe", (text) => {
    expect(cellText(text)).toBe(`'${text}`);
  });

  it("that would begin one where another sign parts the cells has an apostrophe there", () => {
    expect(cellText("a;=HYPERLINK(1)")).toBe("a;'=HYPERLINK(1)");
    expect(cellText("a;b\t +1")).toBe("a;b\t' +1");
  });

  it("never begins like a formula, whatever was typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(cellText(text)).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u);
      }),
    );
  });

  it("of ordinary words stays as it is", () => {
    for (const text of ["", "José", "a-b", "a = b", "مرحبا", "👩‍👩‍👧", "<b>x</b>", "5,000"])
      expect(cellText(text)).toBe(text);
  });
});

// Risk: somebody adds up a file that says something else than the list.
describe("the file", () => {
  it("says of each row what the list shows, in plain numbers and moments that a program reads", () => {
    const [head, row, ...rest] = read(csvHeader(COLUMNS) + csvRows([ROW], COLUMNS, { timeZone }));
    expect(rest).toEqual([]);
    expect(Object.fromEntries((head ?? []).map((name, index) => [name, row?.[index]]))).toEqual({
      Time: "2026-03-08T15:05:09-04:00",
      Decision: ROW.id,
      Employee: "Robin Okonkwo",
      Customer: "José “Pepe” Álvarez",
      Remedy: "Waive a fee",
      Amount: "1234.50",
      Currency: "USD",
      "Asked for": "2000.00",
      Verdict: "Handed over",
      Status: "Done",
      Cause: "Late delivery",
      "Cause on record": "late delivery",
      Review: "The limit was wrong",
      Team: "Stores",
      Channel: "In person",
      Order: "AF-1",
      Note: 'Said "no", then\r\ncame back, twice',
      Policy: "3",
    });
  });

  it("has every cell in quotes and ends lines as RFC 4180 says, so that what was typed parts nothing", () => {
    const text = csvRows([{ ...ROW, customer: 'a","b\n"c"' }], ["time", "customer"], { timeZone });
    expect(text).toBe(`"2026-03-08T15:05:09-04:00","${ROW.id}","a"",""b\n""c"""\r\n`);
  });

  it("has the columns that are shown and no other", () => {
    expect(read(csvHeader(["time", "cause"]))).toEqual([["Time", "Decision", "Cause", "Cause on record"]]);
    const none = { ...ROW, cause: null, causeName: null };
    expect(read(csvRows([none], ["cause"], { timeZone }))).toEqual([["", ""]]);
    const free = { ...ROW, causeName: null };
    expect(read(csvRows([free], ["cause"], { timeZone }))).toEqual([["late delivery", "late delivery"]]);
    expect(csvRows([], ["cause"], { timeZone })).toBe("");
  });

  it("keeps the decimals of each currency", () => {
    const amount = (currency: string) =>
      read(csvRows([{ ...ROW, amount: 1234, currency }], ["amount"], { timeZone }))[0];
    expect(amount("JPY")).toEqual(["1234", "JPY", "200000"]);
    expect(amount("KWD")).toEqual(["1.234", "KWD", "200.000"]);
  });
});
