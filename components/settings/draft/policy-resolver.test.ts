import { get } from "react-hook-form";
import { describe, expect, it } from "vitest";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import { newHistory } from "./example-draft";
import { newLimit, type PolicyDraft, toDraft } from "./policy-draft";
import { policyResolver } from "./policy-resolver";

const reasons = { why: "It is right.", say: "Gladly.", value: "ownership" };
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
  examples: [
    {
      id: "no-gifts",
      given: { employee: { role: "agent" } },
      when: { remedy: "gift", amount: 100 },
      then: { verdict: "deny", binding: "e" },
    },
  ],
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

  // The risk: the editor lets a limit through that nobody can be told the sense of.
  it("asks for the value that a limit or a rule serves, which the document does not need", async () => {
    const faults = await faultsOf((draft) => {
      for (const limit of draft.limits.slice(1, 3)) Object.assign(limit, { value: "" });
      for (const limit of draft.limits.slice(1, 2)) limit.removed = true;
      for (const rule of draft.rules) rule.value = "";
    });
    expect(faults.at("limits.2.value")).toBe("valueMissing at limits.2.value");
    expect(faults.at("rules.0.value")).toBe("valueMissing at rules.0.value");
    expect(faults.at("limits.1.value")).toBeUndefined();
  });

  it("is said of an example at its own field, in the form's words where the schema counts in cents", async () => {
    const faults = await faultsOf((draft) => {
      for (const example of draft.examples) {
        example.when = { ...example.when, remedy: "credit", amount: "0" };
        example.given.order = { paid: "", refunded: "x", ageDays: "-1" };
        example.given.employee.tenureDays = "";
        example.given.history = [newHistory(example.when)];
        example.then.binding = "gone";
      }
    });
    expect(faults.at("examples.0.when.amount")).toBe("amountZero at examples.0.when.amount");
    expect(faults.at("examples.0.given.order.paid")).toMatch(/^amountMissing/);
    expect(faults.at("examples.0.given.order.refunded")).toMatch(/^not_a_number/);
    expect(faults.at("examples.0.given.order.ageDays")).toMatch(/^not_whole/);
    expect(faults.at("examples.0.given.employee.tenureDays")).toMatch(/^daysMissing/);
    expect(faults.at("examples.0.given.history.0.amount")).toMatch(/^amountMissing/);
    expect(faults.at("examples.0.then.binding")).toMatch(/names no limit or rule/);
  });
});
