import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { messages } from "@/lib/copy/messages";
import { mergePolicies } from "@/lib/discretion/merge";
import type { Example, Limit, Policy } from "@/lib/discretion/schema";
import { startingPolicy } from "@/lib/discretion/starting-policy";
import type { Warning } from "@/lib/discretion/warnings";
import { type PolicyCopy, policyWords } from "../policy-words";
import { type ExampleCopy, type ExampleSpeaker, exampleSentence } from "./example-words";
import { type ConflictSpeaker, conflictWords } from "./merge-words";
import { type WarningCopy, warningWords } from "./warning-words";

/** A message that does not fit what it is given is a fault, and no text. */
const speak = <Place extends string>(namespace: Place) =>
  createTranslator({
    locale: "en",
    messages,
    namespace: namespace as never,
    onError: (error) => {
      throw error;
    },
  }) as unknown;
const policyCopy = { policy: speak("settings.policy"), windows: speak("common.window") } as PolicyCopy;
const words = policyWords(policyCopy, "USD");
const speaker: ExampleSpeaker = {
  copy: { example: speak("settings.example"), policy: policyCopy.policy } as ExampleCopy,
  words,
  currency: "USD",
  team: (key) => (key === "night" ? "the night shift" : key),
};

const PLAIN: Example = {
  id: "plain",
  given: { employee: { role: "agent" } },
  when: { remedy: "credit", amount: 2500 },
  then: { verdict: "allow" },
};

// Risk: what an example tests reads as something else than what is tried.
describe("an example as a sentence", () => {
  it("says no more than it tells", () => {
    expect(exampleSentence(PLAIN, speaker)).toBe(
      "Given an agent and one customer; when a credit of 25.00 USD is asked for; then it is allowed.",
    );
  });

  it("says everything that it tells", () => {
    const example: Example = {
      id: "all",
      given: {
        employee: { role: "agent", team: "night", tenureDays: 1 },
        customer: { tier: "gold" },
        order: { paid: 12_900, refunded: 4000, ageDays: 3 },
        hasOpenDispute: null,
        at: "2026-01-31T12:00:00-05:00",
        history: [
          { remedy: "credit", amount: 15_000, by: "other" },
          { remedy: "refund", amount: 500, daysAgo: 1, sameOrder: true, sameCase: true, cause: "rain" },
          { remedy: "gift", amount: 0, daysAgo: 9, for: "other" },
        ],
      },
      when: { remedy: "refund", amount: 2500, currency: "EUR", rate: "1.1", cause: "rain", channel: "phone" },
      then: { verdict: "bend", binding: "old-order" },
    };
    expect(exampleSentence(example, speaker)).toBe(
      "Given an agent of the night shift who has been here 1 day and one gold customer " +
        "who was already given a credit of 150.00 USD today by somebody else and " +
        "a refund of 5.00 USD yesterday on the same order in the same case for rain, " +
        "and another customer a gift of 0.00 USD 9 days ago, " +
        "an order of 129.00 EUR that is 3 days old, of which 40.00 EUR was refunded before, " +
        "and nobody knows whether there is an open dispute, on Jan 31, 2026; " +
        "when a refund of 25.00 EUR is asked for because of rain by phone; " +
        "then it is done with a written reason, decided by old-order.",
    );
  });

  it("is readable while it is unfinished", () => {
    const example: Example = {
      ...PLAIN,
      given: { employee: { role: "agent", tenureDays: Number.NaN }, order: { paid: Number.NaN } },
      when: { remedy: "credit", amount: Number.NaN },
      then: { verdict: "deny", binding: null },
    };
    expect(exampleSentence(example, speaker)).toBe(
      "Given an agent and one customer, an order of …; when a credit of … is asked for; " +
        "then it is denied, and no check decides.",
    );
  });
});

