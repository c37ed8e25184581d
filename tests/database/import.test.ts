import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tenantDb } from "@/lib/db/prisma";
import { decide } from "@/lib/decisions/decide";
import { importCustomers } from "@/lib/imports/import-customers";
import { importEmployees } from "@/lib/imports/import-employees";
import { importOrders } from "@/lib/imports/import-orders";
import type { OrdersRequest } from "@/lib/imports/orders";
import type { ImportRequest, LineFault } from "@/lib/imports/types";
import { createCustomer } from "../factories/customers";
import { createEmployee } from "../factories/employees";
import { createOrder } from "../factories/orders";
import { createOrganization, type MadeOrganization } from "../factories/organizations";
import { testDatabase } from "../setup/database";

const REAL_FILE = join(import.meta.dirname, "..", "..", "..", "shared", "data", "online-retail-2010-12.csv");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-import-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function request(
  { organizationId }: MadeOrganization,
  content: string,
  options: { dryRun?: boolean } = {},
): ImportRequest & { faults: LineFault[] } {
  const path = join(folder, "file.csv");
  writeFileSync(path, content);
  const faults: LineFault[] = [];
  return {
    organizationId,
    file: { path },
    map: new Map(),
    dryRun: options.dryRun ?? false,
    at: new Date(),
    onFault: (fault) => faults.push(fault),
    onProgress: () => undefined,
    faults,
  };
}

function ordersRequest(
  organization: MadeOrganization,
  content: string,
  options: Partial<OrdersRequest> = {},
): OrdersRequest & { faults: LineFault[] } {
  const { currency, timeZone } = organization;
  return { ...request(organization, content), currency, timeZone, ...options };
}

/** Everything that an import may write, as the database's owner sees it. */
async function rowsOf({ organizationId }: MadeOrganization): Promise<unknown> {
  const tables = ["customers", "orders", "customer_terms", "employees", "teams", "audit_events"];
  const found: Record<string, unknown> = {};
  for (const table of tables) {
    const { rows } = await testDatabase().pool.query(
      `select to_jsonb(t) as row from ${table} t where organization_id = $1 order by to_jsonb(t)::text`,
      [organizationId],
    );
    found[table] = rows;
  }
  return found;
}

