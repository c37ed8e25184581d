import { describe, expect, test } from "vitest";
import { aLimit, aRule } from "./fixtures";
import { limitHidesLimit, ruleHides, windowContains } from "./hiding";
import type { Limit, Rule, When, Window } from "./schema";

const rolling = (rollingDays: number): Window => ({ rollingDays });

// Risk: an author removes a limit that they were told does nothing, and it was the one that held.
describe("one window contains another", () => {
  test.each<[Window, Window[], Window[]]>([
    ["decision", ["decision"], ["case", "day", rolling(1), "lifetime"]],
    ["case", ["decision", "case"], ["day", "lifetime"]],
    ["day", ["decision", "day", rolling(1)], ["case", "week", rolling(2), "lifetime"]],
    ["week", ["decision", "day", "week", rolling(1)], ["case", "month", "year", rolling(2), rolling(7)]],
    ["month", ["decision", "day", "month", rolling(1)], ["week", "year", rolling(2), rolling(28)]],
    [
      "year",
      ["decision", "day", "month", "year", rolling(1)],
      ["week", rolling(2), rolling(365), "lifetime"],
    ],
    ["lifetime", ["decision", "case", "day", "week", "month", "year", rolling(3660), "lifetime"], []],
    [rolling(1), ["decision", "day", rolling(1)], ["case", "week", rolling(2)]],
    [rolling(6), ["day", rolling(6)], ["week", rolling(7)]],
    [rolling(7), ["week", rolling(7)], ["month", rolling(8)]],
    [rolling(30), ["week"], ["month"]],
    [rolling(31), ["month"], ["year", "case"]],
    [rolling(365), ["month"], ["year"]],
    [rolling(366), ["year"], ["lifetime", rolling(367)]],
  ])("%j", (wide, inside, outside) => {
    expect(inside.filter((window) => !windowContains(wide, window))).toEqual([]);
    expect(outside.filter((window) => windowContains(wide, window))).toEqual([]);
  });
});

describe("a limit hides another one", () => {
  const hides = (wide: Partial<Limit>, hidden: Partial<Limit> = {}) =>
    limitHidesLimit(aLimit({ id: "wide", ...wide }), aLimit({ id: "hidden", ...hidden }));

  test.each<[string, Partial<Limit>, Partial<Limit>]>([
    ["of the same kind", {}, {}],
    ["with a lower maximum", { max: 19_999 }, {}],
    ["with a harder effect", { over: "deny" }, {}],
    ["that more share", { scope: ["customer"] }, {}],
    ["that all share", { scope: ["organization"] }, {}],
    [
      "whose scope says the same",
      { scope: ["customer", "employee"] },
      { scope: ["employee", "customer", "organization"] },
    ],
    ["of a longer window", { window: "month" }, { window: "day" }],
    ["without its condition", {}, { when: { roles: ["agent"], amount: { over: 5 } } }],
    ["with a wider list", { when: { tiers: ["gold", "silver"] } }, { when: { tiers: ["gold"] } }],
    ["with a list of all", { when: { roles: ["agent", "manager", "admin", "auditor"] } }, {}],
    [
      "with a wider range",
      { when: { amount: { over: 5, under: 90 } } },
      { when: { amount: { over: 5, under: 89 } } },
    ],
    [
      "with an unknown of its own",
      { when: { tenureDays: { over: 3 } } },
      { when: { tenureDays: { over: 4 } } },
    ],
    [
      "about orders, as its scope is",
      { when: { hasOrder: true } },
      { scope: ["order", "employee", "customer"] },
    ],
    [
      "about orders, as their age is",
      { when: { hasOrder: true, orderAgeDays: { over: 1 } } },
      { when: { orderAgeDays: { over: 1 } } },
    ],
    [
      "about amounts above the maximum of a single decision",
      { when: { amount: { over: 20_000 } } },
      { window: "decision" },
    ],
    ["that counts, too", { measure: "count", max: 4 }, { measure: "count", max: 5 }],
  ])("%s", (_name, wide, hidden) => {
    expect(hides(wide, hidden)).toBe(true);
  });

  test.each<[string, Partial<Limit>, Partial<Limit>]>([
    ["with a higher maximum", { max: 20_001 }, {}],
    ["with a milder effect", { over: "bend" }, {}],
    ["that fewer share", {}, { scope: ["customer"] }],
    ["that others share", { scope: ["team"] }, {}],
    ["of a shorter window", { window: "day" }, { window: "week" }],
    ["that counts instead", { measure: "count", max: 0 }, {}],
    ["with a condition more", { when: { channels: ["phone"] } }, {}],
    ["with a narrower list", { when: { causes: ["a"] } }, { when: { causes: ["a", "b"] } }],
    ["with a narrower range", { when: { amount: { over: 6 } } }, { when: { amount: { over: 5 } } }],
    ["with an end", { when: { amount: { under: 9 } } }, { when: { amount: { over: 5 } } }],
    ["without its unknown, which hands over", {}, { when: { hasOpenDispute: true } }],
    ["about orders of which it is not known that there is one", { when: { hasOrder: true } }, {}],
    ["about the other answer", { when: { hasOpenDispute: true } }, { when: { hasOpenDispute: false } }],
    ["about amounts above its maximum, when others came before", { when: { amount: { over: 20_000 } } }, {}],
    ["about all but amounts of zero", { when: { amount: { over: 0 } } }, {}],
    ["about no order", { when: { hasOrder: false } }, { scope: ["order", "employee", "customer"] }],
  ])("but not %s", (_name, wide, hidden) => {
    expect(hides(wide, hidden)).toBe(false);
  });
});

