import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CollectedOrders, collectOrders, type OrdersRequest } from "./orders";
import type { LineFault } from "./types";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-orders-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function collect(
  content: string,
  options: Partial<OrdersRequest> = {},
): Promise<CollectedOrders & { faults: LineFault[] }> {
  const path = join(folder, "orders.csv");
  writeFileSync(path, content);
  const faults: LineFault[] = [];
  const collected = await collectOrders({
    organizationId: "",
    file: { path },
    map: new Map(),
    dryRun: false,
    at: new Date("2026-06-01T00:00:00Z"),
    onFault: (fault) => faults.push(fault),
    onProgress: () => undefined,
    currency: "USD",
    timeZone: "America/New_York",
    ...options,
  });
  return { ...collected, faults };
}

describe("the lines of a file", () => {
  it("are summed up by order, wherever they stand, and the earliest date counts", async () => {
    const { orders } = await collect(
      [
        "order,customer,date,quantity,unitPrice",
        "A,c1,2026-03-02,2,1.25",
        "B,c2,2026-03-01,1,0.10",
        "A,c1,2026-03-01T09:00:00Z,3,0.333",
        "A,c1,2026-03-03,-1,0.50",
      ].join("\n"),
    );
    expect(orders.map(({ ref, amount, lines, line }) => [ref, amount, lines, line])).toEqual([
      ["A", 300, 3, 2],
      ["B", 10, 1, 3],
    ]);
    expect(new Date(orders[0]?.placedAt ?? 0).toISOString()).toBe("2026-03-01T09:00:00.000Z");
  });

  it("make a refund of the past where they come out negative, and an order where they come out as nothing", async () => {
    const { orders, refunds } = await collect(
      "order,customer,amount\nC1,c1,-5\nZ,c1,4\nZ,c1,-4\nC1,c1,1.99\nP,c1,0\n",
    );
    expect(orders.map(({ ref, amount }) => [ref, amount])).toEqual([
      ["Z", 0],
      ["P", 0],
    ]);
    expect(refunds.map(({ ref, amount }) => [ref, amount])).toEqual([["C1", -301]]);
  });

  it("are read with a decimal comma and in the currency that they name, by its own decimals", async () => {
    const { orders } = await collect(
      'order,customer,amount,currency\nA,c1,"1.234,50",EUR\nB,c1,1200,JPY\nC,c1,"1,2345",KWD\nD,c1,2,\n',
      { decimal: "," },
    );
    expect(orders.map(({ amount, currency }) => [amount, currency])).toEqual([
      [123_450, "EUR"],
      [1_200, "JPY"],
      [1_235, "KWD"],
      [200, "USD"],
    ]);
  });

  it("without a customer are counted apart, even where they cannot be read otherwise", async () => {
    const { orders, noCustomer, broken } = await collect(
      "order,customer,amount\nA,,1\nA, ,rubbish\nA,c1,2\nshort,\n",
    );
    expect({ noCustomer, broken, amounts: orders.map(({ amount }) => amount) }).toEqual({
      noCustomer: 2,
      broken: 1,
      amounts: [200],
    });
  });

  it("that cannot be read are named with line, column and value, by the file's own names", async () => {
    const { faults, broken } = await collect(
      [
        "No,Who,When,Pieces,Price,Mail,Cur",
        "A,c1,2026-03-02,x,1,,",
        "A,c1,2026-03-02,1,1;5,,",
        "A,c1,02.03.2026,1,1,,",
        ",c1,2026-03-02,1,1,,",
        "A,c1,2026-03-02,1,1,nobody,",
        "A,c1,2026-03-02,1,1,,usd",
        `${"9".repeat(201)},c1,2026-03-02,1,1,,`,
      ].join("\n"),
      {
        map: new Map([
          ["order", "No"],
          ["customer", "Who"],
          ["date", "When"],
          ["quantity", "Pieces"],
          ["unitPrice", "Price"],
          ["customerEmail", "Mail"],
          ["currency", "Cur"],
        ]),
      },
    );
    expect(broken).toBe(7);
    expect(faults.map(({ line, column, value }) => [line, column, value?.slice(0, 10)])).toEqual([
      [2, "Pieces", "x"],
      [3, "Price", "1;5"],
      [4, "When", "02.03.2026"],
      [5, "No", ""],
      [6, "Mail", "nobody"],
      [7, "Cur", "usd"],
      [8, "No", "9999999999"],
    ]);
  });

  it("that contradict their order are left out of it", async () => {
    const { orders, faults } = await collect(
      "order,customer,amount,currency\nA,c1,1,USD\nA,c2,1,USD\nA,c1,1,EUR\nA,c1,1,USD\n",
    );
    expect(orders.map(({ amount, customer }) => [amount, customer])).toEqual([[200, "c1"]]);
    expect(faults.map(({ line, problem }) => [line, problem])).toEqual([
      [3, "Order A has another customer in line 2."],
      [4, "Order A has another currency in line 2."],
    ]);
  });

  it("whose sum is more than can be counted are all broken", async () => {
    const huge = "9007199254740991";
    const { orders, broken, faults } = await collect(
      `order,customer,amount\nA,c1,${huge}\nA,c1,1\nB,c1,90071992547409.91\n`,
    );
    expect(orders.map(({ ref, amount }) => [ref, amount])).toEqual([["B", Number.MAX_SAFE_INTEGER]]);
    expect([broken, faults.length]).toEqual([2, 1]);
  });

  it("tell of a customer what the first of them says", async () => {
    const { customers } = await collect(
      "order,customer,amount,customerName,customerEmail\nA,c1,1,,\nB,c1,1,Zoë Nwosu,zoe@example.com\nC,c1,1,Somebody Else,\nD,c2,1,,\n",
    );
    expect(customers.get("c1")).toEqual({ name: "Zoë Nwosu", email: "zoe@example.com", phone: null });
    expect(customers.get("c2")?.name).toBeNull();
  });
});

describe("a map", () => {
  it("says once what a line costs", async () => {
    await expect(collect("order,customer\nA,c1\n")).rejects.toThrow("Nothing says what a line costs.");
    await expect(collect("order,customer,quantity\nA,c1,2\n")).rejects.toThrow(
      "Nothing says what a line costs.",
    );
    await expect(collect("order,customer,amount,unitPrice\nA,c1,1,1\n")).rejects.toThrow("named twice");
  });
});
