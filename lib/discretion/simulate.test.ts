import { describe, expect, test } from "vitest";
import { aLimit, aPolicy, aRule, NOON } from "./fixtures";
import type { Limit, Policy } from "./schema";
import { createSimulation, inReplayOrder, type SimulationRow } from "./simulate";
import { DAY_MS } from "./windows";

const aRow = (parts: Partial<SimulationRow> = {}): SimulationRow => ({
  id: "1",
  at: NOON,
  employee: "e1",
  customer: "c1",
  remedy: "credit",
  amount: 60,
  ...parts,
});

const replay = (policy: Partial<Policy>, ...rows: Partial<SimulationRow>[]) => {
  const simulation = createSimulation(aPolicy(policy));
  const results = rows.map((row) => simulation.decide(aRow(row)));
  return { verdicts: results.map(({ verdict }) => verdict), results, totals: simulation.totals() };
};
const limits = (...parts: Partial<Limit>[]) => ({
  limits: parts.map((part) => aLimit({ max: 100, ...part })),
});

describe("what counts for later rows", () => {
  test("allow, bend and handover do, deny does not", () => {
    expect(replay(limits({}), {}, {}, { amount: 40 }).verdicts).toEqual(["allow", "handover", "handover"]);
    expect(replay(limits({ over: "bend" }), {}, {}, { amount: 1 }).verdicts).toEqual([
      "allow",
      "bend",
      "bend",
    ]);
    expect(replay(limits({ over: "deny" }), {}, {}, { amount: 40 }).verdicts).toEqual([
      "allow",
      "deny",
      "allow",
    ]);
  });

  test("only rows to which the limit applied", () => {
    const policy = limits({ when: { amount: { over: 50 } } });
    expect(replay(policy, { amount: 50 }, { amount: 50 }, { amount: 60 }, { amount: 50 }).verdicts).toEqual([
      "allow",
      "allow",
      "allow",
      "allow",
    ]);
  });

  test("rows of another employee, customer, day do not", () => {
    expect(
      replay(limits({}), {}, { employee: "e2" }, { customer: "c2" }, { at: NOON + DAY_MS }).verdicts,
    ).toEqual(["allow", "allow", "allow", "allow"]);
  });

  test("a rolling window forgets the day that it leaves", () => {
    const policy = limits({ window: { rollingDays: 3 } });
    const days = [0, 1, 2, 3].map((day) => ({ at: NOON + day * DAY_MS, amount: 50 }));
    expect(replay(policy, ...days).verdicts).toEqual(["allow", "allow", "handover", "handover"]);
    expect(replay(policy, { amount: 100 }, { at: NOON + 2 * DAY_MS, amount: 1 }).verdicts[1]).toBe(
      "handover",
    );
    expect(replay(policy, { amount: 100 }, { at: NOON + 3 * DAY_MS, amount: 1 }).verdicts[1]).toBe("allow");
  });

  test("limits that share a counter see each row once", () => {
    const policy = limits({ id: "sum" }, { id: "often", measure: "count", max: 2 });
    expect(replay(policy, { amount: 10 }, { amount: 10 }, { amount: 10 }).verdicts).toEqual([
      "allow",
      "allow",
      "handover",
    ]);
  });

  test("rows of one case share its window; rows without one stand alone", () => {
    const policy = limits({ window: "case" });
    expect(replay(policy, { case: "k1" }, { case: "k1" }, { case: "k2" }, {}, {}).verdicts).toEqual([
      "allow",
      "handover",
      "allow",
      "allow",
      "allow",
    ]);
  });

  test("refunds of one order add up to what was paid on it, pending ones too", () => {
    const refund = { remedy: "refund", order: "o1", orderPaid: 100 } as const;
    expect(
      replay({}, refund, refund, { ...refund, amount: 40 }, { ...refund, order: "o2" }).verdicts,
    ).toEqual(["allow", "deny", "allow", "allow"]);
    const pending = limits({ max: 50, window: "decision" });
    expect(replay(pending, refund, { ...refund, amount: 41 }).verdicts).toEqual(["handover", "deny"]);
    expect(
      replay({}, { remedy: "credit", order: "o1", orderPaid: 100 }, { ...refund, amount: 100 }).verdicts,
    ).toEqual(["allow", "allow"]);
  });
});

