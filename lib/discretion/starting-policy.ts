import { exponentOf } from "./money";
import type { Example, Policy } from "./schema";

/**
 * The policy that a new organization begins with: careful sums, every role bounded, nothing that nobody can answer.
 * Above what an agent may give, a manager decides; above what a manager may give, the policy itself has to change. Its
 * examples hold what should stay so when the sums change.
 *
 * @param currency ISO 4217; limits are round sums of it (200.00, or 200 where it has no decimals).
 * @throws RangeError when `currency` is not a currency.
 */
export function startingPolicy({ currency, timeZone }: Pick<Policy, "currency" | "timeZone">): Policy {
  const units = (major: number) => major * 10 ** exponentOf(currency);
  return {
    mission: "We put things right for our customers on the spot, and we can say why.",
    currency,
    timeZone,
    values: [
      { id: "ownership", text: "Whoever hears of a problem owns it until it is put right." },
      { id: "fairness", text: "What we do for one customer we would do for another in the same place." },
      { id: "openness", text: "We write down what we gave and why, so that others can learn from it." },
    ],
    limits: [
      {
        id: "guest-day",
        scope: ["employee", "customer"],
        window: "day",
        measure: "amount",
        max: units(200),
        over: "handover",
        when: { roles: ["agent"] },
        why: "Enough to put most things right on the spot, and small enough to trust everybody with it from the first day.",
        say: "I can put this right for you now.",
        value: "ownership",
      },
      {
        id: "customer-30",
        scope: ["customer"],
        window: { rollingDays: 30 },
        measure: "amount",
        max: units(500),
        over: "handover",
        when: { roles: ["agent"] },
        why: "When one customer needs this much within a month, something behind it is broken, and a manager should hear of it.",
        say: "You have had more trouble than you should. I am bringing in a manager, so that it is solved for good.",
        value: "ownership",
      },
      {
        id: "manager-guest-day",
        scope: ["employee", "customer"],
        window: "day",
        measure: "amount",
        max: units(1000),
        over: "deny",
        when: { roles: ["manager", "admin"] },
        why: "Nobody gives without a bound. Whoever needs more for a customer changes this limit, where all can see it.",
        say: "I can do this much for you today, and I will tell you what happens next.",
        value: "fairness",
      },
      {
        id: "customer-year",
        scope: ["customer"],
        window: "year",
        measure: "amount",
        max: units(2000),
        over: "bend",
        why: "Above this a customer costs more than the gesture can mend. Give it if it is right, and write down why.",
        say: "I am glad to do this for you once more.",
        value: "openness",
      },
    ],
    rules: [
      {
        id: "refund-needs-order",
        effect: "bend",
        when: { remedies: ["refund"], hasOrder: false },
        why: "A refund goes back the way the payment came. Without the order somebody has to send it by hand, and needs to know what it was for.",
        say: "I am sending this back to you by hand, so it may take a little longer.",
        value: "openness",
      },
    ],
    examples: startingExamples(units),
  };
}

/** Sums far from every limit, so that an example fails for a change of mind and not for a change of a number. */
function startingExamples(units: (major: number) => number): Example[] {
  const agent = { employee: { role: "agent" as const } };
  return [
    {
      id: "small-gesture",
      says: "An agent gives a small credit without asking anybody.",
      given: agent,
      when: { remedy: "credit", amount: units(1) },
      then: { verdict: "allow" },
    },
    {
      id: "large-gesture",
      says: "What is too much for an agent goes to somebody with more discretion.",
      given: agent,
      when: { remedy: "credit", amount: units(5000) },
      then: { verdict: "handover" },
    },
    {
      id: "manager-bound",
      says: "A manager gives a lot, and not without a bound.",
      given: { employee: { role: "manager" } },
      when: { remedy: "credit", amount: units(5000) },
      then: { verdict: "deny" },
    },
    {
      id: "refund-without-order",
      says: "A refund without an order is given, and somebody writes down what it was for.",
      given: agent,
      when: { remedy: "refund", amount: units(1) },
      then: { verdict: "bend", binding: "refund-needs-order" },
    },
    {
      id: "refund-above-paid",
      says: "Nobody refunds more than was paid and is still left of it.",
      given: { ...agent, order: { paid: units(20), refunded: units(15), ageDays: 3 } },
      when: { remedy: "refund", amount: units(6) },
      then: { verdict: "deny" },
    },
  ];
}
