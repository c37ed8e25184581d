import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { messages } from "@/lib/copy/messages";
import type { Policy } from "@/lib/discretion/schema";
import { type DifferenceCopy, differenceWords } from "./difference-words";

const speak = <Place extends string>(namespace: Place) =>
  createTranslator({ locale: "en", messages, namespace: namespace as never }) as unknown;
const copy = {
  difference: speak("settings.difference"),
  policy: speak("settings.policy"),
  windows: speak("common.window"),
} as DifferenceCopy;

const reasons = { why: "It is right.", say: "Gladly.", value: "ownership" };

function policy(): Policy {
  return {
    mission: "Guests leave better than they came.",
    currency: "USD",
    timeZone: "America/New_York",
    values: [
      { id: "ownership", text: "Whoever hears of a problem owns it." },
      { id: "fairness", text: "The same for everybody." },
    ],
    limits: [
      {
        id: "guest-day",
        scope: ["employee", "customer"],
        window: "day",
        measure: "amount",
        max: 200000,
        over: "handover",
        when: { roles: ["agent"] },
        ...reasons,
      },
      {
        id: "gift-count",
        scope: ["employee"],
        window: "week",
        measure: "count",
        max: 5,
        over: "bend",
        when: { roles: ["agent"], remedies: ["gift"] },
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
      { id: "old-order", effect: "handover", when: { orderAgeDays: { over: 90 } }, ...reasons },
    ],
    examples: [
      {
        id: "late",
        says: "A late parcel is put right at once.",
        given: { employee: { role: "agent" } },
        when: { remedy: "credit", amount: 2500 },
        then: { verdict: "allow" },
      },
    ],
  };
}

/** The sentences, each part's on a line of its own, with the id that stands beside them. */
function told(change: (after: Policy) => void): string[] {
  const after = policy();
  change(after);
  return differenceWords(policy(), after, copy).map(({ id, sayings }) => {
    const said = sayings.map(({ text }) => text).join(" ");
    return id === null ? said : `${said} (${id})`;
  });
}

function at<Part>(list: readonly Part[], index: number): Part {
  const part = list[index];
  if (part === undefined) throw new Error(`There is no number ${index}.`);
  return part;
}

// The risk: an admin puts something in force that the words did not tell them of, or told otherwise.
describe("what changed, in sentences", () => {
  it("is nothing for the same policy", () => {
    expect(told(() => undefined)).toEqual([]);
  });

  it("tells a limit's amount, window and customers in one sentence", () => {
    expect(
      told((after) => {
        at(after.limits, 0).max = 30000;
      }),
    ).toEqual(["An agent may now give one customer 300.00 USD a day instead of 2,000.00 USD. (guest-day)"]);
    expect(
      told((after) => {
        at(after.limits, 1).max = 3;
      }),
    ).toEqual([
      "An agent may now decide for all customers together 3 times a week instead of 5 times. (gift-count)",
    ]);
    expect(
      told((after) => {
        Object.assign(at(after.limits, 0), { max: 30000, window: "week", scope: ["employee", "order"] });
      }),
    ).toEqual([
      "An agent may now give on one order 300.00 USD a week instead of 2,000.00 USD a day to one customer. (guest-day)",
    ]);
    expect(
      told((after) => {
        Object.assign(at(after.limits, 0), { measure: "count", max: 3 });
      }),
    ).toEqual([
      "An agent may now decide for one customer 3 times a day instead of 2,000.00 USD. (guest-day)",
    ]);
  });

  it("tells what happens above a limit, and for whom it holds", () => {
    expect(
      told((after) => {
        at(after.limits, 0).over = "deny";
      }),
    ).toEqual(["Above guest-day it is now denied instead of handed over."]);
    const roles = (named: ("agent" | "manager" | "admin")[] | undefined) => (after: Policy) => {
      const { roles: _roles, ...others } = at(after.limits, 1).when ?? {};
      at(after.limits, 1).when = named ? { roles: named, ...others } : others;
    };
    expect(told(roles(["agent", "manager"]))).toEqual(["gift-count now also holds for managers."]);
    expect(told(roles(["manager"]))).toEqual(["gift-count now holds for managers instead of agents."]);
    expect(told(roles(undefined))).toEqual(["gift-count now holds for everyone instead of agents."]);
    expect(
      told((after) => {
        at(after.limits, 1).scope = ["team"];
      }),
    ).toEqual(["gift-count now counts all of one team together instead of each employee alone."]);
  });

  it("tells conditions by what came or went, and whole where that says too little", () => {
    const when = (condition: Policy["rules"][number]["when"]) => (after: Policy) => {
      at(after.rules, 0).when = condition;
    };
    expect(told(when({ remedies: ["refund", "gift"], hasOrder: false }))).toEqual([
      "no-order now also holds when it is a gift.",
    ]);
    expect(told(when({ remedies: ["refund"] }))).toEqual([
      "no-order now holds only when it is a refund; before, when it is a refund and there is no order.",
    ]);
    expect(told(when(undefined))).toEqual([
      "no-order now always holds, no longer only when it is a refund and there is no order.",
    ]);
    expect(
      told((after) => {
        at(after.limits, 2).when = { tiers: ["gold"] };
      }),
    ).toEqual(["year now holds only when the customer’s tier is gold."]);
  });

  it("tells what a rule does, with the case that it is about", () => {
    expect(
      told((after) => {
        at(after.rules, 1).effect = "deny";
      }),
    ).toEqual([
      "When the order is more than 90 days old, it is now denied instead of handed over. (old-order)",
    ]);
  });

  it("tells reasons as reworded and keeps both texts at hand", () => {
    const after = policy();
    Object.assign(at(after.limits, 0), { why: "Because.", say: "Here you are.", value: "fairness" });
    at(after.values, 0).text = "It is ours.";
    after.mission = "Every guest comes back.";
    const parts = differenceWords(policy(), after, copy);
    expect(parts.flatMap((part) => part.sayings)).toEqual([
      {
        text: "The mission is reworded.",
        texts: { before: "Guests leave better than they came.", after: "Every guest comes back." },
      },
      { text: "The reason for guest-day is reworded.", texts: { before: "It is right.", after: "Because." } },
      {
        text: "The words for the customer at guest-day are reworded.",
        texts: { before: "Gladly.", after: "Here you are." },
      },
      {
        text: "guest-day now serves the value “The same for everybody” instead of “Whoever hears of a problem owns it”.",
      },
      {
        text: "The value ownership is reworded.",
        texts: { before: "Whoever hears of a problem owns it.", after: "It is ours." },
      },
    ]);
  });

  it("tells what is new, what is gone, what has another name and what stands elsewhere", () => {
    expect(
      told((after) => {
        after.limits.push({ ...at(after.limits, 0), id: "another", max: 100 });
        after.rules.reverse();
        at(after.limits, 2).id = "customer-year";
        after.values.splice(1, 1);
        delete after.mission;
      }),
    ).toEqual([
      "There is no mission any more.",
      "year is now called customer-year.",
      "New: An agent may give one customer 1.00 USD a day; above it, hand over. (another)",
      "no-order now stands elsewhere among the rules.",
      "No longer a value: The same for everybody. (fairness)",
    ]);
  });

  it("tells what examples ask and expect", () => {
    expect(
      told((after) => {
        const [example] = after.examples ?? [];
        if (!example) throw new Error("There is no example.");
        example.when = { remedy: "refund", amount: 30000 };
        example.then = { verdict: "deny", binding: "no-order" };
        example.given = { employee: { role: "manager" } };
      }),
    ).toEqual([
      "In the example late, who asks or what came before is now another. The example late now asks for a refund of 300.00 USD instead of a credit of 25.00 USD. The example late now expects it to be denied by no-order instead of allowed.",
    ]);
    expect(
      told((after) => {
        after.examples = [];
      }),
    ).toEqual(["No longer an example: “A late parcel is put right at once”: allowed. (late)"]);
  });

  it("stands while an amount is being typed, and before a part has an id", () => {
    expect(
      told((after) => {
        at(after.limits, 0).max = Number.NaN;
        at(after.limits, 1).window = { rollingDays: Number.NaN };
        after.limits.push({ ...at(after.limits, 2), id: "" });
        for (const example of after.examples ?? []) example.when.currency = "E";
      }),
    ).toEqual([
      "An agent may now give one customer … a day instead of 2,000.00 USD. (guest-day)",
      "An agent may now decide for all customers together 5 times … instead of a week. (gift-count)",
      "New: Everyone together may give one customer 900.00 USD a year; above it, deny.",
      "The example late now asks for a credit of … E instead of a credit of 25.00 USD.",
    ]);
  });
});
