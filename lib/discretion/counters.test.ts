import { describe, expect, test } from "vitest";
import { counterDefinition, counterKey, orderCounterKey, scopeKey, usageQueries } from "./counters";
import { fnv1a64 } from "./digest";
import { aLimit, anOrder, aPolicy, aRequest, someFacts } from "./fixtures";
import type { Facts } from "./types";

const definitionOf = (limit: Parameters<typeof aLimit>[0] = {}, policy: Parameters<typeof aPolicy>[0] = {}) =>
  counterDefinition(aLimit(limit), aPolicy(policy));
const keyOf = (limit: Parameters<typeof aLimit>[0], request = aRequest(), facts: Partial<Facts> = {}) =>
  counterKey(aLimit(limit), aPolicy(), request, someFacts(facts));

describe("a counter's definition", () => {
  // Written into every counter row: were it to come out differently one day, all that was spent would be forgotten.
  test("never changes", () => {
    expect(definitionOf()).toBe("employee+customer.day.771ec92ef4ded8e4");
    expect(definitionOf({ scope: ["organization"], window: "lifetime" })).toBe(
      "organization.lifetime.6ac99f21e0ceda22",
    );
    expect(
      definitionOf({
        scope: ["team"],
        window: { rollingDays: 30 },
        when: { roles: ["agent"], amount: { over: 100 }, hasOrder: true, tiers: ["gold", "größte"] },
      }),
    ).toBe("team.rolling30.671e176bf80141c2");
  });

  test("is the same whatever the maximum, the measure, the effect and the words", () => {
    const other = {
      id: "x",
      max: 1,
      measure: "count",
      over: "deny",
      why: "w",
      say: "s",
      value: "v",
    } as const;
    expect(definitionOf(other)).toBe(definitionOf());
  });

  test("is the same in whichever order scopes, conditions and their members are written", () => {
    expect(definitionOf({ scope: ["customer", "employee"] })).toBe(definitionOf());
    expect(definitionOf({ when: { tiers: ["b", "a", "b"], roles: ["agent"] } })).toBe(
      definitionOf({ when: { roles: ["agent"], tiers: ["a", "b"] } }),
    );
    expect(definitionOf({ when: { amount: { under: 9, over: 3 } } })).toBe(
      definitionOf({ when: { amount: { over: 3, under: 9 } } }),
    );
    expect(definitionOf({ when: {} })).toBe(definitionOf());
    expect(definitionOf({ scope: ["organization", "customer", "employee"] })).toBe(definitionOf());
  });

  test("differs with scope, window, condition, currency and time zone", () => {
    const definitions = [
      definitionOf(),
      definitionOf({ scope: ["employee"] }),
      definitionOf({ window: "week" }),
      definitionOf({ window: { rollingDays: 1 } }),
      definitionOf({ window: { rollingDays: 2 } }),
      definitionOf({ when: { roles: ["agent"] } }),
      definitionOf({ when: { teams: ["agent"] } }),
      definitionOf({ when: { amount: { over: 3 } } }),
      definitionOf({ when: { amount: { under: 3 } } }),
      definitionOf({ when: { hasOrder: true } }),
      definitionOf({ when: { hasOrder: false } }),
      definitionOf({}, { currency: "EUR" }),
      definitionOf({}, { timeZone: "Europe/London" }),
    ];
    expect(new Set(definitions).size).toBe(definitions.length);
  });

  test("is the same in any time zone where no calendar bounds the window", () => {
    for (const window of ["lifetime", "case", "decision"] as const) {
      expect(definitionOf({ window }, { timeZone: "Europe/London" })).toBe(definitionOf({ window }));
    }
  });
});

test("the digest is FNV-1a with 64 bits, by its published vectors", () => {
  expect(fnv1a64("")).toBe("cbf29ce484222325");
  expect(fnv1a64("a")).toBe("af63dc4c8601ec8c");
  expect(fnv1a64("foobar")).toBe("85944171f73967e8");
});

