import { describe, expect, test } from "vitest";
import { countedOf, isEqual, movedIds, policyDifference, whomOf } from "./difference";
import { aLimit, aPolicy, aRule } from "./fixtures";
import type { Example, Limit, Policy, Rule } from "./schema";

const example = (id: string): Example => ({
  id,
  given: { employee: { role: "agent" } },
  when: { remedy: "credit", amount: 1 },
  then: { verdict: "allow" },
});

function original(): Policy {
  return aPolicy({
    values: [
      { id: "ownership", text: "Own it." },
      { id: "openness", text: "Say why." },
    ],
    limits: [
      aLimit({ id: "day", when: { roles: ["agent"] } }),
      aLimit({ id: "week", window: "week", max: 50_000 }),
      aLimit({ id: "year", window: "year", max: 90_000 }),
    ],
    rules: [aRule({ id: "no-order", when: { hasOrder: false } }), aRule({ id: "old", effect: "bend" })],
    examples: [example("small"), example("large")],
  });
}

function difference(change: (after: Policy) => void) {
  const after = original();
  change(after);
  return policyDifference(original(), after);
}

function at<Part>(list: readonly Part[] | undefined, index: number): Part {
  const part = list?.[index];
  if (part === undefined) throw new Error(`There is no number ${index}.`);
  return part;
}

const limit = (change: Partial<Limit>) =>
  difference((after) => void Object.assign(at(after.limits, 0), change));
const rule = (change: Partial<Rule>) => difference((after) => void Object.assign(at(after.rules, 0), change));
const details = (differences: ReturnType<typeof difference>) =>
  differences.flatMap((one) => ("details" in one ? [...one.details] : []));

// Risk: an admin puts something in force that nobody told them of.
describe("the difference of two policies", () => {
  test("is nothing for the same one, however it is written", () => {
    expect(difference(() => undefined)).toEqual([]);
    const rewritten = difference((after) => {
      const { limits } = after;
      limits[0] = { ...at(limits, 0), scope: ["customer", "employee", "organization"], value: undefined };
      after.mission = undefined;
      at(after.rules, 0).when = { hasOrder: false, roles: undefined };
    });
    expect(rewritten).toEqual([]);
    const listed = (roles: Limit["when"]) => aPolicy({ limits: [aLimit({ when: roles })] });
    expect(
      policyDifference(
        listed({ roles: ["agent", "manager"], tiers: ["a", "b"] }),
        listed({ roles: ["manager", "agent", "agent"], tiers: ["b", "a"] }),
      ),
    ).toEqual([]);
    expect(policyDifference(aPolicy({ examples: [] }), aPolicy())).toEqual([]);
  });

  test("tells what a limit does otherwise, field by field", () => {
    expect(limit({ max: 30_000 })).toEqual([
      {
        list: "limits",
        id: "day",
        kind: "changed",
        before: at(original().limits, 0),
        after: { ...at(original().limits, 0), max: 30_000 },
        moved: false,
        details: [
          {
            field: "max",
            before: { measure: "amount", max: 20_000 },
            after: { measure: "amount", max: 30_000 },
          },
        ],
      },
    ]);
    const all = limit({
      scope: ["team"],
      window: { rollingDays: 7 },
      measure: "count",
      max: 5,
      over: "deny",
      when: { roles: ["agent", "manager"], remedies: ["gift"], hasOrder: true },
      why: "Because.",
      say: "Sorry.",
      value: "ownership",
    });
    expect(details(all)).toEqual([
      { field: "max", before: { measure: "amount", max: 20_000 }, after: { measure: "count", max: 5 } },
      {
        field: "who",
        before: { counted: "each", roles: ["agent"] },
        after: { counted: "team", roles: ["agent", "manager"] },
      },
      { field: "whom", before: "customer", after: "all" },
      { field: "window", before: "day", after: { rollingDays: 7 } },
      { field: "over", before: "handover", after: "deny" },
      {
        field: "when",
        before: null,
        after: { remedies: ["gift"], hasOrder: true },
        conditions: ["remedies", "hasOrder"],
      },
      { field: "why", before: "Enough to put things right.", after: "Because." },
      { field: "say", before: "I can put this right now.", after: "Sorry." },
      { field: "value", before: null, after: "ownership" },
    ]);
  });

  test("tells what a rule does otherwise, and which of its conditions changed", () => {
    expect(
      details(
        rule({
          effect: "bend",
          when: { hasOrder: false, roles: ["agent"], amount: { over: 5 } },
          value: "openness",
        }),
      ),
    ).toEqual([
      { field: "effect", before: "deny", after: "bend" },
      {
        field: "when",
        before: { hasOrder: false },
        after: { hasOrder: false, roles: ["agent"], amount: { over: 5 } },
        conditions: ["roles", "amount"],
      },
      { field: "value", before: null, after: "openness" },
    ]);
    expect(details(rule({ when: undefined }))).toMatchObject([{ before: { hasOrder: false }, after: null }]);
  });

  test("tells of mission, currency, time zone, values and examples", () => {
    const all = difference((after) => {
      after.mission = "Put it right.";
      after.currency = "EUR";
      after.timeZone = "UTC";
      at(after.values, 0).text = "Own all of it.";
      Object.assign(at(after.examples, 0), {
        says: "A small one.",
        given: { employee: { role: "manager" } },
        when: { remedy: "gift", amount: 2 },
        then: { verdict: "deny" },
      });
    });
    expect(all.slice(0, 3)).toEqual([
      { list: "document", field: "mission", before: null, after: "Put it right." },
      { list: "document", field: "currency", before: "USD", after: "EUR" },
      { list: "document", field: "timeZone", before: "America/New_York", after: "UTC" },
    ]);
    expect(all.slice(3)).toMatchObject([
      {
        list: "values",
        id: "ownership",
        details: [{ field: "text", before: "Own it.", after: "Own all of it." }],
      },
      {
        list: "examples",
        id: "small",
        details: [
          { field: "says", before: null, after: "A small one." },
          { field: "given" },
          { field: "when" },
          { field: "then", before: { verdict: "allow" }, after: { verdict: "deny" } },
        ],
      },
    ]);
  });

  test("tells what is new, gone, called otherwise and put elsewhere, in the new order", () => {
    const all = difference((after) => {
      const [day, week, year] = after.limits as [Limit, Limit, Limit];
      after.limits = [aLimit({ id: "new", max: 1 }), week, { ...day, id: "agent-day" }, { ...year, max: 1 }];
      after.rules.reverse();
      after.values.splice(1, 1);
      after.examples = undefined;
    });
    expect(all.map((one) => [one.list, "kind" in one && one.kind, "id" in one && one.id])).toEqual([
      ["limits", "added", "new"],
      ["limits", "renamed", "agent-day"],
      ["limits", "changed", "year"],
      ["rules", "moved", "no-order"],
      ["values", "removed", "openness"],
      ["examples", "removed", "small"],
      ["examples", "removed", "large"],
    ]);
    expect(at(all, 1)).toMatchObject({ from: "day" });
  });

  test("says of what changed and moved that it did both", () => {
    const all = difference((after) => {
      const [day, ...others] = after.limits as [Limit, Limit, Limit];
      after.limits = [...others, { ...day, max: 1 }];
    });
    expect(all).toMatchObject([{ id: "day", kind: "changed", moved: true }]);
  });

  test("takes the same part under a new id for renamed once only", () => {
    const twins = difference((after) => {
      const [day, ...others] = after.limits as [Limit, Limit, Limit];
      after.limits = [{ ...day, id: "one" }, { ...day, id: "two" }, ...others];
    });
    expect(twins.map((one) => "kind" in one && [one.kind, one.id])).toEqual([
      ["renamed", "one"],
      ["added", "two"],
    ]);
  });

  test("stands while a number cannot be read", () => {
    expect(details(limit({ max: Number.NaN }))).toEqual([
      {
        field: "max",
        before: { measure: "amount", max: 20_000 },
        after: { measure: "amount", max: Number.NaN },
      },
    ]);
    const unread = aPolicy({ limits: [aLimit({ max: Number.NaN })] });
    expect(policyDifference(unread, aPolicy({ limits: [aLimit({ max: Number.NaN })] }))).toEqual([]);
  });
});

