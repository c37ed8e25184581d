import { describe, expect, test } from "vitest";
import { aLimit, aPolicy, aRule, NOON } from "@/lib/discretion/fixtures";
import type { Limit, Verdict } from "@/lib/discretion/schema";
import type { SimulationRow } from "@/lib/discretion/simulate";
import { createReplay, type RecordedDecision } from "./replay";

const HOUR = 3_600_000;

const aRow = (parts: Partial<SimulationRow> = {}): SimulationRow => ({
  id: "d1",
  at: NOON,
  employee: "e1",
  customer: "c1",
  remedy: "credit",
  amount: 60,
  ...parts,
});

const aDecision = (
  parts: Partial<SimulationRow> = {},
  verdict: Verdict = "allow",
  ending: RecordedDecision["ending"] = null,
): RecordedDecision => ({ row: aRow(parts), verdict, ending });

/** A draft that allows one customer so much a day, beside a version in force that allows another sum. */
const replayOf = (draft: number, current: number, parts: Partial<Limit> = {}) =>
  createReplay(
    aPolicy({ limits: [aLimit({ max: draft, ...parts })] }),
    aPolicy({ limits: [aLimit({ max: current, ...parts })] }),
  );

describe("two policies side by side", () => {
  // Risk: what the version in force spends is taken from the draft's budget, or the other way round.
  test("each spend a budget of their own: what one denies leaves it room for what comes later", () => {
    const replay = replayOf(50, 100, { over: "deny" });
    const said = [60, 50, 40, 1].map((amount) => replay.decide(aDecision({ amount })));
    expect(said.map(({ current, draft }) => [current, draft])).toEqual([
      ["allow", "deny"],
      ["deny", "allow"],
      ["allow", "deny"],
      ["deny", "deny"],
    ]);
    const { flow, differing, decisions, verdicts } = replay.result();
    expect(decisions).toEqual({ count: 4, amount: 151 });
    expect(flow.current.allow.deny).toEqual({ count: 2, amount: 100 });
    expect(flow.current.deny.allow).toEqual({ count: 1, amount: 50 });
    expect(flow.current.deny.deny).toEqual({ count: 1, amount: 1 });
    expect(flow.recorded.allow).toMatchObject({ allow: { count: 1 }, deny: { count: 3 } });
    expect(differing).toEqual({ recorded: 3, current: 3 });
    expect(verdicts.draft.allow).toEqual({ count: 1, amount: 50 });
  });

  test("that are the same never differ, whatever was recorded", () => {
    const replay = replayOf(100, 100);
    for (const verdict of ["allow", "bend", "handover", "deny"] as const) {
      const said = replay.decide(aDecision({}, verdict));
      expect(said.draft).toBe(said.current);
    }
    expect(replay.result().differing).toEqual({ recorded: 2, current: 0 });
  });

  test("tell the check that the draft's verdict hangs on", () => {
    const draft = aPolicy({ rules: [aRule({ id: "no-credit", when: { remedies: ["credit"] } })] });
    expect(createReplay(draft, aPolicy({})).decide(aDecision())).toMatchObject({
      draft: "deny",
      current: "allow",
      binding: "no-credit",
    });
  });

  test("sum up what was asked for by team and by cause", () => {
    const replay = replayOf(50, 100);
    replay.decide(aDecision({ team: "north", cause: "late" }));
    replay.decide(aDecision({ customer: "c2", amount: 40, cause: "late" }));
    const { teams, causes } = replay.result();
    expect(teams.map(({ key, total }) => [key, total.count])).toEqual([
      ["north", 1],
      [null, 1],
    ]);
    expect(causes).toMatchObject([
      {
        key: "late",
        total: { count: 2, amount: 100 },
        solved: { current: { count: 2, amount: 100 }, draft: { count: 1, amount: 40 } },
      },
    ]);
  });
});