describe("an import of orders", () => {
  const FILE = [
    "order,customer,date,amount,customerName,customerEmail",
    "1,c1,2026-03-01,10,Zoë Nwosu,zoe@example.com",
    "2,c2,2026-03-02,20.50,,",
    "1,c1,2026-03-03,5,,",
    "3,,2026-03-03,5,,",
    "R1,c3,2026-03-03,-7.25,,",
    "4,c2,nonsense,5,,",
  ].join("\n");

  it("writes orders and the customers who are new, and the same file again changes nothing", async () => {
    const organization = await createOrganization();
    await createCustomer(organization, { ref: "c2", name: "Known Already" });
    const first = await importOrders(ordersRequest(organization, FILE));
    expect(first.report).toEqual({
      created: 2,
      updated: 0,
      unchanged: 0,
      customers: 2,
      sum: { USD: 3_550 },
      leftOut: { noCustomer: 1, broken: 1, refunds: 1, refundsSum: { USD: -725 } },
    });
    expect(first.refunds).toEqual([
      {
        at: "2026-03-03T00:00:00.000-05:00",
        employee: "unknown",
        customer: "c3",
        remedy: "refund",
        amount: 725,
        id: "R1",
        currency: "USD",
      },
    ]);
    const orders = await tenantDb(organization.organizationId).order.findMany({
      orderBy: { externalRef: "asc" },
      include: { customer: true },
    });
    expect(
      orders.map((o) => [
        o.externalRef,
        Number(o.amountPaid),
        o.currency,
        o.placedAt?.toISOString(),
        o.customer.name,
      ]),
    ).toEqual([
      ["1", 1_500, "USD", "2026-03-01T05:00:00.000Z", "Zoë Nwosu"],
      ["2", 2_050, "USD", "2026-03-02T05:00:00.000Z", "Known Already"],
    ]);

    const before = await rowsOf(organization);
    const again = await importOrders(ordersRequest(organization, FILE));
    expect(again.report).toEqual({ ...first.report, created: 0, unchanged: 2 });
    expect(await rowsOf(organization)).toEqual(before);
  });

  it("counts the same as a dry run, which writes nothing", async () => {
    const organization = await createOrganization();
    const before = await rowsOf(organization);
    const dry = await importOrders(ordersRequest(organization, FILE, { dryRun: true }));
    expect(await rowsOf(organization)).toEqual(before);
    expect((await importOrders(ordersRequest(organization, FILE))).report).toEqual(dry.report);

    const changed = FILE.replace("20.50", "21.50");
    const dryAgain = await importOrders(ordersRequest(organization, changed, { dryRun: true }));
    expect(dryAgain.report).toMatchObject({ created: 0, updated: 1, unchanged: 1 });
    expect((await importOrders(ordersRequest(organization, changed))).report).toEqual(dryAgain.report);
  });

  // Risk: an order moves to another customer, and with it the refund that somebody else was given.
  it("leaves customer and currency of an order that was decided on, and says so", async () => {
    const organization = await createOrganization();
    const agent = await createEmployee(organization);
    const customer = await createCustomer(organization, { ref: "c1" });
    const order = await createOrder(organization, { customer: "c1", ref: "1", amountPaid: 1_000 });
    await createOrder(organization, { customer: "c1", ref: "2", amountPaid: 1_000 });
    const decided = await decide({
      actor: agent.actor,
      input: { customer: customer.id, order: order.id, remedy: "refund", amount: 500, currency: "USD" },
      idempotencyKey: "one",
      now: new Date(),
    });
    expect(decided.ok).toBe(true);

    const moved = ordersRequest(organization, "order,customer,amount\n1,other,10\n1,other,1\n2,other,10\n");
    const { report } = await importOrders(moved);
    expect(report).toMatchObject({ created: 0, updated: 1, unchanged: 0, customers: 1, sum: { USD: 1_000 } });
    expect(report.leftOut.broken).toBe(2);
    expect(moved.faults).toEqual([expect.objectContaining({ line: 2, column: "customer", value: "1" })]);
    const kept = await tenantDb(organization.organizationId).order.findMany({
      orderBy: { externalRef: "asc" },
      include: { customer: true },
    });
    expect(kept.map((o) => [o.externalRef, o.customer.externalRef, Number(o.amountPaid)])).toEqual([
      ["1", "c1", 1_000],
      ["2", "other", 1_000],
    ]);

    const larger = await importOrders(ordersRequest(organization, "order,customer,amount\n1,c1,12.34\n"));
    expect(larger.report).toMatchObject({ updated: 1, leftOut: { broken: 0 } });
  });

  it("writes nothing of a file that turns out unusable at its end", async () => {
    const organization = await createOrganization();
    const before = await rowsOf(organization);
    const broken = ordersRequest(organization, "");
    writeFileSync(
      broken.file.path,
      Buffer.concat([Buffer.from("order,customer,amount\n1,c1,1\n2,c2,"), Buffer.from([0xa3])]),
    );
    await expect(importOrders(broken)).rejects.toThrow("Line 3 has bytes that are not UTF-8.");
    expect(await rowsOf(organization)).toEqual(before);
  });

  it("may run twice at once and writes each order once", async () => {
    const organization = await createOrganization();
    const lines = Array.from({ length: 1_200 }, (_, i) => `${i},c${i % 97},${i % 50}`);
    const shuffled = [...lines].reverse();
    const path = join(folder, "second.csv");
    writeFileSync(path, `order,customer,amount\n${shuffled.join("\n")}\n`);
    const first = ordersRequest(organization, `order,customer,amount\n${lines.join("\n")}\n`);
    const [a, b] = await Promise.all([importOrders(first), importOrders({ ...first, file: { path } })]);
    expect(a.report.created + b.report.created).toBe(1_200);
    expect(a.report.unchanged + b.report.unchanged).toBe(1_200);
    expect(await tenantDb(organization.organizationId).order.count()).toBe(1_200);
    expect(await tenantDb(organization.organizationId).customer.count()).toBe(97);
  });

  it("stays inside its organization, though the references are the same", async () => {
    const [mine, theirs] = [await createOrganization(), await createOrganization()];
    await importOrders(ordersRequest(theirs, FILE));
    const before = await rowsOf(theirs);
    const { report } = await importOrders(ordersRequest(mine, FILE));
    expect(report.created).toBe(2);
    expect(await rowsOf(theirs)).toEqual(before);
  });
});