describe("a counter's key", () => {
  test.each([
    [["employee"], "employee:e1"],
    [["customer", "employee"], "employee:e1/customer:c1"],
    [["order", "team", "customer", "employee"], "employee:e1/customer:c1/team:north/order:o1"],
    [["organization"], "organization"],
    [["organization", "team"], "team:north"],
  ] as const)("of scope %j reads %s", (scope, text) => {
    expect(keyOf({ scope: [...scope] }, aRequest(), { order: anOrder() as Facts["order"] })?.scopeKey).toBe(
      text,
    );
  });

  test("is the key of the calendar day where the organization is", () => {
    const lateAtNight = aRequest({ at: Date.parse("2026-05-13T03:59:59Z") });
    expect(keyOf({ window: "day" }, lateAtNight)).toMatchObject({ bucket: "2026-05-12", rollingFrom: null });
    expect(keyOf({ window: { rollingDays: 3 } }, lateAtNight)).toMatchObject({
      bucket: "2026-05-12",
      rollingFrom: "2026-05-10",
    });
    expect(keyOf({ window: "year" }, lateAtNight)).toMatchObject({ bucket: "2026-01-01", rollingFrom: null });
    expect(keyOf({ window: "lifetime" }, lateAtNight)).toMatchObject({
      bucket: "0001-01-01",
      rollingFrom: null,
    });
  });

  test("by case ends with the case; a request without one has none, for it stands alone", () => {
    expect(keyOf({ window: "case" }, aRequest({ caseId: "k1" }))).toMatchObject({
      scopeKey: "employee:e1/customer:c1/case:k1",
      bucket: "0001-01-01",
    });
    expect(keyOf({ window: "case" }, aRequest({ caseId: null }))).toBeNull();
    expect(keyOf({ window: "case" }, aRequest())).toBeNull();
  });

  test("is none where nothing is kept: for one decision, without the order or the team", () => {
    expect(keyOf({ window: "decision" })).toBeNull();
    expect(keyOf({ scope: ["order"] })).toBeNull();
    expect(
      keyOf({ scope: ["team"] }, aRequest(), { employee: { ...someFacts().employee, team: null } }),
    ).toBeNull();
  });

  test("is none where an id that it needs is missing, rather than the key of something larger", () => {
    const ids = { employee: "e1", customer: "c1", team: null, order: null };
    expect(scopeKey(["order"], ids)).toBeNull();
    expect(scopeKey(["employee", "team"], ids)).toBeNull();
    expect(scopeKey(["employee"], ids, true)).toBeNull();
  });

  // Ids from a file may hold anything; two customers must never share an allowance.
  test("keeps ids apart that contain the signs it is written with", () => {
    const ids = { team: null, order: null };
    expect(scopeKey(["employee", "customer"], { ...ids, employee: "a/customer:b", customer: "c" })).not.toBe(
      scopeKey(["employee", "customer"], { ...ids, employee: "a", customer: "b/customer:c" }),
    );
    expect(scopeKey(["employee"], { ...ids, employee: "a%2Fb", customer: "" })).not.toBe(
      scopeKey(["employee"], { ...ids, employee: "a/b", customer: "" }),
    );
    expect(orderCounterKey("A/1").scopeKey).toBe("order:A%2F1");
  });
});

describe("usage queries", () => {
  test("name every limit that keeps usage, in order, and agree with the keys that decisions are counted under", () => {
    const policy = aPolicy({
      limits: [
        aLimit({ id: "one", window: "decision" }),
        aLimit({ id: "two", window: { rollingDays: 7 }, scope: ["team"] }),
        aLimit({ id: "three", window: "case" }),
        aLimit({ id: "four", window: "month", scope: ["organization"] }),
      ],
    });
    const request = aRequest({ caseId: "k1" });
    const facts = someFacts();
    const ids = { employee: "e1", customer: "c1", team: "north", order: null, case: "k1" };
    const queries = usageQueries(policy, request.at);
    expect(queries.map((query) => query.limitId)).toEqual(["two", "three", "four"]);
    for (const { limitId, perCase, ...query } of queries) {
      const limit = policy.limits.find(({ id }) => id === limitId);
      const key = limit && counterKey(limit, policy, request, facts);
      expect({ ...query, scopeKey: scopeKey(query.scope, ids, perCase) }).toEqual(key);
    }
  });
});
