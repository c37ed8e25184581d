import { describe, expect, it } from "vitest";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import { startingPolicy } from "@/lib/discretion/starting-policy";
import { newLimit, newRule, settledIds, toDraft } from "./policy-draft";
import { readDraft } from "./read-draft";
import { slug, suggestLimitId, suggestRuleId } from "./suggest-id";

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
  examples: [
    {
      id: "everything",
      says: "All that an example can tell.",
      given: {
        employee: { role: "agent", team: "front-desk", tenureDays: 0 },
        customer: { tier: "gold" },
        order: { paid: 129_000, refunded: 0, ageDays: 3 },
        hasOpenDispute: null,
        at: "2026-02-03T12:00:00+03:00",
        history: [
          {
            daysAgo: 2,
            remedy: "refund",
            amount: 1_500,
            currency: "EUR",
            rate: "0.3301",
            by: "other",
            for: "other",
            sameOrder: true,
            sameCase: true,
            cause: "late",
            channel: "phone",
          },
        ],
      },
      when: {
        remedy: "refund",
        amount: 2_500,
        currency: "JPY",
        rate: "0.002",
        cause: "late",
        channel: "chat",
        note: "It was our fault.",
      },
      then: { verdict: "handover", binding: null },
    },
    {
      id: "spelled-out",
      given: {
        employee: { role: "manager" },
        customer: {},
        hasOpenDispute: false,
        history: [{ daysAgo: 0, remedy: "gift", amount: 0, by: "same", for: "same", sameOrder: false }],
      },
      when: { remedy: "credit", amount: 1, currency: "KWD" },
      then: { verdict: "allow", binding: "a" },
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

  it("keeps the mission, and leaves a blank one out", () => {
    const draft = toDraft({ ...EVERYTHING, mission: "Every guest leaves better off." });
    expect(readDraft(draft).document.mission).toBe("Every guest leaves better off.");
    draft.mission = "  ";
    expect(readDraft(draft).document).not.toHaveProperty("mission");
  });

  // The risk: an id that recorded decisions name is changed, or one that only this draft knows can't be.
  it("lets go of the ids that only this draft knows, and holds those that were in force", () => {
    const inForce = { ...EVERYTHING, limits: EVERYTHING.limits.slice(0, 1), values: [] };
    const draft = toDraft(EVERYTHING, settledIds(inForce, null));
    expect(draft.limits.map(({ known }) => known)).toEqual([true, false, false]);
    expect(draft.rules.map(({ known }) => known)).toEqual([true, true]);
    expect(draft.values.map(({ known }) => known)).toEqual([false]);
    expect(draft.limits.every(({ named }) => named)).toBe(true);
  });

  it("begins a number that could not be read empty, as a merge may bring one", () => {
    const [limit] = EVERYTHING.limits;
    if (!limit) throw new Error("There is one.");
    const unread = { ...limit, max: Number.NaN, window: { rollingDays: Number.NaN } };
    expect(toDraft({ ...EVERYTHING, limits: [unread] }).limits[0]).toMatchObject({
      max: "",
      window: { kind: "rolling", rollingDays: "" },
    });
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
