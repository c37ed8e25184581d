import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  customerRecords,
  findCustomer,
  listCustomerHistory,
  listCustomerOrders,
  mergedAmong,
  readCustomer,
  searchCustomers,
} from "@/lib/customers/data";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { listDecisions, readAllowance } from "@/lib/decisions/data";
import { policySchema } from "@/lib/discretion/schema";
import { readOnRecord } from "@/lib/examples/data";
import { importOrders } from "@/lib/imports/import-orders";
import { mergeCustomers, unmergeCustomers } from "@/lib/merges/mutations";
import { upsertOrder } from "@/lib/orders/mutations";
import { readPast, readStanding } from "@/lib/simulations/data";
import { keepUnsent } from "@/lib/unsent/mutations";
import { createCustomer } from "../factories/customers";
import { createOrder } from "../factories/orders";
import { decided, limit, scenario } from "../setup/scenario";

const LIMITS = [
  limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 }),
  limit({ id: "customer-30", scope: ["customer"], window: { rollingDays: 30 }, max: 20_000 }),
];

/** One customer under two references, with an order and a decision each, before they are merged. */
async function twoRecords() {
  const s = await scenario({ limits: LIMITS });
  const { organizationId } = s;
  const house = { organizationId, currency: "USD" };
  const dup = await createCustomer(house, {
    ref: "OLD-1",
    name: "Bea Duplicate",
    email: "bea.old@example.test",
    phone: "+1 212 555 0177",
  });
  const stays = await createCustomer(house, {
    ref: "NEW-1",
    name: "Beatrix Stays",
    email: "bea@example.test",
  });
  const at = new Date();
  const older = new Date(at.getTime() - 86_400_000);
  const order = await createOrder(house, {
    customer: dup.id,
    ref: "O-OLD",
    amountPaid: 5000,
    placedAt: older,
  });
  await createOrder(house, { customer: stays.id, ref: "O-NEW", amountPaid: 700, placedAt: at });
  const first = decided(await s.ask({ customer: dup.id, order: order.id, remedy: "refund", amount: 1000 }));
  const second = decided(await s.ask({ customer: stays.id, amount: 500 }));
  const merge = async () => {
    const answer = await mergeCustomers({
      organizationId,
      duplicateId: dup.id,
      customerId: stays.id,
      reason: "Same phone.",
      writer: { actor: { kind: "employee", id: s.manager.employeeId }, employeeId: s.manager.employeeId },
      now: new Date(),
    });
    if (!answer.ok) throw new Error(answer.code);
    return answer;
  };
  return { ...s, dup: dup.id, stays: stays.id, order: order.id, first, second, merge };
}

