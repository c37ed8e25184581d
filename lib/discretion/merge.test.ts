import { describe, expect, test } from "vitest";
import { aLimit, aPolicy, aRule } from "./fixtures";
import { type DraftDocument, mergePolicies, resolve, type Side } from "./merge";
import type { Limit, Policy } from "./schema";

const base: Policy = aPolicy({
  mission: "Put it right.",
  values: [{ id: "ownership", text: "Own it." }],
  limits: [aLimit({ id: "a" }), aLimit({ id: "b", max: 500 }), aLimit({ id: "c", max: 900 })],
  rules: [aRule({ id: "r" })],
});
const [a, b, c] = base.limits as [Limit, Limit, Limit];

const merge = (mine: Partial<Policy>, theirs: Partial<Policy>) =>
  mergePolicies(base, { ...base, ...mine }, { ...base, ...theirs });
const limitsOf = (document: DraftDocument) => document.limits as Limit[];
const ids = (document: DraftDocument) =>
  limitsOf(document)
    .map(({ id }) => id)
    .join(" ");

describe("what only one of them changed", () => {
  test("is taken, and theirs is told", () => {
    const merged = merge(
      { mission: "Mine.", limits: [a, { ...b, max: 600 }, c] },
      { timeZone: "UTC", rules: [aRule({ id: "r", effect: "bend" })], values: [] },
    );
    expect(merged.conflicts).toEqual([]);
    expect(merged.merged).toEqual({
      ...base,
      mission: "Mine.",
      timeZone: "UTC",
      limits: [a, { ...b, max: 600 }, c],
      rules: [aRule({ id: "r", effect: "bend" })],
      values: [],
    });
    expect(merged.theirs).toEqual([
      { list: "document", id: "timeZone", kind: "changed", fields: ["timeZone"] },
      { list: "values", id: "ownership", kind: "removed", fields: [] },
      { list: "rules", id: "r", kind: "changed", fields: ["effect"] },
    ]);
  });

  test("is merged within one limit, field by field", () => {
    const { merged, conflicts, theirs } = merge(
      { limits: [{ ...a, max: 1 }, b, c] },
      { limits: [{ ...a, why: "Another.", value: "ownership" }, b, c] },
    );
    expect(conflicts).toEqual([]);
    expect(limitsOf(merged)[0]).toEqual({ ...a, max: 1, why: "Another.", value: "ownership" });
    expect(theirs).toEqual([{ list: "limits", id: "a", kind: "changed", fields: ["why", "value"] }]);
  });

  test("is taken where both did the same", () => {
    const changed = { limits: [{ ...a, max: 1 }, c], mission: undefined };
    const { merged, conflicts, theirs } = merge(changed, changed);
    expect([conflicts, theirs]).toEqual([[], []]);
    expect(ids(merged)).toBe("a c");
    expect(merged.mission).toBeUndefined();
  });

  test("is where it belongs: additions of both behind what they were put behind", () => {
    const x = aLimit({ id: "x" });
    const y = aLimit({ id: "y" });
    const { merged, conflicts } = merge(
      { limits: [a, x, b, c] },
      { limits: [y, a, b, c, { ...x, id: "z" }] },
    );
    expect(conflicts).toEqual([]);
    expect(ids(merged)).toBe("y a x b c z");
  });

  test("is moved where only one moved it", () => {
    const { merged, conflicts, theirs } = merge({ limits: [{ ...a, max: 1 }, b, c] }, { limits: [b, c, a] });
    expect(conflicts).toEqual([]);
    expect(ids(merged)).toBe("b c a");
    expect(limitsOf(merged)[2]?.max).toBe(1);
    expect(theirs).toEqual([{ list: "limits", id: "a", kind: "moved", fields: [] }]);
  });
});

