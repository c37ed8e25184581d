import { describe, expect, test } from "vitest";
import { evaluate } from "./evaluate";
import { runExamples } from "./examples";
import { anOrder, aRequest, someFacts } from "./fixtures";
import { policySchema, ROLES } from "./schema";
import { startingPolicy } from "./starting-policy";
import type { Facts } from "./types";
import { policyWarnings } from "./warnings";

const as = (role: Facts["employee"]["role"]) => ({ employee: { ...someFacts().employee, role } });

describe("the policy that an organization begins with", () => {
  test.each([
    ["USD", 20_000],
    ["JPY", 200],
    ["KWD", 200_000],
  ])("is a valid policy in %s and lets an agent give 200 of it a day", (currency, max) => {
    const policy = startingPolicy({ currency, timeZone: "Europe/London" });
    expect(policySchema.parse(policy)).toEqual(policy);
    const request = aRequest({ currency, amount: max });
    expect(evaluate(policy, request, someFacts(), {}).verdict).toBe("allow");
    const more = evaluate(policy, { ...request, amount: max + 1 }, someFacts(), {});
    expect(more).toMatchObject({
      verdict: "handover",
      explanation: { binding: "guest-day", maxAmount: max },
    });
  });

  // A new organization could not publish its first change, and would be told of faults that it did not make.
  test.each(["USD", "JPY", "KWD"])(
    "passes its own examples in %s and is warned about nothing",
    (currency) => {
      const policy = startingPolicy({ currency, timeZone: "Asia/Tokyo" });
      expect(runExamples(policy).filter(({ passes }) => !passes)).toEqual([]);
      const people = (role: Facts["employee"]["role"]) => ({ role, team: null, tenureDays: null, count: 1 });
      const employees = [people("agent"), people("manager"), people("auditor")];
      expect(policyWarnings(policy, { employees, teams: [], tiers: [], causes: [] })).toEqual([]);
    },
  );

  const policy = startingPolicy({ currency: "USD", timeZone: "America/New_York" });

  // Whoever decides without a bound can empty the till, admins too.
  test.each(ROLES.filter((role) => role !== "auditor"))("bounds what a person who is %s may give", (role) => {
    const { maxAmount } = evaluate(policy, aRequest(), someFacts(as(role)), {}).explanation;
    expect(maxAmount).toBe(role === "agent" ? 20_000 : 100_000);
  });

  test("hands over nothing that a manager could not answer", () => {
    const request = aRequest({ amount: 60_000 });
    expect(evaluate(policy, request, someFacts(), {}).verdict).toBe("handover");
    expect(evaluate(policy, request, someFacts(as("manager")), {}).verdict).toBe("allow");
  });

  test("asks for a reason where a refund has no order, and lets one of any age through", () => {
    const refund = aRequest({ remedy: "refund" });
    const order = (placedAt: number) => someFacts({ order: anOrder({ placedAt }) as Facts["order"] });
    expect(evaluate(policy, refund, someFacts(), {}).explanation.binding).toBe("refund-needs-order");
    expect(evaluate(policy, refund, order(refund.at), {}).verdict).toBe("allow");
    expect(evaluate(policy, refund, order(refund.at - 5_000 * 86_400_000), {}).verdict).toBe("allow");
  });
});