describe("a warning", () => {
  const about = { path: "limits.0", id: "a", kind: "limit" as const };
  const sample = {
    role: "agent" as const,
    team: null,
    remedy: "refund" as const,
    amount: 5001,
    currency: "USD",
    hasOrder: true,
    orderAgeDays: 0,
    tier: null,
    cause: null,
    channel: null,
    hasOpenDispute: false,
  };
  const copy = { warning: speak("settings.warning"), policy: policyCopy.policy } as WarningCopy;
  const every: Warning[] = [
    { ...about, code: "never_holds", reason: "order_and_none" },
    { ...about, code: "never_holds", reason: "auditors_only" },
    { ...about, code: "never_holds", reason: "amount_below_zero" },
    { ...about, code: "hidden_by_limit", by: "b" },
    { ...about, code: "hidden_by_rule", by: "b" },
    { ...about, code: "never_exceeded", max: 5000, under: 4000 },
    { ...about, code: "count_never_fires", max: 1 },
    { ...about, code: "count_always_fires", effect: "handover" },
    { ...about, code: "unknown_name", condition: "teams", name: "x" },
    { ...about, code: "unknown_name", condition: "tiers", name: "x" },
    { ...about, code: "unknown_name", condition: "causes", name: "x" },
    { ...about, code: "unknown_name", condition: "channels", name: "x" },
    { ...about, code: "no_value" },
    { ...about, code: "handover_unanswered", sample },
  ];

  it("says what is the matter and what to do, whatever it is about", () => {
    const said = every.map((warning) => warningWords(warning, words, copy));
    expect(new Set(said).size).toBe(every.length);
    for (const sentence of said) expect(sentence).toMatch(/\. [A-Z][^.]*\.$/);
    expect(said.at(-1)).toContain("when an agent asks for a refund of 50.01 USD on an order");
  });
});

// Risk: two versions look alike side by side, and the wrong one is chosen.
describe("what both changed", () => {
  const base = startingPolicy({ currency: "USD", timeZone: "UTC" });
  const conflicts: ConflictSpeaker = {
    t: speak("settings.merge") as ConflictSpeaker["t"],
    policy: policyCopy.policy,
    words,
    example: speaker,
  };

  function said(mine: (policy: Policy) => void, theirs: (policy: Policy) => void) {
    const [ours, others] = [structuredClone(base), structuredClone(base)];
    mine(ours);
    theirs(others);
    const merge = mergePolicies({ ...base }, { ...ours }, { ...others });
    return merge.conflicts.map((conflict) => conflictWords(conflict, conflicts));
  }
  const firstLimit = (parts: Partial<Limit>) => (policy: Policy) => {
    Object.assign(policy.limits[0] ?? {}, parts);
  };

  it("is said as the sentence of each, and of what was before", () => {
    const [conflict] = said(firstLimit({ max: 10_000 }), firstLimit({ max: 30_000, why: "More." }));
    expect(conflict).toEqual({
      what: "Limit",
      id: "guest-day",
      mine: ["An agent may give one customer 100.00 USD a day; above it, hand over."],
      theirs: ["An agent may give one customer 300.00 USD a day; above it, hand over."],
      base: ["An agent may give one customer 200.00 USD a day; above it, hand over."],
    });
  });

  it("is said by its own words where only those differ, and as taken out where one took it out", () => {
    const [reworded] = said(firstLimit({ say: "Mine." }), firstLimit({ say: "Theirs." }));
    expect(reworded).toMatchObject({ mine: ["Say: Mine."], theirs: ["Say: Theirs."] });
    const [gone] = said((policy) => void policy.limits.shift(), firstLimit({ max: 1 }));
    expect(gone?.mine).toEqual(["Taken out."]);
    expect(gone?.theirs[0]).toContain("0.01 USD");
  });

  it("is said of the order, of the mission and of an example as well", () => {
    const conflict = said(
      (policy) => {
        policy.mission = "Mine.";
        policy.values.reverse();
        for (const example of policy.examples ?? []) example.when.amount = 1;
      },
      (policy) => {
        policy.mission = "Theirs.";
        policy.values.push(...policy.values.splice(0, 1));
        for (const example of policy.examples ?? []) example.when.amount = 2;
      },
    );
    const about = conflict.map(({ what }) => what);
    expect(about).toContain("Mission");
    expect(about).toContain("Order of the values");
    expect(about).toContain("Example");
  });
});
