import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { windowContains } from "@/lib/discretion/hiding";
import { EFFECTS, type Limit, type Policy, type Rule, WINDOWS, type Window } from "@/lib/discretion/schema";
import { createSimulation } from "@/lib/discretion/simulate";
import { policyWarnings, type Warning } from "@/lib/discretion/warnings";
import { DAY_MS, windowStart } from "@/lib/discretion/windows";
import { instant, TIME_ZONES, type Turn, type World, world } from "./arbitraries";

/** What would change nothing if it were gone. */
const IDLE = ["never_holds", "hidden_by_limit", "hidden_by_rule", "never_exceeded", "count_never_fires"];

const window: fc.Arbitrary<Window> = fc.oneof(
  fc.constantFrom(...WINDOWS),
  fc.record({ rollingDays: fc.constantFrom(1, 2, 7, 8, 31, 32, 366) }),
);

/** What a neighbour of a limit has otherwise, so that one often hides the other and as often just does not. */
const changes: fc.Arbitrary<Partial<Limit>> = fc.record(
  {
    scope: fc.constantFrom(["customer"], ["employee", "customer"], ["organization"], ["order", "customer"]),
    window,
    /** How much more than the neighbour's. */
    max: fc.integer({ min: -2, max: 2 }),
    over: fc.constantFrom(...EFFECTS),
    when: fc.constantFrom(
      undefined,
      { roles: ["agent"] },
      { hasOrder: true },
      { amount: { over: 20 } },
      { amount: { over: 20 }, hasOrder: true },
      { tenureDays: { over: 2 } },
      { orderAgeDays: { over: 2 }, hasOpenDispute: false },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<Limit>>;

/** A policy with neighbours of its own limits and rules added, and what happens under it. */
const crowded: fc.Arbitrary<World> = fc
  .tuple(world(20), fc.array(fc.tuple(fc.nat(), changes), { maxLength: 4 }))
  .map(([{ document, turns }, neighbours]) => {
    const limits = [...document.limits];
    const rules = [...document.rules];
    for (const [pick, change] of neighbours) {
      const limit = limits[pick % Math.max(1, limits.length)];
      if (limit) limits.push({ ...limit, ...change, max: Math.max(0, limit.max + (change.max ?? 0)) });
      const rule = rules[pick % Math.max(1, rules.length)];
      if (rule && pick % 4 === 0 && "when" in change)
        rules.push({ ...rule, when: change.when, effect: change.over ?? rule.effect });
    }
    return {
      document: {
        ...document,
        limits: limits.map((one, index) => ({ ...one, id: `limit-${index}` })),
        rules: rules.map((one, index) => ({ ...one, id: `rule-${index}` })),
      },
      turns,
    };
  });

function verdictsOf(document: Policy, turns: readonly Turn[]) {
  const simulation = createSimulation(document);
  return turns.map(({ row, remembered }) => {
    if (remembered === null) return simulation.decide(row).verdict;
    simulation.remember(row, remembered);
    return remembered;
  });
}

function without(document: Policy, id: string): Policy {
  const others = <Part extends Limit | Rule>(parts: readonly Part[]) =>
    parts.filter((part) => part.id !== id);
  return { ...document, limits: others(document.limits), rules: others(document.rules) };
}

// Risk: an author removes a limit that they were told does nothing, and it was the one that held.
describe("what a warning says to be without consequence", () => {
  test("is: without it every request of any history fares the same", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(crowded, ({ document, turns }) => {
        const verdicts = verdictsOf(document, turns);
        for (const { code, id } of policyWarnings(document)) {
          if (!IDLE.includes(code)) continue;
          seen.set(code, (seen.get(code) ?? 0) + 1);
          expect([code, id, verdictsOf(without(document, id), turns)]).toEqual([code, id, verdicts]);
        }
      }),
      { numRuns: 2_000 },
    );
    // The property says nothing where nothing is warned about.
    expect(Object.fromEntries(seen)).toEqual({
      never_holds: expect.any(Number),
      hidden_by_limit: expect.any(Number),
      hidden_by_rule: expect.any(Number),
      count_never_fires: expect.any(Number),
      ...(seen.has("never_exceeded") ? { never_exceeded: expect.any(Number) } : {}),
    });
    expect(seen.get("hidden_by_limit")).toBeGreaterThan(100);
  });

  test("is without consequence also together with all others that are", () => {
    fc.assert(
      fc.property(crowded, ({ document, turns }) => {
        const idle = policyWarnings(document).filter(({ code }) => IDLE.includes(code));
        const left = idle.reduce((rest, { id }) => without(rest, id), document);
        expect(verdictsOf(left, turns)).toEqual(verdictsOf(document, turns));
      }),
      { numRuns: 800 },
    );
  });
});

test("a count that is said to fire always does, for every request that it is looked at for", () => {
  fc.assert(
    fc.property(crowded, ({ document, turns }) => {
      const always = policyWarnings(document).filter(
        (warning): warning is Extract<Warning, { code: "count_always_fires" }> =>
          warning.code === "count_always_fires",
      );
      if (always.length === 0) return;
      const simulation = createSimulation(document);
      for (const { row, remembered } of turns) {
        if (remembered !== null) {
          simulation.remember(row, remembered);
          continue;
        }
        const { checks } = simulation.evaluateNext(row).explanation;
        for (const { id, effect } of always) {
          const check = checks.find((one) => one.id === id);
          if (check && !check.unknown) expect(check.effect).toBe(effect);
        }
      }
    }),
  );
});

test("a window that is said to contain another one has all of its days, at any instant", () => {
  const calendar = (one: Window) => one !== "decision" && one !== "case" && one !== "lifetime";
  fc.assert(
    fc.property(
      window.filter(calendar),
      window.filter(calendar),
      instant,
      fc.nat({ max: 4_000 }),
      fc.constantFrom(...TIME_ZONES),
      (wide, narrow, at, days, timeZone) => {
        const now = at + days * DAY_MS;
        const [from, needed] = [windowStart(wide, now, timeZone), windowStart(narrow, now, timeZone)];
        if (windowContains(wide, narrow)) expect(from && needed && from <= needed).toBe(true);
      },
    ),
    { numRuns: 5_000 },
  );
});