const real = existsSync(REAL_FILE);
if (!real)
  process.stderr.write(`\nSKIPPED: the import of the real file, because ${REAL_FILE} is not there.\n`);

describe.skipIf(!real)("a month of a real shop", () => {
  it("comes in to the penny, and the second time changes nothing", async () => {
    const organization = await createOrganization({ currency: "GBP", timeZone: "Europe/London" });
    const map = new Map([
      ["order", "InvoiceNo"],
      ["customer", "CustomerID"],
      ["date", "InvoiceDate"],
      ["quantity", "Quantity"],
      ["unitPrice", "UnitPrice"],
    ]);
    const asked = {
      ...ordersRequest(organization, ""),
      file: { path: REAL_FILE, encoding: "windows-1252" },
      map,
      dateFormat: "dd/MM/yyyy HH:mm",
    };
    const first = await importOrders(asked);
    const expected = {
      created: 1_340,
      updated: 0,
      unchanged: 0,
      customers: 860,
      sum: { GBP: 54_387_924 },
      leftOut: { noCustomer: 13_766, broken: 1, refunds: 283, refundsSum: { GBP: -1_752_927 } },
    };
    expect(first.report).toEqual(expected);
    expect(asked.faults).toEqual([
      {
        line: 39_531,
        column: "Quantity",
        problem: "The line breaks off after 3 of 8 columns.",
        value: null,
      },
    ]);
    expect(first.refunds).toHaveLength(283);
    const order = await tenantDb(organization.organizationId).order.findFirst({
      where: { organizationId: organization.organizationId, externalRef: "536365" },
    });
    expect(order).toMatchObject({ amountPaid: 13_912n, placedAt: new Date("2010-12-01T08:26:00Z") });

    const before = await rowsOf(organization);
    const second = await importOrders(asked);
    expect(second.report).toEqual({ ...expected, created: 0, unchanged: 1_340 });
    expect(await rowsOf(organization)).toEqual(before);
  });
});

describe("an import of customers", () => {
  const FILE =
    "ref,name,email,tier,kind\n1,Ann,ann@example.com,gold,\n2,Ben,,,internal\n2,Twice,,,\n3,,,,\n4,Dee,nobody,,\n";

  it("writes them, names the lines that cannot be, and changes nothing the second time", async () => {
    const organization = await createOrganization();
    const dry = await importCustomers(request(organization, FILE, { dryRun: true }));
    const asked = request(organization, FILE);
    const report = await importCustomers(asked);
    expect(report).toEqual({ created: 2, updated: 0, unchanged: 0, leftOut: { broken: 3 } });
    expect(dry).toEqual(report);
    expect(asked.faults.map(({ line, column }) => [line, column])).toEqual([
      [4, "ref"],
      [5, "name"],
      [6, "email"],
    ]);
    const before = await rowsOf(organization);
    expect(await importCustomers(request(organization, FILE))).toMatchObject({ created: 0, unchanged: 2 });
    expect(await rowsOf(organization)).toEqual(before);
  });

  it("leaves alone what the file has no column for, and empties what it leaves empty", async () => {
    const organization = await createOrganization();
    await createCustomer(organization, { ref: "1", name: "Ann", email: "ann@example.com", tier: "gold" });
    const report = await importCustomers(request(organization, "ref,name,tier\n1,Anne,\n"));
    expect(report).toMatchObject({ created: 0, updated: 1 });
    const [customer] = await tenantDb(organization.organizationId).customer.findMany();
    expect(customer).toMatchObject({ name: "Anne", email: "ann@example.com", tier: null });
  });

  it("writes nothing of a file that turns out unusable at its end", async () => {
    const organization = await createOrganization();
    const asked = request(organization, "");
    const many = Array.from({ length: 1_200 }, (_, i) => `${i},Somebody`).join("\n");
    writeFileSync(
      asked.file.path,
      Buffer.concat([Buffer.from(`ref,name\n${many}\nx,`), Buffer.from([0xa3])]),
    );
    await expect(importCustomers(asked)).rejects.toThrow("Line 1202 has bytes that are not UTF-8.");
    expect(await tenantDb(organization.organizationId).customer.count()).toBe(0);
  });
});

