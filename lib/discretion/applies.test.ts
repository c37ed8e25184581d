import { describe, expect, test } from "vitest";
import { type ConditionState, conditionState, limitApplies } from "./applies";
import { aLimit, anOrder, aPolicy, aRequest, NOON, someFacts } from "./fixtures";
import type { When } from "./schema";
import type { DecisionRequest, Facts } from "./types";
import { DAY_MS } from "./windows";

const employee = (parts: Partial<Facts["employee"]>) => ({ employee: { ...someFacts().employee, ...parts } });
const orderOfAge = (ms: number) => ({ order: anOrder({ placedAt: NOON - ms }) as Facts["order"] });
const undated = { order: anOrder({ placedAt: null }) as Facts["order"] };
const anyOrder = orderOfAge(DAY_MS);

type Case = [When | undefined, Partial<DecisionRequest>, Partial<Facts>, ConditionState];

describe("each condition", () => {
  test.each<Case>([
    [undefined, {}, {}, "holds"],
    [{}, {}, {}, "holds"],
    [{ roles: ["agent"] }, {}, employee({ role: "agent" }), "holds"],
    [{ roles: ["manager", "agent"] }, {}, employee({ role: "agent" }), "holds"],
    [{ roles: ["manager"] }, {}, employee({ role: "agent" }), "fails"],
    [{ teams: ["north"] }, {}, employee({ team: "north" }), "holds"],
    [{ teams: ["south"] }, {}, employee({ team: "north" }), "fails"],
    [{ teams: ["north"] }, {}, employee({ team: null }), "fails"],
    [{ tiers: ["gold", "silver"] }, {}, { customer: { id: "c1", tier: "silver" } }, "holds"],
    [{ tiers: ["gold"] }, {}, { customer: { id: "c1", tier: "Gold" } }, "fails"],
    [{ tiers: ["gold"] }, {}, { customer: { id: "c1", tier: null } }, "fails"],
    [{ remedies: ["refund", "credit"] }, { remedy: "credit" }, {}, "holds"],
    [{ remedies: ["refund"] }, { remedy: "credit" }, {}, "fails"],
    [{ causes: ["carrier"] }, { cause: "carrier" }, {}, "holds"],
    [{ causes: ["carrier"] }, { cause: "stock" }, {}, "fails"],
    [{ causes: ["carrier"] }, { cause: null }, {}, "fails"],
    [{ causes: ["carrier"] }, {}, {}, "fails"],
    [{ channels: ["phone"] }, { channel: "phone" }, {}, "holds"],
    [{ channels: ["phone"] }, { channel: "mail" }, {}, "fails"],
    [{ channels: ["phone"] }, {}, {}, "fails"],
    [{ hasOrder: true }, {}, anyOrder, "holds"],
    [{ hasOrder: true }, {}, { order: null }, "fails"],
    [{ hasOrder: false }, {}, { order: null }, "holds"],
    [{ hasOrder: false }, {}, anyOrder, "fails"],
    [{ hasOpenDispute: true }, {}, { hasOpenDispute: true }, "holds"],
    [{ hasOpenDispute: true }, {}, { hasOpenDispute: false }, "fails"],
    [{ hasOpenDispute: false }, {}, { hasOpenDispute: false }, "holds"],
    [{ hasOpenDispute: true }, {}, { hasOpenDispute: null }, "unknown"],
    [{ hasOpenDispute: false }, {}, { hasOpenDispute: null }, "unknown"],
  ])("%j of %j and %j %s", (when, request, facts, state) => {
    expect(conditionState(when, aRequest(request), someFacts(facts))).toBe(state);
  });
});

describe("a range is strict on both sides", () => {
  test.each<[When["amount"], number, ConditionState]>([
    [{ over: 100 }, 99, "fails"],
    [{ over: 100 }, 100, "fails"],
    [{ over: 100 }, 101, "holds"],
    [{ under: 100 }, 99, "holds"],
    [{ under: 100 }, 100, "fails"],
    [{ under: 100 }, 101, "fails"],
    [{ over: 100, under: 102 }, 100, "fails"],
    [{ over: 100, under: 102 }, 101, "holds"],
    [{ over: 100, under: 102 }, 102, "fails"],
    [{ over: 0 }, 0, "fails"],
    [{ over: 0 }, 1, "holds"],
    [{ under: 1 }, 0, "holds"],
  ])("amount %j of %i %s", (amount, asked, state) => {
    expect(conditionState({ amount }, aRequest({ amount: asked }), someFacts())).toBe(state);
  });

  test("an amount in another currency is neither over nor under", () => {
    const request = aRequest({ currency: "EUR" });
    expect(conditionState({ amount: { over: 1 } }, request, someFacts(), "USD")).toBe("unknown");
    expect(conditionState({ amount: { over: 1 } }, request, someFacts(), "EUR")).toBe("holds");
    expect(conditionState({ roles: ["agent"] }, request, someFacts(), "USD")).toBe("holds");
  });

  test("an amount in another currency with a rate is compared as it exactly is", () => {
    // 2500 at 0.3333 are 833.25.
    const request = aRequest({ currency: "EUR", rate: { rate: "0.3333", day: "2026-05-01" } });
    const stateOf = (amount: When["amount"]) => conditionState({ amount }, request, someFacts(), "USD");
    expect(stateOf({ over: 833 })).toBe("holds");
    expect(stateOf({ over: 834 })).toBe("fails");
    expect(stateOf({ under: 834 })).toBe("holds");
    expect(stateOf({ under: 833 })).toBe("fails");
  });
});

