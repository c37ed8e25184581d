import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { messages } from "@/lib/copy/messages";
import type { Policy } from "@/lib/discretion/schema";
import { policyChanges } from "./policy-changes";
import { readDraft, toDraft } from "./policy-draft";
import { type PolicyCopy, policyWords, scopeOf } from "./policy-words";

const speak = <Place extends string>(namespace: Place) =>
  createTranslator({ locale: "en", messages, namespace: namespace as never }) as unknown;
const copy = {
  policy: speak("settings.policy"),
  change: speak("settings.change"),
  windows: speak("common.window"),
} as PolicyCopy;
const words = policyWords(copy, "USD");

const reasons = { why: "It is right.", say: "Gladly.", value: "ownership" };

function policy(): Policy {
  return {
    currency: "USD",
    timeZone: "America/New_York",
    values: [
      { id: "ownership", text: "Whoever hears of a problem owns it." },
      { id: "fairness", text: "The same for everybody." },
      { id: "openness", text: "We write down why." },
    ],
    limits: [
      {
        id: "guest-day",
        scope: ["employee", "customer"],
        window: "day",
        measure: "amount",
        max: 20000,
        over: "handover",
        when: { roles: ["agent"] },
        ...reasons,
      },
      {
        id: "week",
        scope: ["customer"],
        window: "week",
        measure: "amount",
        max: 50000,
        over: "bend",
        ...reasons,
      },
      {
        id: "year",
        scope: ["customer"],
        window: "year",
        measure: "amount",
        max: 90000,
        over: "deny",
        ...reasons,
      },
    ],
    rules: [
      { id: "no-order", effect: "bend", when: { remedies: ["refund"], hasOrder: false }, ...reasons },
      { id: "old-order", effect: "bend", when: { orderAgeDays: { over: 90 } }, ...reasons },
    ],
  };
}

function changes(change: (after: Policy) => void) {
  const after = policy();
  change(after);
  return policyChanges(policy(), after, words, copy.change);
}

function at<Part>(list: readonly Part[], index: number): Part {
  const part = list[index];
  if (part === undefined) throw new Error(`There is no number ${index}.`);
  return part;
}

// The risk: an admin puts something in force that the summary did not tell them of.
describe("the summary of what saving changes", () => {
  it("is empty for the same policy", () => {
    expect(changes(() => undefined)).toEqual([]);
  });

  it("says a limit's amount before and after", () => {
    const lowered = changes((after) => {
      at(after.limits, 0).max = 3000;
    });
    expect(lowered).toEqual([
      {
        list: "limits",
        id: "guest-day",
        kind: "changed",
        details: [{ field: "max", before: "200.00 USD", after: "30.00 USD" }],
      },
    ]);
  });

  it("tells everything that can be changed about a limit or a rule", () => {
    const all = changes((after) => {
      Object.assign(at(after.limits, 0), {
        scope: ["team"],
        window: { rollingDays: 7 },
        measure: "count",
        max: 5,
        over: "deny",
        when: { roles: ["agent", "manager"], remedies: ["gift", "refund"], hasOrder: true },
        why: "Because.",
        say: "Sorry.",
        value: "fairness",
      });
      Object.assign(at(after.rules, 0), { effect: "deny", when: undefined });
      at(after.values, 0).text = "Something else.";
    });
    expect(all.map((change) => [change.id, change.details.map((detail) => detail.field)])).toEqual([
      ["guest-day", ["max", "who", "whom", "window", "over", "when", "why", "say", "value"]],
      ["no-order", ["effect", "when"]],
      ["ownership", ["text"]],
    ]);
    expect(
      at(all, 0)
        .details.slice(0, 6)
        .map((detail) => detail.after),
    ).toEqual([
      "5 times",
      "Agents and managers of one team together",
      "all customers together",
      "in 7 days",
      "deny",
      "it is a gift or a refund and there is an order",
    ]);
  });

  it("tells what is new, what is gone, and what stands elsewhere", () => {
    const moved = changes((after) => {
      after.limits.push({ ...at(after.limits, 0), id: "another" });
      after.rules.reverse();
      after.values.splice(2, 1);
    });
    expect(moved.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      "another added",
      "no-order moved",
      "openness removed",
    ]);
  });

  it("moves only what was moved, not all that it passed", () => {
    const moved = changes((after) => {
      const [first, ...rest] = after.limits;
      if (first) after.limits = [...rest, first];
    });
    expect(moved.map(({ id, kind }) => `${id} ${kind}`)).toEqual(["guest-day moved"]);
  });

  it("stands while an amount is being typed", () => {
    const draft = toDraft(policy());
    at(draft.limits, 0).max = "30.0.";
    const { document } = readDraft(draft);
    expect(policyChanges(policy(), document, words, copy.change)).toMatchObject([
      { details: [{ field: "max", before: "200.00 USD", after: "…" }] },
    ]);
  });
});

describe("the sentence of a limit", () => {
  it("says who may give whom", () => {
    const said = (scope: Parameters<typeof words.who>[0], roles?: Parameters<typeof words.who>[1]) =>
      `${words.who(scope, roles)} … ${words.whom(scope)}`;
    expect(said(["employee", "customer"], ["agent"])).toBe("An agent … one customer");
    expect(said(["employee"], ["manager", "agent"])).toBe("An agent or a manager … all customers together");
    expect(said(["customer"], ["agent"])).toBe("Agents together … one customer");
    expect(said(["team"])).toBe("Everyone of one team together … all customers together");
    expect(said(["order"])).toBe("Everyone together … on one order");
    expect(said(["organization"], ["agent", "manager", "admin"])).toBe(
      "Agents, managers, and admins together … all customers together",
    );
  });

  it("keeps a scope as it was written when the same is chosen again", () => {
    expect(scopeOf("each", "customer", ["customer", "employee"])).toEqual(["customer", "employee"]);
    expect(scopeOf("team", "customer", ["customer", "employee"])).toEqual(["customer", "team"]);
    expect(scopeOf("all", "all", ["customer"])).toEqual(["organization"]);
    expect(scopeOf("each", "all", ["organization"])).toEqual(["employee"]);
  });
});