describe("how things ended", () => {
  const ends = (of: "handover" | "gift") => ({ at: NOON + 2 * HOUR, of });

  // Risk: a handover that ran out long ago blocks a customer's budget for the whole replay, which it did not in truth.
  test("a handover that came to nothing holds its amount until then, and not longer", () => {
    const replay = replayOf(100, 100);
    replay.decide(aDecision({ amount: 120 }, "handover", ends("handover")));
    const later = (hours: number) =>
      replay.decide(aDecision({ at: NOON + hours * HOUR, amount: 30 }, "handover")).draft;
    expect(later(1)).toBe("handover");
    expect(later(2)).toBe("allow");
  });

  test("what only the draft hands over is taken to have been approved, however the recorded one ended", () => {
    const replay = replayOf(50, 100);
    replay.decide(aDecision({ amount: 60 }, "allow"));
    const later = replay.decide(aDecision({ at: NOON + 3 * HOUR, amount: 10 }));
    expect(later).toMatchObject({ current: "allow", draft: "handover" });
  });

  test("what the draft would not have handed over was given, though the recorded handover came to nothing", () => {
    const replay = replayOf(200, 100);
    replay.decide(aDecision({ amount: 120 }, "handover", ends("handover")));
    const later = replay.decide(aDecision({ at: NOON + 3 * HOUR, amount: 90 }));
    expect(later).toMatchObject({ current: "allow", draft: "handover" });
  });

  test("what was reversed is free again under every policy", () => {
    const replay = replayOf(50, 100);
    replay.decide(aDecision({ amount: 60 }, "allow", ends("gift")));
    const later = replay.decide(aDecision({ at: NOON + 2 * HOUR, amount: 50 }));
    expect(later).toMatchObject({ current: "allow", draft: "allow" });
  });
});

describe("what was before the span", () => {
  test("counts from its beginning, as it stood, and is part of no sum", () => {
    const replay = replayOf(100, 100);
    replay.remember({ row: aRow({ amount: 90 }), as: "posted", endedAt: null });
    expect(replay.decide(aDecision({ at: NOON + HOUR, amount: 20 })).draft).toBe("handover");
    expect(replay.result().decisions.count).toBe(1);
  });

  test("stops counting when it ended within the span", () => {
    const replay = replayOf(100, 100);
    replay.remember({ row: aRow({ amount: 90 }), as: "reserved", endedAt: NOON + 2 * HOUR });
    const at = (hours: number) => replay.decide(aDecision({ at: NOON + hours * HOUR, amount: 20 })).draft;
    expect(at(1)).toBe("handover");
    replay.decide(aDecision({ at: NOON + 2 * HOUR, amount: 1, customer: "c2" }));
    expect(at(3)).toBe("allow");
  });

  test("takes from an order what was refunded of it", () => {
    const refund = { remedy: "refund", order: "o1", orderPaid: 100 } as const;
    const replay = createReplay(aPolicy({}), aPolicy({}));
    replay.remember({ row: aRow({ ...refund, amount: 70 }), as: "posted", endedAt: null });
    expect(replay.decide(aDecision({ ...refund, amount: 31 })).draft).toBe("deny");
    expect(replay.decide(aDecision({ ...refund, amount: 30 })).draft).toBe("allow");
  });
});

describe("amounts that were not sent", () => {
  const ask = (amount: number, isLowered: boolean) => ({
    row: aRow({ amount }),
    verdict: "handover" as const,
    isLowered,
  });

  test("count for those to come where nothing was sent in their place, and stand apart from the decisions", () => {
    const replay = replayOf(200, 100);
    replay.ask(ask(150, false));
    expect(replay.decide(aDecision({ amount: 60 }))).toMatchObject({
      current: "handover",
      draft: "handover",
    });
    const { unsent, decisions } = replay.result();
    expect(decisions).toEqual({ count: 1, amount: 60 });
    expect(unsent.abandoned.current.handover).toEqual({ count: 1, amount: 150 });
    expect(unsent.abandoned.draft.allow).toEqual({ count: 1, amount: 150 });
    expect(unsent.abandoned.recorded.handover).toEqual({ count: 1, amount: 150 });
    expect(unsent.lowered.draft.allow.count).toBe(0);
  });

  // Risk: the amount that was looked at and the one that was sent instead are both taken from one budget.
  test("are looked at and do not count where something lower was sent", () => {
    const replay = replayOf(200, 100);
    replay.ask(ask(150, true));
    expect(replay.decide(aDecision({ amount: 60 }))).toMatchObject({ current: "allow", draft: "allow" });
    expect(replay.result().unsent.lowered.draft.allow).toEqual({ count: 1, amount: 150 });
  });
});

test("a request of earlier than the one before is refused, rather than counted in the wrong order", () => {
  const replay = replayOf(100, 100);
  replay.decide(aDecision({ at: NOON }));
  expect(() => replay.decide(aDecision({ at: NOON - 1 }))).toThrow(RangeError);
});