// Risk: what one of two authors wrote is gone, and neither is told.
describe("what both changed otherwise is in conflict, and mine until it is settled", () => {
  const settled = (mine: Partial<Policy>, theirs: Partial<Policy>, side: Side) => {
    const merged = merge(mine, theirs);
    return resolve(merged, Object.fromEntries(merged.conflicts.map(({ key }) => [key, side])));
  };

  test("fields of a limit", () => {
    const mine = { limits: [{ ...a, max: 1, why: "Mine." }, b, c] };
    const theirs = { limits: [{ ...a, max: 2, say: "Theirs." }, b, c] };
    const { merged, conflicts } = merge(mine, theirs);
    expect(conflicts).toEqual([
      {
        key: "limits/part/a",
        list: "limits",
        id: "a",
        kind: "fields",
        fields: ["max"],
        base: a,
        mine: mine.limits[0],
        theirs: theirs.limits[0],
      },
    ]);
    expect(limitsOf(merged)[0]).toEqual({ ...a, max: 1, why: "Mine.", say: "Theirs." });
    expect(settled(mine, theirs, "mine")).toEqual(merged);
    expect(limitsOf(settled(mine, theirs, "theirs"))[0]).toEqual({
      ...a,
      max: 2,
      why: "Mine.",
      say: "Theirs.",
    });
  });

  // A number of 20000 decisions is what would come of it.
  test("a maximum and what it measures, which mean nothing apart", () => {
    const mine = { limits: [{ ...a, measure: "count" as const, max: 3 }, b, c] };
    const theirs = { limits: [{ ...a, max: 30_000 }, b, c] };
    const { merged, conflicts } = merge(mine, theirs);
    expect(conflicts).toMatchObject([{ fields: ["measure", "max"] }]);
    expect(limitsOf(merged)[0]).toMatchObject({ measure: "count", max: 3 });
    expect(limitsOf(settled(mine, theirs, "theirs"))[0]).toMatchObject({ measure: "amount", max: 30_000 });
  });

  test("a limit that one removed", () => {
    const without = { limits: [a, c] };
    const changed = { limits: [a, { ...b, max: 1 }, c] };
    expect(merge(without, changed).conflicts).toMatchObject([
      { id: "b", kind: "whole", base: b, mine: null, theirs: { id: "b", max: 1 } },
    ]);
    expect(ids(merge(without, changed).merged)).toBe("a c");
    expect(ids(settled(without, changed, "theirs"))).toBe("a b c");
    expect(ids(merge(changed, without).merged)).toBe("a b c");
    expect(ids(settled(changed, without, "theirs"))).toBe("a c");
  });

  test("two limits of one id", () => {
    const mine = { limits: [...base.limits, aLimit({ id: "new", max: 1 })] };
    const theirs = { limits: [...base.limits, aLimit({ id: "new", max: 2, value: "ownership" })] };
    const { merged, conflicts } = merge(mine, theirs);
    expect(conflicts).toMatchObject([{ id: "new", kind: "whole", base: null, fields: ["max", "value"] }]);
    expect(limitsOf(merged)[3]).toEqual(mine.limits[3]);
    expect(limitsOf(settled(mine, theirs, "theirs"))[3]).toEqual(theirs.limits[3]);
  });

  test("the mission", () => {
    expect(merge({ mission: "Mine." }, { mission: "Theirs." }).conflicts).toEqual([
      {
        key: "document/part/mission",
        list: "document",
        id: "mission",
        kind: "whole",
        fields: ["mission"],
        base: "Put it right.",
        mine: "Mine.",
        theirs: "Theirs.",
      },
    ]);
    expect(settled({ mission: undefined }, { mission: "Theirs." }, "theirs").mission).toBe("Theirs.");
    expect(settled({ mission: "Mine." }, { mission: undefined }, "theirs").mission).toBeUndefined();
  });

  test("an order", () => {
    const mine = { limits: [b, a, c] };
    const theirs = { limits: [b, c, a, aLimit({ id: "new" })] };
    const { merged, conflicts } = merge(mine, theirs);
    expect(conflicts).toMatchObject([
      {
        key: "limits/order/",
        kind: "order",
        fields: ["order"],
        base: ["a", "b", "c"],
        mine: ["b", "a", "c"],
        theirs: ["b", "c", "a", "new"],
      },
    ]);
    expect(ids(merged)).toBe("b a new c");
    expect(ids(settled(mine, theirs, "theirs"))).toBe("b c a new");
  });

  // 20000 is 200 dollars, and 20000 yen.
  test("the currency, when the other one has written amounts in the old one", () => {
    const theirs = { currency: "JPY" };
    expect(merge({ mission: "Mine." }, theirs)).toMatchObject({ merged: theirs, conflicts: [] });
    const { merged, conflicts } = merge({ limits: [a, b, { ...c, max: 1 }] }, theirs);
    expect(merged.currency).toBe("USD");
    expect(conflicts).toMatchObject([{ id: "currency", base: "USD", mine: "USD", theirs: "JPY" }]);
    expect(merge(theirs, { rules: [] }).conflicts).toMatchObject([{ id: "currency", mine: "JPY" }]);
  });
});

describe("a draft that is no policy yet", () => {
  test("is merged as far as it goes, and nothing throws", () => {
    const odd: DraftDocument[] = [
      {},
      { limits: 7, rules: null, examples: "none" },
      { limits: [null, 3, {}, { id: 7 }, { id: "" }, { id: "a" }, { id: "a", max: Number.NaN }, [1]] },
      JSON.parse('{ "__proto__": 1, "limits": [{ "id": "__proto__" }, { "id": "constructor" }], "foo": {} }'),
      base,
    ];
    for (const one of odd)
      for (const two of odd)
        for (const three of odd) {
          const merged = mergePolicies(one, two, three);
          const choices = Object.fromEntries(merged.conflicts.map(({ key }) => [key, "theirs" as const]));
          expect(() => resolve(merged, choices)).not.toThrow();
        }
  });

  test("keeps parts that have no id yet, of both", () => {
    const mine = { limits: [...base.limits, { max: 1 }] };
    const theirs = { limits: [...base.limits, { max: 2 }] };
    const { merged, conflicts } = mergePolicies(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(limitsOf(merged).slice(3)).toEqual([{ max: 2 }, { max: 1 }]);
  });

  test("gives every conflict a choice of its own, also where ids are used twice", () => {
    const draft = (max: number) => ({
      limits: [
        { id: "a", max },
        { id: "a", max: max + 1 },
        { id: "a#2", max },
      ],
    });
    const merged = mergePolicies(draft(1), draft(11), draft(21));
    const keys = merged.conflicts.map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
    const [, second = ""] = keys;
    expect(resolve(merged, { [second]: "theirs" })).toEqual({
      limits: [
        { id: "a", max: 11 },
        { id: "a", max: 22 },
        { id: "a#2", max: 11 },
      ],
    });
  });
});