describe("a customer of two records that were merged", () => {
  // Risk: half of what was given is out of sight, and is given once more.
  it("is found by either's words, listed once as the record that stays, and has both's orders and history", async () => {
    const s = await twoRecords();
    const { organizationId } = s;
    await s.merge();
    for (const search of ["bea.old@", "OLD-1", "2125550177", "bea", "duplicate", "O-OLD"]) {
      const hits = await searchCustomers(organizationId, search, 8);
      expect([search, hits.map(({ id }) => id)]).toEqual([search, [s.stays]]);
    }
    expect(await searchCustomers(organizationId, "bea.old@", 8)).toMatchObject([
      { name: "Beatrix Stays", matchedRecord: { id: s.dup, name: "Bea Duplicate" } },
    ]);
    expect((await searchCustomers(organizationId, "NEW-1", 8))[0]).not.toHaveProperty("matchedRecord");
    expect(await searchCustomers(organizationId, "O-OLD", 8)).toMatchObject([
      { id: s.stays, matchedOrder: { externalRef: "O-OLD" } },
    ]);

    expect(await customerRecords(organizationId, s.dup)).toEqual([s.stays, s.dup]);
    expect(await mergedAmong(organizationId, [s.dup, s.stays])).toEqual(
      new Map([[s.dup, { id: s.stays, name: "Beatrix Stays" }]]),
    );
    expect(await findCustomer(organizationId, s.dup)).toMatchObject({ mergedInto: s.stays });
    expect(await readCustomer(organizationId, "OLD-1")).toMatchObject({ id: s.dup, mergedInto: s.stays });
    expect(await readCustomer(organizationId, "NEW-1")).toMatchObject({ id: s.stays, mergedInto: null });
    const history = await listCustomerHistory(organizationId, s.stays, { limit: 9 });
    expect([history.total, history.items.map(({ amount }) => amount)]).toEqual([2, [500, 1000]]);
    const orders = await listCustomerOrders(organizationId, s.stays, { limit: 1, include: s.order });
    expect([orders.total, orders.items.map((item) => [item.externalRef, item.refundable])]).toEqual([
      2,
      [
        ["O-NEW", 700],
        ["O-OLD", 4000],
      ],
    ]);
    expect((await findCustomer(organizationId, s.stays))?.since).toBe(orders.items[1]?.placedAt);
    for (const customer of [s.dup, s.stays, "OLD-1"]) {
      const page = await listDecisions(organizationId, { customer }, { limit: 9, timeZone: "UTC" });
      expect(page.data.map(({ id }) => id)).toEqual([s.second.id, s.first.id]);
      const allowance = await readAllowance({
        organizationId,
        employeeId: s.agent.employeeId,
        customer,
        now: new Date(),
      });
      expect(allowance).toMatchObject({ ok: true, allowance: { customer: s.stays, available: 1500 } });
    }
  });

  it("is two again once that is undone", async () => {
    const s = await twoRecords();
    const { organizationId } = s;
    const { mergeId } = await s.merge();
    await unmergeCustomers({
      organizationId,
      mergeId,
      writer: { actor: { kind: "system", id: null }, employeeId: null },
      now: new Date(),
    });
    expect((await searchCustomers(organizationId, "bea", 8)).map(({ id }) => id).sort()).toEqual(
      [s.dup, s.stays].sort(),
    );
    expect((await listCustomerHistory(organizationId, s.stays, { limit: 9 })).total).toBe(1);
    expect(await customerRecords(organizationId, s.dup)).toEqual([s.dup]);
  });

  it("is one customer in a replay, before the span and in it", async () => {
    const s = await twoRecords();
    await s.merge();
    const now = Date.now();
    const span = { from: now - 3_600_000, to: now + 3_600_000 };
    const customers: string[] = [];
    for await (const { requests } of readPast(s.organizationId, span)) {
      customers.push(...requests.map(({ row }) => row.customer));
    }
    expect(customers).toEqual([s.stays, s.stays]);
    const standing: string[] = [];
    for await (const batch of readStanding(s.organizationId, span)) {
      standing.push(...batch.map(({ row }) => row.customer));
    }
    expect(standing).toEqual([s.stays, s.stays]);
  });

  it("is one customer in an example that is made of a decision", async () => {
    const s = await twoRecords();
    await s.merge();
    const policy = policySchema.parse({
      currency: "USD",
      timeZone: "America/New_York",
      limits: LIMITS,
      rules: [],
    });
    const onRecord = await readOnRecord(s.organizationId, s.second.id ?? "", policy);
    expect(onRecord?.past).toMatchObject([{ amount: 1000, sameCustomer: true, sameEmployee: true }]);
  });

  it("is one customer to what was not sent: the decision in its place may be of either record", async () => {
    const s = await twoRecords();
    await s.merge();
    const kept = await keepUnsent({
      actor: s.agent,
      input: {
        intent: randomBytes(16).toString("hex"),
        began: new Date(Date.now() - 1000).toISOString(),
        customer: s.stays,
        order: s.order,
        remedy: "refund",
        amount: 4500,
        currency: "USD",
        sent: s.first.id ?? "",
      },
      now: new Date(),
    });
    expect(kept).toBe(true);
    const { rows } = await withTenant(s.organizationId, (client) =>
      client.query(
        "select verdict, sent_decision_id, facts -> 'customer' ->> 'id' as customer from unsent_requests",
      ),
    );
    expect(rows).toEqual([{ verdict: "handover", sent_decision_id: s.first.id, customer: s.stays }]);
  });
});

describe("an order of a record that was merged", () => {
  const input = { amountPaid: 6000, currency: "USD", placedAt: "2026-01-01T00:00:00Z" };

  it("is written under either's reference, and stays with the record that it has", async () => {
    const s = await twoRecords();
    const { organizationId } = s;
    await s.merge();
    const put = (externalRef: string, customer: string) =>
      upsertOrder({
        organizationId,
        externalRef,
        input: { ...input, customer },
        writer: { kind: "system", id: null },
        at: new Date(),
      });
    for (const customer of ["OLD-1", "NEW-1"]) {
      expect(await put("O-OLD", customer)).toMatchObject({ ok: true, order: { customer: s.dup } });
    }
    expect(await put("O-LATE", "OLD-1")).toMatchObject({
      ok: true,
      outcome: "created",
      order: { customer: s.dup },
    });
    await createCustomer(s, { ref: "ELSE" });
    expect(await put("O-OLD", "ELSE")).toMatchObject({ ok: false, code: "order_has_decisions" });
  });

  it("is imported under either's reference, and the same file again changes nothing", async () => {
    const s = await twoRecords();
    const { organizationId } = s;
    await s.merge();
    const file = "order,customer,date,amount\nO-OLD,NEW-1,2026-01-01,60.00\nO-3,OLD-1,2026-01-02,3.00\n";
    const run = () =>
      importOrders({
        organizationId,
        file: { path: "orders.csv", content: new TextEncoder().encode(file) },
        map: new Map(),
        dryRun: false,
        at: new Date(),
        currency: "USD",
        timeZone: "UTC",
        onFault: (fault) => {
          throw new Error(JSON.stringify(fault));
        },
        onProgress: () => undefined,
      });
    expect((await run()).report).toMatchObject({ created: 1, updated: 1, leftOut: { broken: 0 } });
    expect((await run()).report).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
    const rows = await tenantDb(organizationId).order.findMany({
      where: { organizationId, externalRef: { in: ["O-OLD", "O-3"] } },
      select: { customerId: true },
    });
    expect(rows.map(({ customerId }) => customerId)).toEqual([s.dup, s.dup]);
  });
});
