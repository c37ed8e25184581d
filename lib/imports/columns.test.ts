import { describe, expect, it } from "vitest";
import { findColumns, parseMap } from "./columns";
import type { UnusableFile } from "./types";

const FIELDS = { known: ["order", "customer", "amount"], required: ["order", "customer"] } as const;
const file = { path: "orders.csv" };

function find(map: Record<string, string>, header: string[], delimiter?: string) {
  try {
    const columns = findColumns(new Map(Object.entries(map)), { header }, { ...file, delimiter }, FIELDS);
    return Object.fromEntries([...columns].map(([field, { index }]) => [field, index]));
  } catch (error) {
    const { message, advice } = error as UnusableFile;
    return `${message} ${advice}`;
  }
}

describe("a map of columns", () => {
  it("is read from pairs, several options and quoted names", () => {
    expect(parseMap(["order=Invoice No, customer = Who", '"amount=Total, net"'])).toEqual({
      ok: true,
      map: new Map([
        ["order", "Invoice No"],
        ["customer", "Who"],
        ["amount", "Total, net"],
      ]),
    });
    expect(parseMap(["date=Date = day"])).toEqual({ ok: true, map: new Map([["date", "Date = day"]]) });
  });

  it("is refused where a pair is none or a field comes twice", () => {
    for (const text of ["order", "=x", "order=", "order=a,,", "", "order=a,order=b"]) {
      expect(parseMap([text]).ok, text).toBe(false);
    }
  });

  it("finds the columns, and takes columns by the fields' names where it is empty", () => {
    expect(find({ order: "No", customer: "Who" }, ["Who", "What", "No"])).toEqual({ order: 2, customer: 0 });
    expect(find({}, ["customer", "order", "else"])).toEqual({ order: 1, customer: 0 });
  });

  it("says what is unknown, missing or there twice, and what there is", () => {
    expect(find({ total: "x" }, ["x"])).toBe(
      'There is no field "total". The fields that --map can name are: order, customer, amount.',
    );
    expect(find({ order: "Nr", customer: "Who" }, ["No", "Who"])).toBe(
      'orders.csv has no column "Nr". Its columns are: No, Who.',
    );
    expect(find({ order: "No", customer: "Who" }, ["No", "Who", "No"])).toContain('two columns "No"');
    expect(find({ order: "No" }, ["No", "Who"])).toBe(
      "Nothing says which column holds: customer. Add --map customer=Column. Its columns are: No, Who.",
    );
  });

  it("suspects another delimiter where the header is one long column", () => {
    expect(find({ order: "No" }, ["No;Who"])).toContain("add --delimiter ';'");
    expect(find({ order: "No" }, ["No\tWho"])).toContain("add --delimiter tab");
    expect(find({ order: "No" }, ["No,Who"], ";")).toContain("add --delimiter ','");
  });
});
