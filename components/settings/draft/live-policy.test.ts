import { describe, expect, it } from "vitest";
import { runExample } from "@/lib/discretion/examples";
import { startingPolicy } from "@/lib/discretion/starting-policy";
import { newExample } from "./example-draft";
import { livePolicy } from "./live-policy";
import { newLimit, newRule, type PolicyDraft, toDraft } from "./policy-draft";
import { readDraft } from "./read-draft";

function liveOf(change: (draft: PolicyDraft) => void) {
  const draft = toDraft(startingPolicy({ currency: "USD", timeZone: "UTC" }));
  change(draft);
  return livePolicy(readDraft(draft));
}

// The risk: the examples fall silent as soon as somebody begins to write, or they judge what is not there.
describe("a draft while it is being written", () => {
  it("decides as it stands, without the words that decide nothing", () => {
    const { policy, unreadable } = liveOf((draft) => {
      draft.rules.push({ ...newRule(), effect: "deny", when: { ...newRule().when, remedies: ["credit"] } });
      for (const limit of draft.limits) Object.assign(limit, { why: "", say: " ", value: "" });
      draft.values = [];
    });
    expect(unreadable).toEqual([]);
    if (!policy) throw new Error("It can be read.");
    const example = {
      id: "x",
      given: { employee: { role: "agent" as const } },
      when: { remedy: "credit" as const, amount: 100 },
      then: { verdict: "deny" as const },
    };
    expect(runExample(policy, example).passes).toBe(true);
  });

  it("names the part whose number can't be read, and decides nothing until it can", () => {
    const found = liveOf((draft) => {
      for (const limit of draft.limits.slice(0, 1)) limit.removed = true;
      for (const limit of draft.limits.slice(1, 2)) limit.max = "1,2";
      draft.limits.push(newLimit());
    });
    expect(found.policy).toBeNull();
    expect(found.unreadable.map(({ list, place }) => `${list}.${place}`)).toEqual(["limits.1", "limits.4"]);
  });

  it("tries the examples that are finished, each at its own place", () => {
    const { examples } = liveOf((draft) => {
      draft.examples = [
        { ...newExample("USD"), removed: true },
        newExample("USD"),
        {
          ...newExample("USD"),
          when: { ...newExample("USD").when, amount: "25" },
        },
      ];
    });
    expect(examples.get(1)).toBeNull();
    expect(examples.get(2)).toMatchObject({ when: { remedy: "credit", amount: 2500 } });
    expect(examples.has(0)).toBe(false);
  });
});