describe("what was before the replay", () => {
  const remembering = (
    policy: Partial<Policy>,
    ...rows: [Partial<SimulationRow>, "posted" | "reserved"][]
  ) => {
    const simulation = createSimulation(aPolicy(policy));
    for (const [row, as] of rows) simulation.remember(aRow(row), as);
    return simulation;
  };

  test("counts as it stood, on every limit that applies, whatever the policy would have said", () => {
    const policy = limits({ over: "deny" }, { id: "small", when: { amount: { under: 50 } } });
    const simulation = remembering(policy, [{ amount: 900 }, "posted"]);
    expect(simulation.decide(aRow({ amount: 1 }))).toMatchObject({ verdict: "deny", binding: "guest-day" });
    const { explanation } = simulation.evaluateNext(aRow({ amount: 1 }));
    expect(explanation.checks.map(({ id, used }) => [id, used])).toEqual([
      ["guest-day", 900],
      ["small", 0],
    ]);
  });

  test("is posted or reserved, and part of no total", () => {
    const simulation = remembering(limits({}), [{ amount: 20 }, "posted"], [{ amount: 30 }, "reserved"]);
    expect(simulation.totals().allow).toEqual({ count: 0, amount: 0 });
    const [check] = simulation.evaluateNext(aRow({ amount: 50 })).explanation.checks;
    expect(check).toMatchObject({ used: 50, reserved: 30, left: 0 });
  });

  test("takes from the order what was refunded or is held, and nothing for other remedies", () => {
    const refund = { remedy: "refund", order: "o1", orderPaid: 100 } as const;
    const simulation = remembering({}, [refund, "posted"], [{ ...refund, amount: 30 }, "reserved"]);
    simulation.remember(aRow({ order: "o1" }), "posted");
    expect(simulation.decide(aRow({ ...refund, amount: 11 }))).toMatchObject({
      verdict: "deny",
      maxAmount: 10,
    });
    expect(simulation.decide(aRow({ ...refund, amount: 10 })).verdict).toBe("allow");
  });

  test("comes in the same order of time", () => {
    const simulation = remembering({}, [{ at: NOON }, "posted"]);
    expect(() => simulation.remember(aRow({ at: NOON - 1 }), "posted")).toThrow(RangeError);
    expect(() => simulation.decide(aRow({ at: NOON - 1 }))).toThrow(RangeError);
  });

  test("what had been refunded of an order counts once, as its first row that says so has it", () => {
    const refund = { remedy: "refund", order: "o1", orderPaid: 100, amount: 10 } as const;
    const rows = [refund, { ...refund, orderRefunded: 70 }, { ...refund, orderRefunded: 20 }, refund];
    const { results } = replay({}, ...rows, { ...refund, order: "o2" });
    expect(results.map(({ maxAmount }) => maxAmount)).toEqual([100, 20, 10, 0, 100]);
    expect(() => replay({}, { ...refund, orderRefunded: -1 })).toThrow(RangeError);
  });
});

describe("what came to nothing", () => {
  const refund = { remedy: "refund", order: "o1", orderPaid: 100, amount: 60 } as const;

  test("gives back what it held, on its limits and on its order, and stays in the totals", () => {
    const simulation = createSimulation(aPolicy(limits({ max: 50 })));
    const { verdict, holds } = simulation.evaluateNext(aRow(refund));
    expect(verdict).toBe("handover");
    expect(simulation.peek(aRow({ ...refund, amount: 50 })).verdict).toBe("deny");
    simulation.release(holds, "reserved");
    expect(simulation.peek(aRow({ ...refund, amount: 50 }))).toMatchObject({
      verdict: "allow",
      maxAmount: 50,
    });
    expect(simulation.totals().handover).toEqual({ count: 1, amount: 60 });
  });

  test("gives back what was counted of it before the replay", () => {
    const simulation = createSimulation(aPolicy(limits({ max: 80 })));
    const holds = simulation.remember(aRow(refund), "posted");
    expect(simulation.peek(aRow(refund)).verdict).toBe("deny");
    simulation.release(holds, "posted");
    expect(simulation.peek(aRow(refund)).verdict).toBe("allow");
  });
});