describe("an import of employees", () => {
  const FILE = [
    "email,name,role,team,manager,startedOn",
    "ann@example.com,Ann,agent,Phone support,max@example.com,2024-02-01",
    "Max@Example.com,Max,manager,Phone support,,",
    "nobody,No,agent,,,",
    "eve@example.com,Eve,boss,,,",
    "joe@example.com,Joe,,,ghost@example.com,",
  ].join("\n");

  it("writes people, teams and who manages whom; the same file again changes nothing", async () => {
    const organization = await createOrganization();
    const dry = await importEmployees(request(organization, FILE, { dryRun: true }));
    const asked = request(organization, FILE);
    const report = await importEmployees(asked);
    expect(report).toEqual({ created: 2, updated: 0, unchanged: 0, teams: 1, leftOut: { broken: 3 } });
    expect(dry).toEqual(report);
    expect(asked.faults.map(({ line, column }) => [line, column])).toEqual([
      [4, "email"],
      [5, "role"],
      [6, "manager"],
    ]);
    const people = await tenantDb(organization.organizationId).employee.findMany({
      orderBy: { email: "asc" },
      include: { team: true, manager: true },
    });
    expect(
      people.map(({ email, role, team, manager, startedOn, passwordHash }) => [
        email,
        role,
        team?.key,
        manager?.email,
        startedOn?.toISOString().slice(0, 10),
        passwordHash,
      ]),
    ).toEqual([
      ["ann@example.com", "agent", "phone-support", "max@example.com", "2024-02-01", null],
      ["max@example.com", "manager", "phone-support", undefined, undefined, null],
    ]);
    const before = await rowsOf(organization);
    expect(await importEmployees(request(organization, FILE))).toMatchObject({ created: 0, unchanged: 2 });
    expect(await rowsOf(organization)).toEqual(before);
  });

  // Risk: a password that was given to somebody and kept by nobody.
  it("makes nobody when their passwords could not be kept", async () => {
    const organization = await createOrganization();
    const keepPasswords = () => Promise.reject(new Error("the disk is full"));
    await expect(importEmployees({ ...request(organization, FILE), keepPasswords })).rejects.toThrow("full");
    expect(await tenantDb(organization.organizationId).employee.count()).toBe(0);

    const kept: { email: string; oneTimePassword: string }[] = [];
    await importEmployees({
      ...request(organization, FILE),
      keepPasswords: async (passwords) => void kept.push(...passwords),
    });
    expect(kept.map(({ email }) => email).sort()).toEqual(["ann@example.com", "max@example.com"]);
    const people = await tenantDb(organization.organizationId).employee.findMany();
    for (const { passwordHash, passwordOneTime } of people) {
      expect(passwordHash).toMatch(/^\$argon2id\$/);
      expect(passwordOneTime).toBe(true);
    }
  });
});
