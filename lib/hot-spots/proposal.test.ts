import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Policy, policySchema } from "@/lib/discretion/schema";
import { noSums } from "@/lib/sums/types";
import { isHot, leastPassing, partOf, proposalFor, says, withProposal } from "./proposal";

const words = { why: "Because.", say: "Gladly." };
const policy: Policy = policySchema.parse({
  currency: "USD",
  timeZone: "UTC",
  limits: [
    {
      id: "fees",
      scope: ["employee"],
      window: "decision",
      measure: "amount",
      max: 500,
      over: "handover",
      ...words,
    },
    {
      id: "guard",
      scope: ["employee"],
      window: "day",
      measure: "amount",
      max: 500,
      over: "deny",
      ...words,
    },
  ],
  rules: [
    { id: "gifts", effect: "handover", when: { remedies: ["gift"] }, ...words },
    { id: "between", effect: "handover", when: { amount: { over: 100, under: 1000 } }, ...words },
  ],
});

// Risk: a limit is raised on the word of a number that does not do what it says.
describe("the number that is proposed", () => {
  it("lets 95 of 100 pass, and no smaller one does", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 300 }), (needed) => {
        const least = leastPassing(needed);
        const passing = (max: number) => needed.filter((each) => each <= max).length / needed.length;
        return least !== null && passing(least) >= 0.95 && passing(least - 1) < 0.95;
      }),
    );
  });

  it("is put into the part that it is about, and the policy stays one", () => {
    for (const check of ["fees", "gifts", "between"]) {
      const proposal = proposalFor(partOf(policy, check), [600, 700, 650]);
      if (typeof proposal === "string") throw new Error(proposal);
      expect(proposal).toMatchObject({ after: 700, passing: 3 });
      const changed = withProposal(policy, check, proposal);
      expect(policySchema.safeParse(changed).error?.issues).toBeUndefined();
      expect([says(policy, check, proposal), says(changed, check, proposal)]).toEqual([false, true]);
    }
  });

  it("is none where the part lets it pass already, leaves nothing, is a guardrail or is gone", () => {
    expect(proposalFor(partOf(policy, "fees"), [400])).toBe("raised");
    expect(proposalFor(partOf(policy, "between"), [100])).toBe("raised");
    expect(proposalFor(partOf(policy, "between"), [999])).toBe("by_hand");
    expect(proposalFor(partOf(policy, "guard"), [900])).toBe("raised");
    expect(proposalFor(partOf(policy, "exchange-rate"), [900])).toBe("by_hand");
    expect(proposalFor(partOf(policy, "of-last-year"), [900])).toBe("by_hand");
    expect(proposalFor(partOf(policy, "fees"), [])).toBe("by_hand");
  });
});

it("few answers are no hot spot, and neither are many that were often declined", () => {
  const answers = (approved: number, declined: number) => isHot({ ...noSums(), approved, declined });
  expect([answers(97, 3), answers(18, 2), answers(19, 0), answers(80, 20), answers(0, 0)]).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