describe("days are whole days passed", () => {
  test.each<[When["orderAgeDays"], number, ConditionState]>([
    [{ over: 90 }, 90 * DAY_MS, "fails"],
    [{ over: 90 }, 91 * DAY_MS - 1, "fails"],
    [{ over: 90 }, 91 * DAY_MS, "holds"],
    [{ under: 90 }, 90 * DAY_MS - 1, "holds"],
    [{ under: 90 }, 90 * DAY_MS, "fails"],
    [{ over: 0 }, DAY_MS - 1, "fails"],
    [{ over: 0 }, DAY_MS, "holds"],
    [{ under: 1 }, 0, "holds"],
    // An order from a clock that is ahead is new, not old.
    [{ under: 1 }, -5 * DAY_MS, "holds"],
    [{ over: 0 }, -5 * DAY_MS, "fails"],
  ])("an order's age %j, placed %i ms ago, %s", (orderAgeDays, age, state) => {
    expect(conditionState({ orderAgeDays }, aRequest(), someFacts(orderOfAge(age)))).toBe(state);
  });

  test.each<[number | null, ConditionState]>([
    [NOON - 30 * DAY_MS, "fails"],
    [NOON - 30 * DAY_MS + 1, "holds"],
    [null, "unknown"],
  ])("a tenure under 30 days, started at %s, %s", (startedAt, state) => {
    expect(
      conditionState({ tenureDays: { under: 30 } }, aRequest(), someFacts(employee({ startedAt }))),
    ).toBe(state);
  });
});

describe("what is not known", () => {
  test("an order's age without an order does not hold; of an order without a date it is unknown", () => {
    const when: When = { orderAgeDays: { over: 90 } };
    expect(conditionState(when, aRequest(), someFacts({ order: null }))).toBe("fails");
    expect(conditionState(when, aRequest(), someFacts(undated))).toBe("unknown");
  });

  // Two unknown facts beside one that fails must not hand over: nothing that could be learned would change it.
  test.each<[string, When, ConditionState]>([
    ["holds and holds", { roles: ["agent"], tiers: ["gold"] }, "holds"],
    ["holds and fails", { roles: ["agent"], tiers: ["none"] }, "fails"],
    ["holds and unknown", { roles: ["agent"], tenureDays: { over: 1 } }, "unknown"],
    ["unknown and holds", { hasOpenDispute: true, roles: ["agent"] }, "unknown"],
    ["unknown and fails", { tenureDays: { over: 1 }, roles: ["admin"] }, "fails"],
    ["fails and unknown", { roles: ["admin"], tenureDays: { over: 1 } }, "fails"],
    ["unknown and unknown", { tenureDays: { over: 1 }, hasOpenDispute: true }, "unknown"],
    [
      "unknown, unknown and fails",
      { tenureDays: { over: 1 }, hasOpenDispute: true, roles: ["admin"] },
      "fails",
    ],
    ["unknown and an amount that fails", { tenureDays: { over: 1 }, amount: { over: 2500 } }, "fails"],
    ["unknown and an amount that holds", { tenureDays: { over: 1 }, amount: { over: 2499 } }, "unknown"],
  ])("%s", (_name, when, state) => {
    const facts = someFacts({ ...employee({ startedAt: null }), hasOpenDispute: null });
    expect(conditionState(when, aRequest(), facts)).toBe(state);
  });
});

describe("a limit applies", () => {
  const applies = (limit: Parameters<typeof aLimit>[0], facts: Partial<Facts>) =>
    limitApplies(aLimit(limit), aPolicy(), aRequest(), someFacts(facts));

  test("by order only where there is an order, by team only where there is a team", () => {
    expect(applies({ scope: ["order"] }, { order: null })).toBe(false);
    expect(applies({ scope: ["order"] }, anyOrder)).toBe(true);
    expect(applies({ scope: ["customer", "team"] }, employee({ team: null }))).toBe(false);
    expect(applies({ scope: ["customer", "team"] }, employee({ team: "north" }))).toBe(true);
    expect(applies({ scope: ["organization"] }, { order: null, ...employee({ team: null }) })).toBe(true);
  });

  test("only when its condition is known to hold", () => {
    const when: When = { tenureDays: { over: 1 } };
    expect(applies({ when }, {})).toBe(true);
    expect(applies({ when }, employee({ startedAt: null }))).toBe(false);
    expect(applies({ when: { roles: ["admin"] } }, {})).toBe(false);
  });
});
