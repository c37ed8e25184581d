import { describe, expect, it } from "vitest";
import {
  COLUMNS,
  columnsText,
  cursorText,
  DEFAULT_COLUMNS,
  queryText,
  readTableSearch,
  tableHref,
  viewQuery,
} from "./schema";

const TODAY = "2026-03-31";
const ID = "019dfed3-ae0b-7395-b6a2-e64a63b23991";

// Risk: an address that was shortened, mistyped or made by hand breaks the list, or shows another one than it says.
describe("the address of the list", () => {
  it("is read with its order, its columns and its place, and reads the same when it is written again", () => {
    const params = {
      verdict: "deny",
      sort: "amount",
      columns: "time,note,employee",
      cursor: `${ID}_2500`,
      view: ID,
    };
    const search = readTableSearch(params, TODAY);
    expect(search).toMatchObject({
      filter: { verdict: "deny" },
      sort: "amount",
      columns: ["time", "employee", "note"],
      cursor: { id: ID, amount: 2500 },
      view: ID,
    });
    const href = tableHref(viewQuery(search), { cursor: cursorText({ id: ID, amount: 2500 }), view: ID });
    const again = readTableSearch(Object.fromEntries(new URL(href, "http://localhost").searchParams), TODAY);
    expect(again).toEqual(search);
  });

  it("always shows the moment, which opens a row, and the usual columns where it names none that there are", () => {
    expect(readTableSearch({ columns: "note" }, TODAY).columns).toEqual(["time", "note"]);
    for (const columns of ["", "nothing", "note;drop", ["note", "cause"]]) {
      expect(readTableSearch({ columns }, TODAY).columns).toEqual(DEFAULT_COLUMNS);
    }
    expect(readTableSearch({ columns: COLUMNS.join(",") }, TODAY).columns).toEqual(COLUMNS);
  });

  it("begins at the first row where the place is none, or one of another order", () => {
    for (const [sort, cursor] of [
      ["newest", "'; drop table"],
      ["newest", `${ID}_25`],
      ["amount", ID],
      ["amount", `${ID}_-1`],
      ["amount", `${ID}_1_2`],
      ["oldest", "%00"],
    ]) {
      expect([cursor, readTableSearch({ sort, cursor }, TODAY).cursor]).toEqual([cursor, null]);
    }
  });

  it("says nothing of what is as it begins", () => {
    expect(columnsText(DEFAULT_COLUMNS)).toBeNull();
    expect(viewQuery(readTableSearch({ sort: "newest", cursor: ID, view: ID, utm: "x" }, TODAY))).toEqual({});
    expect(tableHref({})).toBe("/floor");
  });

  it("is one text for one view, in whatever order its parts were set", () => {
    expect(queryText({ sort: "oldest", verdict: "deny" })).toBe(
      queryText({ verdict: "deny", sort: "oldest" }),
    );
  });
});
