import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SimulationRow } from "@/lib/discretion/simulate";
import { readRequests } from "./requests";
import type { CsvFile, LineFault } from "./types";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-requests-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(content: string | Uint8Array, options: Omit<CsvFile, "path"> = {}) {
  const path = join(folder, "requests.csv");
  writeFileSync(path, content);
  const faults: LineFault[] = [];
  const { requests, unknownColumns } = await readRequests(
    { path, ...options },
    { onFault: (fault) => faults.push(fault) },
  );
  const rows: SimulationRow[] = [];
  for (let place = 0; place < requests.count(); place++) rows.push(requests.rowAt(place));
  return { rows, faults, unknownColumns };
}

const HEADER = "at,employee,customer,remedy,amount";
const LINE = "2026-03-02T09:00:00Z,e1,c1,credit,100";

/** Where the one line of a file with one more column is at fault; null where it is read. */
async function faultOf(field: string, value: string): Promise<string | null> {
  const values: Record<string, string> = { at: "2026-03-02T09:00:00Z", employee: "e1", customer: "c1" };
  Object.assign(values, { remedy: "credit", amount: "100", [field]: value });
  const content = `${Object.keys(values).join(",")}\n${Object.values(values)
    .map((text) => `"${text}"`)
    .join(",")}\n`;
  const { faults, rows } = await read(content);
  expect(faults.length + rows.length).toBe(1);
  expect(faults[0]?.line ?? 2).toBe(2);
  return faults[0]?.column ?? null;
}

describe("a request", () => {
  it("has what its line says, and nothing where the line says nothing", async () => {
    const { rows } = await read(
      [
        `${HEADER},id,role,team,tier,order,orderPaid,orderAt,case,cause,channel,currency,note,tenureDays`,
        `${LINE},r1,manager,north,gold,o1,5000,2026-01-02T03:04:05+02:00,k1,carrier,phone,EUR,"Waited, long",12`,
        `${LINE},,,,,,,,,,,,,`,
      ].join("\n"),
    );
    const common = {
      at: Date.UTC(2026, 2, 2, 9),
      ...{ employee: "e1", customer: "c1", remedy: "credit", amount: 100 },
    };
    expect(rows).toEqual([
      {
        ...common,
        ...{ id: "r1", role: "manager", team: "north", tier: "gold", order: "o1", orderPaid: 5_000 },
        orderAt: Date.UTC(2026, 0, 2, 1, 4, 5),
        ...{ case: "k1", cause: "carrier", channel: "phone", currency: "EUR", tenureDays: 12 },
      },
      {
        ...common,
        ...{ id: "3", role: null, team: null, tier: null, order: null, orderPaid: null, orderAt: null },
        ...{ case: null, cause: null, channel: null, currency: null, tenureDays: null },
      },
    ]);
    const bare = await read(`${HEADER}\n${LINE}\n`);
    expect(bare.rows).toEqual([{ ...rows[1], id: "2" }]);
  });

  it("without an id goes by the number of its line, as an editor counts it", async () => {
    const { rows } = await read(
      [
        `${HEADER},id,note`,
        `${LINE},,"a reason",`,
        `${LINE},,"one that goes\nover three\nlines"`,
        "",
        `${LINE},own,x`,
        `${LINE}, ,x`,
      ].join("\r\n"),
    );
    expect(rows.map(({ id }) => id)).toEqual(["2", "3", "own", "8"]);
  });

  it.each([
    ["amount", ["0", "-1", "25.00", "1,500", "1e3", "+5", "$5", "9007199254740992", "", "five", "٥"]],
    ["at", ["", "2026-03-02T09:00:00", "2026-03-02", "02/03/2026 09:00Z", "2026-02-30T09:00:00Z", "now"]],
    ["employee", [""]],
    ["customer", ["", "  "]],
    ["remedy", ["", "hug", "Credit", "refunds"]],
    ["role", ["Agent", "boss"]],
    ["orderPaid", ["-1", "1.5", "9007199254740992"]],
    ["orderAt", ["2026-03-02", "soon"]],
    ["tenureDays", ["-1", "0.5", "a year"]],
    ["currency", ["usd", "US$", "XXZ"]],
  ])("cannot be read with this %s: %j", async (field, values) => {
    for (const value of values) expect(await faultOf(field, value), value).toBe(field);
  });

  it("may be for the largest amount that a number carries, at the limits of what may be empty", async () => {
    expect(await faultOf("amount", "9007199254740991")).toBeNull();
    expect(await faultOf("amount", " 100 ")).toBeNull();
    expect(await faultOf("orderPaid", "0")).toBeNull();
    expect(await faultOf("tenureDays", "0")).toBeNull();
    expect(await faultOf("role", "auditor")).toBeNull();
  });

  it("may cost nothing where it carries a cost, and only there", async () => {
    const zero = (remedy: string) => read(`${HEADER}\n2026-03-02T09:00:00Z,e,c,${remedy},0\n`);
    for (const remedy of ["replacement", "upgrade", "limit_extension", "gift"]) {
      expect((await zero(remedy)).rows, remedy).toMatchObject([{ amount: 0 }]);
    }
    for (const remedy of ["refund", "credit", "fee_waiver"]) {
      expect((await zero(remedy)).faults, remedy).toMatchObject([{ line: 2, column: "amount" }]);
    }
  });
});

describe("a file of requests", () => {
  it("reads the same with a byte order mark, with the line ends of Windows, and with another delimiter", async () => {
    const expected = (await read(`${HEADER}\n${LINE}\n`)).rows;
    expect((await read(`\ufeff${HEADER}\r\n${LINE}\r\n`)).rows).toEqual(expected);
    expect((await read(`${HEADER}\n${LINE}`.replaceAll(",", ";"), { delimiter: ";" })).rows).toEqual(
      expected,
    );
    const utf16 = Buffer.from(`\ufeff${HEADER}\n${LINE}`, "utf16le");
    expect((await read(utf16, { encoding: "utf-16le" })).rows).toEqual(expected);
  });

  it("may hold nothing but its header", async () => {
    expect(await read(`${HEADER}\n`)).toEqual({ rows: [], faults: [], unknownColumns: [] });
    await expect(read("")).rejects.toThrow("is empty");
  });

  it("has every line named that cannot be read, and the columns that mean nothing", async () => {
    const { faults, unknownColumns } = await read(
      [
        `${HEADER},orderpaid,`,
        `${LINE.replace("100", "x")},,`,
        `${LINE},,`,
        `${LINE.replace("credit", "")},,`,
      ].join("\n"),
    );
    expect(faults).toEqual([
      {
        line: 2,
        column: "amount",
        problem: expect.stringContaining("whole number of minor units"),
        value: "x",
      },
      { line: 4, column: "remedy", problem: expect.stringContaining("Write one of: refund,"), value: "" },
    ]);
    expect(unknownColumns).toEqual(["orderpaid"]);
  });

  // Risk: which of two columns counted is nowhere to be seen.
  it("is refused without a required column, or with one that is there twice", async () => {
    await expect(read("at,employee,customer\n")).rejects.toThrow("has no column remedy, amount");
    await expect(read(`${HEADER},amount\n${LINE},5\n`)).rejects.toThrow('two columns "amount"');
    await expect(read(`${HEADER},id,id\n${LINE},5,6\n`)).rejects.toThrow('two columns "id"');
  });
});
