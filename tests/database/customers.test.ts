import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  findCustomer,
  listCustomerHistory,
  listCustomerOrders,
  listRecentCauses,
  readUsualAmounts,
  searchCustomers,
} from "@/lib/customers/data";
import { decide } from "@/lib/decisions/decide";
import type { DecisionInput } from "@/lib/decisions/schema";
import { createCustomer } from "../factories/customers";
import { createEmployee } from "../factories/employees";
import { createOrder } from "../factories/orders";
import { createOrganization, type MadeOrganization } from "../factories/organizations";

async function given(organization: MadeOrganization, employee: Awaited<ReturnType<typeof createEmployee>>) {
  return async (input: Omit<DecisionInput, "currency">) => {
    const answer = await decide({
      actor: employee.actor,
      input: { currency: organization.currency, ...input },
      idempotencyKey: randomUUID(),
      now: new Date(),
    });
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    return answer.decision;
  };
}

describe("finding a customer", () => {
  it("goes by the beginning of any word of the name, of the address, the number or a reference", async () => {
    const organization = await createOrganization();
    const ana = await createCustomer(organization, {
      ref: "C-77",
      name: "Ana María Kovač-O'Brien",
      email: "Ana.K@Example.test",
      phone: "+1 (212) 555-0134",
    });
    await createCustomer(organization, { ref: "X-1", name: "Somebody Else" });
    await createOrder(organization, { customer: ana.id, ref: "WEB-4711" });
    const finds = async (search: string) =>
      (await searchCustomers(organization.organizationId, search, 8)).map(({ id }) => id);

    const ways = ["ana", "MARIA", "María", "kovac", "kovač-o'b", "ana kov", "kov, mar", "ana.k@ex", "c-77"];
    const numbers = [
      "+1 (212) 555",
      "12125550134",
      "(212) 555",
      "212 555 0134",
      "1 212.555.0134",
      "web-4711",
      "#WEB-4711",
      "WEB-47",
    ];
    for (const search of [...ways, ...numbers]) expect(await finds(search), search).toEqual([ana.id]);
    for (const search of ["rien", "anna", "ana else", "9", "", "  ", "%", "_", "\\"]) {
      expect(await finds(search), search).toEqual([]);
    }
  });

  it("names the order by whose number it was found, and only then", async () => {
    const organization = await createOrganization();
    const { id } = await createCustomer(organization, { name: "Bruno Okafor" });
    const order = await createOrder(organization, { customer: id, ref: "536365" });
    const byOrder = await searchCustomers(organization.organizationId, "5363", 8);
    expect(byOrder).toMatchObject([{ id, matchedOrder: { id: order.id, externalRef: "536365" } }]);
    const byName = await searchCustomers(organization.organizationId, "bruno", 8);
    expect(byName).toHaveLength(1);
    expect(byName[0]).not.toHaveProperty("matchedOrder");
  });

  it("lists nobody twice, the closest first, and no more than was asked for", async () => {
    const organization = await createOrganization();
    const names = ["Annabel Ann", "Ann Annesley", "Annette Grey", "Ann", "Anneliese Moor"];
    for (const name of names) await createCustomer(organization, { name });
    const hits = await searchCustomers(organization.organizationId, "ann", 4);
    expect(hits).toHaveLength(4);
    expect(new Set(hits.map(({ id }) => id)).size).toBe(4);
    expect(
      hits
        .slice(0, 3)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["Ann", "Ann Annesley", "Annabel Ann"]);
  });

  // The risk: one tenant reads another's customers through a search.
  it("never finds another organization's", async () => {
    const [ours, theirs] = [await createOrganization(), await createOrganization()];
    const { id } = await createCustomer(theirs, { ref: "C-1", name: "Chidi Moreau" });
    await createOrder(theirs, { customer: id, ref: "9001" });
    for (const search of ["chidi", "c-1", "9001"]) {
      expect(await searchCustomers(ours.organizationId, search, 8)).toEqual([]);
    }
    expect(await findCustomer(ours.organizationId, id)).toBeNull();
    expect(await listCustomerOrders(ours.organizationId, id, { limit: 5 })).toEqual({ items: [], total: 0 });
    expect(await listCustomerHistory(ours.organizationId, id, { limit: 5 })).toEqual({ items: [], total: 0 });
  });
});

