import { describe, expect, it } from "vitest";
import { findForPalette } from "@/lib/palette/data";
import { createCustomer } from "../factories/customers";
import { createOrder } from "../factories/orders";
import { decided, scenario } from "../setup/scenario";

async function house() {
  const s = await scenario();
  const { id } = await createCustomer(s, {
    name: "Ottilie Brandt",
    ref: "C-77",
    email: "ottilie@guests.test",
  });
  const order = await createOrder(
    { ...s, currency: "USD" },
    { customer: id, ref: "R-4711", amountPaid: 9000 },
  );
  const told = { channel: "phone", happened: "The Möbius lamp came broken.", cause: "damaged" };
  const own = decided(await s.ask({ customer: id, amount: 1000, case: told })).id ?? "";
  const theirs =
    decided(await s.ask({ customer: id, amount: 2000, case: told }, { actor: s.manager })).id ?? "";
  const find = (actor: typeof s.agent, search: string) => findForPalette(actor, search, new Date());
  return { ...s, id, order, own, theirs, find };
}

describe("what the palette finds", () => {
  it("is a customer, an order by its number, and a case by what happened, each with its address", async () => {
    const h = await house();
    expect(await h.find(h.agent, "ottil")).toMatchObject([
      {
        kind: "customer",
        name: "Ottilie Brandt",
        href: `/desk/${h.id}`,
        details: ["ottilie@guests.test", "C-77"],
      },
    ]);
    expect(await h.find(h.agent, "#R-4711")).toMatchObject([
      { kind: "order", ref: "R-4711", href: `/desk/${h.id}?order=${h.order.id}`, customer: "Ottilie Brandt" },
    ]);
    // Accents and order of the words make no difference.
    expect(await h.find(h.agent, "broken mobius")).toMatchObject([
      { kind: "case", id: h.own, href: `/desk/decisions/${h.own}`, amount: 1000 },
    ]);
    expect(await h.find(h.agent, "damaged nothing")).toEqual([]);
  });

  // Risk: an agent reads by the palette what their colleagues' customers have told.
  it("are an agent's own cases, and everybody's for who sees everybody's", async () => {
    const h = await house();
    const ids = async (actor: typeof h.agent) => (await h.find(actor, "lamp")).map(({ id }) => id);
    expect(await ids(h.agent)).toEqual([h.own]);
    expect(await ids(h.manager)).toEqual([h.theirs, h.own]);
    expect(await ids(await h.employee("agent"))).toEqual([]);
  });

  // Risk: somebody is led to a page that then tells them that it is not theirs.
  it("leads each to where they may go", async () => {
    const h = await house();
    const auditor = await h.employee("auditor");
    const hrefs = async (actor: typeof h.agent, search: string) =>
      (await h.find(actor, search)).map(({ href }) => href);
    expect(await hrefs(auditor, "ottilie")).toEqual([`/floor?customer=${h.id}`]);
    expect(await hrefs(auditor, "R-4711")).toEqual([`/floor?customer=${h.id}`]);
    expect(await hrefs(auditor, "lamp")).toContain(`/floor/decisions/${h.own}`);
    expect(await hrefs(h.manager, "ottilie")).toEqual([`/desk/${h.id}`]);
  });

  it("is a decision by the number of its receipt", async () => {
    const h = await house();
    expect(await h.find(h.manager, h.own)).toMatchObject([{ kind: "case", id: h.own, amount: 1000 }]);
  });

  it("is nothing of another organization's, and nothing breaks on what people paste", async () => {
    const h = await house();
    const other = await scenario();
    for (const search of ["ottilie", "R-4711", h.own, "lamp"]) {
      expect(await h.find(other.agent, search)).toEqual([]);
    }
    for (const search of ["%", "_", "' or 1=1 --", "<b>x</b>", "🦊 🦊", "\u202eabc", "x ".repeat(90)]) {
      expect(await h.find(h.agent, search)).toEqual([]);
    }
  });
});
