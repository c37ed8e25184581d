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

  test("never add one currency to another", () => {
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
