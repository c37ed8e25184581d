import { type Policy, policySchema, REMEDIES } from "@/lib/discretion/schema";
import type { SimulationRow } from "@/lib/discretion/simulate";
import { DAY_MS } from "@/lib/discretion/windows";
import { randomOf } from "@/prisma/demo/random";

const TEXTS = { why: "So that there is one.", say: "There are words for it." };
const AMOUNT = { ...TEXTS, measure: "amount", over: "handover" } as const;

/** A policy as a company of some size has one: eight limits, four rules. */
export const HOUSE_POLICY: Policy = policySchema.parse({
  currency: "USD",
  timeZone: "America/New_York",
  limits: [
    {
      ...AMOUNT,
      ...{ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 40_000 },
      when: { roles: ["agent"] },
    },
    {
      ...AMOUNT,
      ...{ id: "manager-day", scope: ["employee", "customer"], window: "day", max: 200_000 },
      when: { roles: ["manager"] },
    },
    { ...AMOUNT, id: "customer-30", scope: ["customer"], window: { rollingDays: 30 }, max: 100_000 },
    { ...AMOUNT, id: "employee-day", scope: ["employee"], window: "day", max: 400_000 },
    { ...AMOUNT, id: "team-week", scope: ["team"], window: "week", max: 9_000_000 },
    { ...AMOUNT, id: "house-month", scope: ["organization"], window: "month", max: 500_000_000 },
    { ...AMOUNT, id: "per-order", scope: ["order"], window: "lifetime", max: 50_000, over: "bend" },
    {
      ...TEXTS,
      ...{ id: "gift-week", scope: ["employee"], window: "week", measure: "count", max: 20, over: "bend" },
      when: { remedies: ["gift"] },
    },
  ],
  rules: [
    { ...TEXTS, id: "needs-order", effect: "deny", when: { remedies: ["refund"], hasOrder: false } },
    { ...TEXTS, id: "gift-over-500", effect: "deny", when: { remedies: ["gift"], amount: { over: 50_000 } } },
    { ...TEXTS, id: "old-order", effect: "bend", when: { orderAgeDays: { over: 90 } } },
    {
      ...TEXTS,
      id: "new-here",
      effect: "handover",
      when: { tenureDays: { under: 30 }, amount: { over: 10_000 } },
    },
  ],
});

/** A quarter of a year in a house of 60 people and 2,000 customers, always the same. */
export function houseHistory(requests: number): SimulationRow[] {
  const random = randomOf("bench history");
  const from = Date.parse("2026-01-05T00:00:00Z");
  return Array.from({ length: requests }, (_, turn) => {
    const at = from + Math.floor((turn / requests) * 90 * DAY_MS);
    const employee = random.int(1, 60);
    const customer = random.int(1, 2_000);
    return {
      ...{ id: `r${turn}`, at, employee: `e${employee}`, customer: `c${customer}` },
      remedy: random.pick(REMEDIES),
      amount: Math.round(Math.exp(8 + random.normal())),
      role: employee % 8 === 0 ? ("manager" as const) : ("agent" as const),
      team: `t${employee % 6}`,
      tier: random.pick(["gold", "silver", null]),
      ...(random.chance(0.7) ? orderOf(customer, at, random.int(1, 120)) : {}),
      case: `k${turn >> 1}`,
      cause: random.pick(["carrier", "stock", "billing", "staff"]),
      channel: random.pick(["phone", "mail", "chat"]),
      tenureDays: employee * 15,
    };
  });
}

function orderOf(customer: number, at: number, ageDays: number) {
  const week = Math.floor((at - ageDays * DAY_MS) / (7 * DAY_MS));
  return { order: `o${customer}-${week}`, orderPaid: 5_000 + customer * 10, orderAt: week * 7 * DAY_MS };
}
