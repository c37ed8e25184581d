import { get } from "react-hook-form";
import { describe, expect, it } from "vitest";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import { newLimit, type PolicyDraft, toDraft } from "./policy-draft";
import { policyResolver } from "./policy-resolver";

const reasons = { why: "It is right.", say: "Gladly." };
const limit = (id: string) => ({
  id,
  scope: ["employee"] as const,
  window: "day",
  measure: "amount",
  max: 20000,
  over: "handover",
  ...reasons,
});
const POLICY: Policy = policySchema.parse({
  currency: "USD",
  timeZone: "UTC",
  values: [{ id: "ownership", text: "Whoever hears of a problem owns it." }],
  limits: [limit("a"), limit("b"), limit("c"), limit("d")],
  rules: [{ id: "e", effect: "deny", when: { remedies: ["gift"] }, ...reasons }],
});
const resolve = policyResolver((reason, path) => `${reason} at ${path}`);

async function faultsOf(change: (draft: PolicyDraft) => void) {
  const draft = toDraft(POLICY);
  change(draft);
  const result = await resolve(draft, undefined, { fields: {}, shouldUseNativeValidation: false });
  return {
    ...result,
    at: (path: string) => (get(result.errors, path) as { message?: string } | undefined)?.message,
  };
}

// Risk: a fault shows at another limit than the one that has it, or one hides the others.
describe("what is wrong with a policy's form", () => {
  it("is nothing for a policy, which it gives as it is written", async () => {
    expect(await faultsOf(() => undefined)).toMatchObject({ values: POLICY, errors: {} });
  });

  it("is said all at once, each at its place", async () => {
    const faults = await faultsOf((draft) => {
      draft.limits.push(newLimit());
      for (const limit of draft.limits.slice(0, 1)) Object.assign(limit, { max: "1.234", why: " " });
      for (const rule of draft.rules.slice(0, 1)) rule.when.remedies = [];
      for (const value of draft.values.slice(0, 1)) value.text = "";
    });
    expect(faults.values).toEqual({});
    expect(faults.at("limits.0.max")).toBe("too_many_decimals at limits.0.max");
    expect(faults.at("limits.0.why")).toMatch(/^Say why/);
    expect(faults.at("limits.4.max")).toBe("amountMissing at limits.4.max");
    expect(faults.at("limits.4.say")).toMatch(/^Give the words/);
    expect(faults.at("limits.4.id")).toMatch(/id/);
    expect(faults.at("rules.0.when.remedies")).toMatch(/^An empty list would never hold/);
    expect(faults.at("values.0.text")).toMatch(/^Write the value/);
  });

  it("stands at its own part when parts before it were taken out", async () => {
    const faults = await faultsOf((draft) => {
      for (const limit of draft.limits.slice(0, 2)) limit.removed = true;
      for (const limit of draft.limits.slice(3, 4)) limit.say = "";
    });
    expect(faults.at("limits.3.say")).toMatch(/^Give the words/);
    expect(faults.at("limits.1.say")).toBeUndefined();
  });

  it("is not asked of what was taken out", async () => {
    const faults = await faultsOf((draft) => {
      for (const limit of draft.limits.slice(0, 1))
        Object.assign(limit, { removed: true, max: "x", why: "" });
    });
    expect(faults.errors).toEqual({});
  });

  it("names a range that nothing fits, and one without a bound", async () => {
    const faults = await faultsOf((draft) => {
      for (const limit of draft.limits.slice(0, 1)) limit.when.amount = { over: "5", under: "5" };
      for (const rule of draft.rules.slice(0, 1)) rule.when.tenureDays = { over: "", under: "" };
    });
    expect(faults.at("limits.0.when.amount")).toMatch(/never hold/);
    expect(faults.at("rules.0.when.tenureDays")).toMatch(/^Name a bound/);
  });
});