describe("a row in another currency", () => {
  const euros = { currency: "EUR", rate: { rate: "1.5", day: "2026-05-01" } };

  test("counts in the policy's for those to come, and in the totals", () => {
    const { results, totals } = replay(
      limits({ max: 200 }),
      { ...euros, amount: 100 },
      { amount: 40 },
      { ...euros, amount: 10 },
      { currency: "EUR", amount: 999 },
    );
    expect(results).toMatchObject([
      { verdict: "allow", counted: 150, maxAmount: 133 },
      { verdict: "allow", counted: 40, maxAmount: 50 },
      { verdict: "handover", counted: 15, maxAmount: 6 },
      { verdict: "handover", counted: null, maxAmount: 0 },
    ]);
    expect(totals).toMatchObject({
      allow: { count: 2, amount: 190 },
      handover: { count: 2, amount: 15 },
    });
  });

  test("worth more than a number carries stops neither the replay nor its totals", () => {
    const amount = Number.MAX_SAFE_INTEGER;
    const { verdicts, totals } = replay(limits({}), { ...euros, amount }, { ...euros, amount }, {});
    expect(verdicts).toEqual(["handover", "handover", "handover"]);
    expect(totals.handover).toEqual({ count: 3, amount });
  });
});

describe("what is left out", () => {
  test("makes an agent without team, tier, cause and channel, in the policy's currency", () => {
    const rule = (when: Policy["rules"][number]["when"]) => ({ rules: [aRule({ when })] });
    expect(replay(rule({ roles: ["agent"] }), {}).verdicts).toEqual(["deny"]);
    expect(replay(rule({ teams: ["north"] }), {}).verdicts).toEqual(["allow"]);
    expect(replay(rule({ tiers: ["gold"] }), {}).verdicts).toEqual(["allow"]);
    expect(replay(rule({ causes: ["carrier"] }), {}).verdicts).toEqual(["allow"]);
    expect(replay(rule({ channels: ["phone"] }), {}).verdicts).toEqual(["allow"]);
    expect(replay({}, { currency: "EUR" }).results).toMatchObject([
      { verdict: "handover", binding: "exchange-rate" },
    ]);
  });

  test("is unknown for tenure, an order's date, what was paid and disputes", () => {
    const rule = (when: Policy["rules"][number]["when"]) => ({ rules: [aRule({ when })] });
    expect(
      replay(rule({ tenureDays: { over: 1 } }), {}, { tenureDays: 1 }, { tenureDays: 2 }).verdicts,
    ).toEqual(["handover", "allow", "deny"]);
    const order = { order: "o1" };
    expect(
      replay(rule({ orderAgeDays: { over: 1 } }), {}, order, { ...order, orderAt: NOON - 2 * DAY_MS })
        .verdicts,
    ).toEqual(["allow", "handover", "deny"]);
    expect(replay({}, { ...order, remedy: "refund" }).verdicts).toEqual(["handover"]);
    expect(replay(rule({ hasOpenDispute: true }), {}, { hasOpenDispute: false }).verdicts).toEqual([
      "handover",
      "allow",
    ]);
  });
});

describe("totals", () => {
  test("count and add up by verdict; a bend without a note stays a bend", () => {
    const policy = {
      ...limits({ over: "deny" }),
      rules: [aRule({ effect: "bend", when: { amount: { under: 10 } } })],
    };
    expect(replay(policy, {}, { amount: 5 }, { amount: 90 }, { amount: 35 }).totals).toEqual({
      allow: { count: 2, amount: 95 },
      bend: { count: 1, amount: 5 },
      handover: { count: 0, amount: 0 },
      deny: { count: 1, amount: 90 },
    });
  });

  test("never add one currency to another without a rate", () => {
    expect(replay({}, { currency: "EUR" }).totals.handover).toEqual({ count: 1, amount: 0 });
  });

  test("throw rather than lose a cent", () => {
    const amount = Number.MAX_SAFE_INTEGER;
    expect(() => replay({}, { amount }, { amount: 1 })).toThrow(RangeError);
  });
});

test("rows are replayed in order of time, equal ones as they came, and never backwards", () => {
  const rows = [aRow({ id: "b", at: 2 }), aRow({ id: "a", at: 1 }), aRow({ id: "c", at: 2 })];
  expect(inReplayOrder(rows).map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(() => replay({}, { at: 2 }, { at: 1 })).toThrow(RangeError);
});
