import { describe, expect, it } from "vitest";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import { startingPolicy } from "@/lib/discretion/starting-policy";
import { newLimit, newRule, readDraft, slug, suggestLimitId, suggestRuleId, toDraft } from "./policy-draft";

const why = "Because it is right.";
const say = "I can do this for you now.";

/** Every kind of scope, window, measure, effect and condition that a policy can hold. */
const EVERYTHING: Policy = {
  currency: "KWD",
  timeZone: "Asia/Kuwait",
  values: [{ id: "ownership", text: "Whoever hears of a problem owns it." }],
  limits: [
    {
      id: "a",
      scope: ["customer", "employee"],
      window: { rollingDays: 30 },
      measure: "amount",
      max: 1_234_567,
      over: "deny",
      when: {
        roles: ["agent", "manager"],
        teams: ["front-desk"],
        tiers: ["gold", "silver"],
        remedies: ["refund", "limit_extension"],
        causes: ["carrier, or so"],
        channels: ["phone"],
        amount: { over: 0, under: 9_007_199_254_740_991 },
        orderAgeDays: { over: 90 },
        tenureDays: { under: 30 },
        hasOrder: false,
        hasOpenDispute: true,
      },
      why,
      say,
      value: "ownership",
    },
    {
      id: "b",
      scope: ["organization"],
      window: "lifetime",
      measure: "count",
      max: 0,
      over: "bend",
      why,
      say,
    },
    {
      id: "c",
      scope: ["order", "team"],
      window: "case",
      measure: "amount",
      max: 5,
      over: "handover",
      why,
      say,
    },
  ],
  rules: [
    { id: "d", effect: "deny", why, say },
    { id: "e", effect: "bend", when: { orderAgeDays: { over: 1, under: 5 } }, why, say },
  ],
};

// The risk: opening the policy and saving it changes a limit that nobody touched.
describe("a policy in its form", () => {
  it("is the same policy again when nothing was changed", () => {
    for (const policy of [EVERYTHING, startingPolicy({ currency: "USD", timeZone: "UTC" })]) {
      expect(policySchema.parse(policy)).toEqual(policy);
      expect(readDraft(toDraft(policy))).toMatchObject({ document: policy, faults: [] });
    }
  });

  it("shares nothing with the version that it came from", () => {
    const policy = startingPolicy({ currency: "USD", timeZone: "UTC" });
    const before = structuredClone(policy);
    const draft = toDraft(policy);
    draft.limits[0]?.scope.push("order");
    draft.limits[0]?.when.roles?.push("admin");
    expect(policy).toEqual(before);
  });

  it("reads amounts as they are written in the currency", () => {
    const draft = toDraft(EVERYTHING);
    const [a, b] = draft.limits;
    expect(a?.max).toBe("1,234.567");
    if (!a || !b) throw new Error("There are two.");
    a.max = "2,000.5";
    b.max = "1,200";
    expect(readDraft(draft).document.limits.map((limit) => limit.max)).toEqual([2_000_500, 1_200, 5]);
  });

  it("says every number that can't be read, each where it stands", () => {
    const draft = toDraft(EVERYTHING);
    const [a, b, c] = draft.limits;
    if (!a || !b || !c) throw new Error("There are three.");
    a.max = "12.3456";
    a.window.rollingDays = "thirty";
    a.when.amount = { over: "-1", under: "1,23" };
    a.when.orderAgeDays = { over: "1.5", under: "" };
    b.max = "-3";
    c.max = "";
    expect(readDraft(draft).faults).toEqual([
      { path: "limits.0.max", reason: "too_many_decimals" },
      { path: "limits.0.when.amount.over", reason: "negative" },
      { path: "limits.0.when.amount.under", reason: "not_a_number" },
      { path: "limits.0.when.orderAgeDays.over", reason: "not_whole" },
      { path: "limits.0.window.rollingDays", reason: "not_whole" },
      { path: "limits.1.max", reason: "not_whole" },
    ]);
    // What is missing altogether is the schema's to say.
    expect(
      policySchema.safeParse(readDraft(draft).document).error?.issues.map((issue) => issue.path.join(".")),
    ).toContain("limits.2.max");
  });

  it("leaves out what was taken out, and knows where the rest stands", () => {
    const draft = toDraft(EVERYTHING);
    const [first] = draft.limits;
    if (!first) throw new Error("There is one.");
    first.removed = true;
    const { document, places } = readDraft(draft);
    expect(document.limits.map((limit) => limit.id)).toEqual(["b", "c"]);
    expect(places.limits).toEqual([1, 2]);
  });

  it("finds an id that is used twice, also between limits and rules, and not against what was taken out", () => {
    const draft = toDraft(EVERYTHING);
    draft.rules.push({ ...newRule(), id: "a" });
    expect(readDraft(draft).faults).toEqual([{ path: "rules.2.id", reason: "id_taken" }]);
    const [first] = draft.limits;
    if (first) first.removed = true;
    expect(readDraft(draft).faults).toEqual([]);
  });

  it("finds a value that was taken out while a limit still serves it", () => {
    const draft = toDraft(EVERYTHING);
    const [value] = draft.values;
    if (value) value.removed = true;
    expect(readDraft(draft).faults).toEqual([{ path: "limits.0.value", reason: "value_gone" }]);
  });
});

describe("the id that a sentence suggests", () => {
  it("names what the limit is about", () => {
    expect(suggestLimitId(newLimit(), new Set())).toBe("agent-customer-day");
    const gifts = newLimit();
    gifts.when.remedies = ["gift"];
    gifts.scope = ["employee"];
    gifts.window.kind = "week";
    expect(suggestLimitId(gifts, new Set())).toBe("gift-employee-week");
    const rule = newRule();
    rule.when.hasOrder = false;
    rule.effect = "deny";
    expect(suggestRuleId(rule, new Set())).toBe("deny-refund-no-order");
  });

  it("is one that is free", () => {
    expect(suggestLimitId(newLimit(), new Set(["agent-customer-day", "agent-customer-day-2"]))).toBe(
      "agent-customer-day-3",
    );
  });

  it("is always one that the schema takes", () => {
    for (const text of ["Überraschung & Größe!", "¡¿", "a".repeat(200), "-- x --", "Don't stop"]) {
      expect(slug(text)).toMatch(/^$|^[a-z0-9][a-z0-9-]*$/);
      expect(slug(text).length).toBeLessThanOrEqual(60);
    }
    expect(slug("Don't stop")).toBe("dont-stop");
  });
});
