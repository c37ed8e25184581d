import { describe, expect, it } from "vitest";
import { searchEmployees } from "@/lib/employees/data";
import { listTiers, readFilterNames, readTotals } from "@/lib/insights/data";
import { createCustomer } from "../factories/customers";
import { decided, limit, scenario } from "../setup/scenario";

const timeZone = "America/New_York";
/** Half past midnight in New York, where the day before was still going on an hour earlier. */
const NOW = new Date("2026-03-09T04:30:00Z");

function ago(minutes: number): Date {
  return new Date(NOW.getTime() - minutes * 60_000);
}

async function house() {
  const s = await scenario({
    currency: "USD",
    timeZone,
    limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 5000 })],
    rules: [{ id: "no-gifts", effect: "deny", when: { remedies: ["gift"] }, why: "Because.", say: "Sorry." }],
  });
  return { ...s, guest: await s.customer() };
}

// Risk: the number by which a manager steers is wrong, or another company's.
describe("what the floor counts", () => {
  it("is what was decided: given, solved without asking, held, by local day", async () => {
    const { ask, guest, organizationId } = await house();
    decided(await ask({ customer: guest, amount: 1000 }, { now: ago(10) }));
    decided(await ask({ customer: guest, amount: 2000 }, { now: ago(60) }));
    decided(await ask({ customer: guest, amount: 9000 }, { now: ago(5) }));
    decided(await ask({ customer: guest, amount: 100, remedy: "gift" }, { now: ago(4) }));
    const totals = await readTotals(organizationId, { now: NOW, timeZone });
    expect(totals.today).toEqual({ given: 1000, decisions: 3, solved: 1 / 3 });
    expect(totals.month).toEqual({ given: 3000, decisions: 4, solved: 2 / 4 });
    expect(totals.held).toEqual({ amount: 9000, decisions: 1 });
    expect(totals.days).toHaveLength(30);
    expect(totals.days.slice(-3)).toEqual([
      { day: "2026-03-07", given: 0, decisions: 0 },
      { day: "2026-03-08", given: 2000, decisions: 1 },
      { day: "2026-03-09", given: 1000, decisions: 3 },
    ]);
  });

  it("forgets what is older than 30 days, but not what is still held", async () => {
    const { ask, guest, organizationId } = await house();
    decided(await ask({ customer: guest, amount: 700 }, { now: ago(28 * 1440) }));
    decided(await ask({ customer: guest, amount: 800 }, { now: ago(31 * 1440) }));
    decided(await ask({ customer: guest, amount: 9000 }, { now: ago(31 * 1440) }));
    const totals = await readTotals(organizationId, { now: NOW, timeZone });
    expect(totals.month).toMatchObject({ given: 700, decisions: 1 });
    expect(totals.held).toEqual({ amount: 9000, decisions: 1 });
  });

  it("is nothing, and no share, where nothing was decided", async () => {
    const { organizationId } = await house();
    const totals = await readTotals(organizationId, { now: NOW, timeZone });
    expect(totals.today).toEqual({ given: 0, decisions: 0, solved: null });
    expect(totals.held).toEqual({ amount: 0, decisions: 0 });
  });

  it("is one's own organization's only", async () => {
    const one = await house();
    const other = await house();
    decided(await one.ask({ customer: one.guest, amount: 1000 }, { now: ago(10) }));
    const totals = await readTotals(other.organizationId, { now: NOW, timeZone });
    expect(totals.month.decisions).toBe(0);
  });
});

// Risk: a filter tells by a name that an id exists elsewhere.
describe("the words of a filter", () => {
  it("name one's own people, customers and teams, and nobody else's", async () => {
    const one = await house();
    const other = await house();
    const ids = { employee: one.agent.employeeId, customer: one.guest };
    expect(await readFilterNames(one.organizationId, ids)).toEqual({
      employee: "An agent",
      customer: "A customer",
    });
    expect(await readFilterNames(other.organizationId, ids)).toEqual({});
    expect(await readFilterNames(one.organizationId, { employee: "nobody", team: "%" })).toEqual({});
  });

  it("find employees by a part of their name or address, as it is typed", async () => {
    const one = await house();
    const other = await house();
    const found = await searchEmployees(one.organizationId, "AGENT", 8);
    expect(found.map((hit) => hit.id)).toEqual([one.agent.employeeId]);
    expect(await searchEmployees(other.organizationId, one.agent.email, 8)).toEqual([]);
    expect(await searchEmployees(one.organizationId, "%", 8)).toEqual([]);
    expect(await searchEmployees(one.organizationId, "", 1)).toHaveLength(1);
  });
});

it("the tiers that are offered are those that customers have", async () => {
  const { organizationId } = await house();
  for (const tier of ["gold", "silver", "gold", undefined])
    await createCustomer({ organizationId }, { tier });
  expect(await listTiers(organizationId)).toEqual(["gold", "silver"]);
});