describe("what a customer's page shows", () => {
  it("takes from an order what was refunded and what is held, and nothing else", async () => {
    const limits = [
      {
        id: "small",
        scope: ["employee", "customer"] as ["employee", "customer"],
        window: "day" as const,
        measure: "amount" as const,
        max: 3_000,
        over: "handover" as const,
        why: "Small sums only.",
        say: "Let me ask.",
      },
    ];
    const organization = await createOrganization({ policy: { limits, rules: [] } });
    const agent = await createEmployee(organization, { role: "agent" });
    const give = await given(organization, agent);
    const { id } = await createCustomer(organization);
    const order = await createOrder(organization, { customer: id, ref: "4711", amountPaid: 10_000 });
    await give({ customer: id, order: order.id, remedy: "refund", amount: 1_000 });
    await give({ customer: id, order: order.id, remedy: "credit", amount: 500 });
    const held = await give({ customer: id, order: order.id, remedy: "refund", amount: 4_000 });
    expect(held.verdict).toBe("handover");
    const denied = await give({ customer: id, order: order.id, remedy: "refund", amount: 5_001 });
    expect(denied.verdict).toBe("deny");

    const { items } = await listCustomerOrders(organization.organizationId, id, { limit: 5 });
    expect(items).toMatchObject([{ externalRef: "4711", paid: 10_000, refundable: 5_000 }]);
  });

  it("shows the newest few orders, the one that was asked for, and how many there are", async () => {
    const organization = await createOrganization();
    const { id } = await createCustomer(organization);
    const made: string[] = [];
    for (let days = 0; days < 6; days++) {
      const placedAt = new Date(Date.UTC(2026, 0, 20 - days));
      made.push((await createOrder(organization, { customer: id, placedAt })).id);
    }
    const list = await listCustomerOrders(organization.organizationId, id, {
      limit: 2,
      include: made[4] ?? null,
    });
    expect(list.items.map((order) => order.id)).toEqual([made[0], made[1], made[4]]);
    expect(list.total).toBe(6);
    expect((await findCustomer(organization.organizationId, id))?.since).toBe("2026-01-15T00:00:00.000Z");
  });

  it("tells everything that was decided, by whomever, the newest first", async () => {
    const organization = await createOrganization();
    const [one, other] = [
      await createEmployee(organization, { role: "agent" }),
      await createEmployee(organization, { role: "manager" }),
    ];
    const { id } = await createCustomer(organization);
    const first = await (await given(organization, one))({
      customer: id,
      remedy: "credit",
      amount: 700,
      case: { channel: "phone", happened: "The lift was out.", cause: "lift" },
    });
    const second = await (await given(organization, other))({ customer: id, remedy: "gift", amount: 0 });
    const history = await listCustomerHistory(organization.organizationId, id, { limit: 5 });
    expect(history.total).toBe(2);
    expect(history.items).toMatchObject([
      { id: second.id, employee: { id: other.id }, cause: null, happened: null },
      { id: first.id, employee: { id: one.id }, cause: "lift", happened: "The lift was out.", amount: 700 },
    ]);
    expect((await listCustomerHistory(organization.organizationId, id, { limit: 1 })).items).toHaveLength(1);
  });

  it("suggests the causes of late, and what is usually given", async () => {
    const organization = await createOrganization();
    const agent = await createEmployee(organization, { role: "agent" });
    const give = await given(organization, agent);
    const { id } = await createCustomer(organization);
    for (const [index, cause] of ["carrier", "noise", "carrier", "carrier", "noise", "damp"].entries()) {
      const told = { channel: "phone", happened: "It went wrong.", cause };
      await give({ customer: id, remedy: "credit", amount: (index + 1) * 1_000, case: told });
    }
    expect(await listRecentCauses(organization.organizationId, 2)).toEqual(["carrier", "noise"]);
    expect(await readUsualAmounts(organization.organizationId, "USD")).toEqual({
      credit: { from: 2_000, to: 5_000 },
    });
    expect(await readUsualAmounts(organization.organizationId, "GBP")).toEqual({});
  });
});
