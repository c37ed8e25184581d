import { describe, expect, it } from "vitest";
import { evaluate } from "@/lib/discretion/evaluate";
import { type PolicyInput, policySchema } from "@/lib/discretion/schema";
import type { DecisionRequest, Facts, Usage } from "@/lib/discretion/types";
import { raiseLimits } from "@/lib/handovers/raised-limits";

const AT = Date.parse("2026-03-03T10:00:00Z");
const FACTS: Facts = {
  employee: { id: "e", role: "agent", team: null, startedAt: null },
  customer: { id: "c", tier: null },
  order: null,
  hasOpenDispute: false,
};
const limit = (id: string, max: number, parts: object = {}) => ({
  id,
  scope: ["employee", "customer"] as ("employee" | "customer")[],
  window: "day" as const,
  measure: "amount" as const,
  max,
  over: "handover" as const,
  why: "Because.",
  say: "Gladly.",
  ...parts,
});

function policyOf(parts: Partial<PolicyInput>) {
  return policySchema.parse({ currency: "USD", timeZone: "UTC", limits: [], rules: [], ...parts });
}

const request = (amount: number): DecisionRequest => ({
  remedy: "credit",
  amount,
  currency: "USD",
  rate: null,
  note: null,
  caseId: null,
  cause: null,
  channel: null,
  at: AT,
});

/** What the draft would be, and what it says to the same request. */
function raise(parts: Partial<PolicyInput>, amount: number, usage: Usage = {}) {
  const policy = policyOf(parts);
  const { verdict, explanation } = evaluate(policy, request(amount), FACTS, usage);
  expect(verdict).toBe("handover");
  const raised = raiseLimits(policy, explanation, request(amount), FACTS);
  const say = (cents: number) => raised && evaluate(raised.policy, request(cents), FACTS, usage).verdict;
  return { raised, say };
}

const used = (posted: number) => ({
  postedAmount: posted,
  reservedAmount: 0,
  postedCount: 1,
  reservedCount: 0,
});

describe("the limits under which somebody need not have asked", () => {
  it("are raised by just as much as was needed: that passes, and a cent more does not", () => {
    const { raised, say } = raise({ limits: [limit("guest-day", 3000)] }, 4000, { "guest-day": used(500) });
    expect(raised?.limits).toEqual([{ id: "guest-day", before: 3000, max: 4500 }]);
    expect([say(4000), say(4001)]).toEqual(["allow", "handover"]);
  });

  it("are those alone that stood in the way", () => {
    const { raised } = raise({ limits: [limit("a", 3000), limit("b", 3500), limit("c", 9000)] }, 4000);
    expect(raised?.limits.map(({ id, max }) => [id, max])).toEqual([
      ["a", 4000],
      ["b", 4000],
    ]);
  });

  // Risk: a draft is made that helps nobody.
  it("are none where a rule hands it over whatever the limits are", () => {
    const rules = [{ id: "big", effect: "handover" as const, why: "Because.", say: "Gladly." }];
    expect(raise({ limits: [limit("guest-day", 3000)], rules }, 4000).raised).toBeNull();
    expect(raise({ rules }, 4000).raised).toBeNull();
  });

  it("are counts as well as amounts", () => {
    const count = limit("gifts", 1, { measure: "count" });
    const { raised } = raise({ limits: [count] }, 100, { gifts: used(100) });
    expect(raised?.limits).toEqual([{ id: "gifts", before: 1, max: 2 }]);
  });
});