describe("a rule hides", () => {
  const rule = (effect: Rule["effect"], when?: When) => aRule({ effect, when });

  test("a rule that is narrower and no harder", () => {
    const wide = rule("handover", { remedies: ["refund", "gift"] });
    expect(ruleHides(wide, rule("bend", { remedies: ["gift"] }))).toBe(true);
    expect(ruleHides(wide, rule("handover", { remedies: ["gift"], hasOrder: true }))).toBe(true);
    expect(ruleHides(wide, rule("deny", { remedies: ["gift"] }))).toBe(false);
    expect(ruleHides(wide, rule("bend", { remedies: ["credit"] }))).toBe(false);
    expect(ruleHides(wide, rule("bend"))).toBe(false);
  });

  test("what hands over for want of a fact only where it does, too", () => {
    const unknowable = { remedies: ["gift" as const], tenureDays: { under: 30 } };
    expect(ruleHides(rule("bend", { remedies: ["gift"] }), rule("bend", unknowable))).toBe(false);
    expect(ruleHides(rule("handover", { remedies: ["gift"] }), rule("bend", unknowable))).toBe(true);
    expect(ruleHides(rule("bend", { tenureDays: { under: 31 } }), rule("bend", unknowable))).toBe(true);
  });

  test("a limit whose every request it meets as hard", () => {
    const limit = aLimit({ over: "handover", when: { roles: ["agent"] } });
    expect(ruleHides(rule("handover", { roles: ["agent", "manager"] }), limit)).toBe(true);
    expect(ruleHides(rule("bend", { roles: ["agent"] }), limit)).toBe(false);
    expect(ruleHides(rule("deny", { roles: ["agent"], hasOrder: true }), limit)).toBe(false);
    expect(ruleHides(rule("deny", { hasOrder: true }), aLimit({ scope: ["order"] }))).toBe(true);
    expect(ruleHides(rule("deny", { amount: { over: 20_000 } }), aLimit({ window: "decision" }))).toBe(true);
    expect(ruleHides(rule("deny", { amount: { over: 20_001 } }), aLimit({ window: "decision" }))).toBe(false);
  });
});
