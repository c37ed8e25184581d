import fc from "fast-check";
import { expect, test } from "vitest";
import { exampleOf, type PastOnRecord, runExample } from "@/lib/discretion/examples";
import { exampleSchema, type Policy } from "@/lib/discretion/schema";
import { createSimulation, type SimulationRow } from "@/lib/discretion/simulate";
import { DAY_MS } from "@/lib/discretion/windows";
import { world } from "./arbitraries";

/** What an example keeps of others is what they were to the one who decided; so everybody is alike here. */
const alike = fc.record({
  role: fc.constantFrom("agent" as const, "manager" as const),
  team: fc.constantFrom(null, "north", "south"),
  tier: fc.constantFrom(null, "gold", "silver"),
  /** Not known, or beyond every threshold, so that the hour of the day does not matter. */
  tenureDays: fc.constantFrom(null, 1000),
  hasOpenDispute: fc.constantFrom(null, true, false),
});

const lives = fc.tuple(world(15), alike).map(([{ document, turns }, person]) => ({
  document,
  rows: turns.map(
    ({ row }): SimulationRow => ({
      ...row,
      ...person,
      order: null,
      remedy: row.remedy === "refund" ? "credit" : row.remedy,
    }),
  ),
}));

/** What the last of some rows came to, and all that counted before it. */
function lived(document: Policy, rows: readonly SimulationRow[]) {
  const simulation = createSimulation(document);
  const results = rows.map((row) => ({ row, ...simulation.decide(row) }));
  const last = results.at(-1);
  if (last === undefined) throw new Error("There is no row.");
  const past = results
    .slice(0, -1)
    .filter(({ verdict }) => verdict !== "deny")
    .map(
      ({ row }): PastOnRecord => ({
        at: row.at,
        remedy: row.remedy,
        amount: row.amount,
        currency: row.currency,
        rate: row.currency && row.currency !== document.currency ? row.rate?.rate : null,
        sameEmployee: row.employee === last.row.employee,
        sameCustomer: row.customer === last.row.customer,
        sameOrder: false,
        sameCase: Boolean(row.case) && row.case === last.row.case,
        cause: row.cause ?? null,
        channel: row.channel ?? null,
      }),
    );
  return { last, past };
}

// Risk: a precedent that became an example says something else than what was decided.
test("an example of a real decision comes to what was decided, under the policy that decided it", () => {
  fc.assert(
    fc.property(lives, ({ document, rows }) => {
      const { last, past } = lived(document, rows);
      const { row } = last;
      const currency = row.currency ?? document.currency;
      const example = exampleOf({
        id: "real",
        decision: {
          remedy: row.remedy,
          amount: row.amount,
          currency,
          rate: currency === document.currency ? null : row.rate?.rate,
          cause: row.cause ?? null,
          channel: row.channel ?? null,
          verdict: last.verdict,
          binding: last.binding,
          at: row.at,
        },
        facts: {
          employee: {
            id: row.employee,
            role: row.role ?? "agent",
            team: row.team ?? null,
            startedAt: typeof row.tenureDays === "number" ? row.at - row.tenureDays * DAY_MS : null,
          },
          customer: { id: row.customer, tier: row.tier ?? null },
          order: null,
          hasOpenDispute: row.hasOpenDispute ?? null,
        },
        past,
        timeZone: document.timeZone,
      });
      expect(exampleSchema.parse(example)).toEqual(example);
      const { actual, passes } = runExample(document, example);
      expect(actual).toEqual({ verdict: last.verdict, binding: last.binding, maxAmount: last.maxAmount });
      expect(passes).toBe(true);
    }),
    { numRuns: 1_500 },
  );
});