describe("who moved", () => {
  const moved = (from: string, to: string) => {
    const parts = (ids: string) => [...ids].map((id) => ({ id }));
    return [...movedIds(parts(from), parts(to))].sort().join("");
  };

  test.each([
    ["abcd", "abcd", ""],
    ["abcd", "bcda", "a"],
    ["abcd", "dabc", "d"],
    ["abcd", "acbd", "c"],
    ["abcdef", "dabcfe", "df"],
    ["abcd", "xaybzcd", ""],
    ["abcd", "da", "a"],
    ["", "ab", ""],
  ])("from %j to %j: %j", (from, to, expected) => {
    const found = moved(from, to);
    // Of two that changed places either may be said to have moved.
    expect(found).toHaveLength(expected.length);
    const kept = (ids: string) =>
      [...ids].filter((id) => from.includes(id) && to.includes(id) && !found.includes(id));
    expect(kept(to)).toEqual(kept(from));
  });
});

test("who is counted together and for whom, is told by the scope", () => {
  expect(countedOf(["employee", "customer"])).toBe("each");
  expect(countedOf(["team", "employee"])).toBe("eachInTeam");
  expect(countedOf(["team"])).toBe("team");
  expect(countedOf(["customer"])).toBe("all");
  expect(whomOf(["employee", "customer"])).toBe("customer");
  expect(whomOf(["order", "customer"])).toBe("customerOrder");
  expect(whomOf(["order"])).toBe("order");
  expect(whomOf(["organization"])).toBe("all");
});

test("equal is what says the same", () => {
  expect(isEqual({ a: 1, b: [{ c: Number.NaN }] }, { b: [{ c: Number.NaN }], a: 1, d: undefined })).toBe(
    true,
  );
  for (const [a, b] of [
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: 1 }, { b: 1 }],
    [{}, []],
    [{}, null],
    ["1", 1],
    [{ toString: 1 }, { valueOf: 1 }],
  ]) {
    expect(isEqual(a, b), JSON.stringify([a, b])).toBe(false);
    expect(isEqual(b, a)).toBe(false);
  }
});
