import type { Example, Limit, Policy } from "@/lib/discretion/schema";

const GUEST_DAY: Limit = {
  id: "guest-day",
  scope: ["employee", "customer"],
  window: "day",
  measure: "amount",
  max: 200_000,
  over: "handover",
  when: { roles: ["agent"] },
  why: "Enough to make any guest whole on the spot. You know the case; nobody else has to.",
  say: "I can put this right for you now.",
  value: "ownership",
};

/**
 * Too low: what the stores hand over because of it is approved nearly every time. It is there to be found
 * (prisma/demo/hot-spot.ts).
 */
export const STORE_FEES: Limit = {
  id: "store-fees",
  scope: ["employee", "customer"],
  window: "decision",
  measure: "amount",
  max: 400,
  over: "handover",
  when: { roles: ["agent"], teams: ["stores"], remedies: ["fee_waiver"] },
  why: "In a store a fee is a matter of cents. Somebody should see why a whole one is waived.",
  say: "I am asking for this one, it won't take long.",
  value: "fairness",
};

const LARGE_GIFT: Example = {
  id: "large-gift-with-a-reason",
  says: "A large gift takes a reason.",
  given: { employee: { role: "agent" }, customer: { tier: "gold" } },
  when: { remedy: "gift", amount: 15_000 },
  then: { verdict: "bend", binding: "gift-over-100" },
};

/** The limits and rules that the demo's people work under. */
export const DEMO_POLICY: Policy = {
  currency: "USD",
  timeZone: "America/New_York",
  mission: "Every guest leaves us better off than they came, above all when something went wrong.",
  values: [
    { id: "ownership", text: "Whoever hears of a problem owns it until it is put right." },
    { id: "fairness", text: "What we do for one guest we would do for the next one in the same place." },
    { id: "candor", text: "We say what went wrong, what we did about it, and why." },
  ],
  limits: [
    GUEST_DAY,
    {
      id: "manager-guest-day",
      scope: ["employee", "customer"],
      window: "day",
      measure: "amount",
      max: 1_000_000,
      over: "handover",
      when: { roles: ["manager", "admin"] },
      why: "A manager can settle what an agent hands over. Above this, two people should have looked at it.",
      say: "I can settle this for you today.",
      value: "ownership",
    },
    {
      id: "customer-30",
      scope: ["customer"],
      window: { rollingDays: 30 },
      measure: "amount",
      max: 500_000,
      over: "handover",
      when: { roles: ["agent"] },
      why: "This much for one guest within 30 days means that something behind it is broken. A manager should see it.",
      say: "You have had more trouble than you should. I am bringing in a manager, so that it is solved for good.",
      value: "candor",
    },
    {
      id: "employee-day",
      scope: ["employee"],
      window: "day",
      measure: "amount",
      max: 5_000_000,
      over: "handover",
      when: { roles: ["agent"] },
      why: "You will not meet this on an ordinary day. On the day of a storm it brings you help before you ask for it.",
      say: "A colleague is joining us, so that this does not take longer than it should.",
      value: "ownership",
    },
    {
      id: "gift-day",
      scope: ["employee"],
      window: "day",
      measure: "count",
      max: 250,
      over: "bend",
      when: { remedies: ["gift"] },
      why: "A gift means something while it is not handed out by the dozen.",
      say: "I would like to send you something.",
      value: "fairness",
    },
    STORE_FEES,
  ],
  rules: [
    {
      id: "refund-needs-order",
      effect: "deny",
      when: { remedies: ["refund"], hasOrder: false },
      why: "A refund goes back the way the payment came, so it needs the order. Without one, a credit does the same good at once.",
      say: "I cannot see which payment this was. I can put the same amount on your account right now.",
      value: "candor",
    },
    {
      id: "gift-over-500",
      effect: "deny",
      when: { remedies: ["gift"], amount: { over: 50_000 } },
      why: "A thing that costs this much is rarely what the guest would have chosen. A credit lets them choose.",
      say: "I would rather put this on your account, so that you can choose what helps.",
      value: "candor",
    },
    {
      id: "old-order",
      effect: "bend",
      when: { remedies: ["refund"], orderAgeDays: { over: 90 } },
      why: "After three months most things have been used, and cards expire. Often it is still right: say why.",
      say: "It has been a while, and I would still like to put it right.",
      value: "fairness",
    },
    {
      id: "gift-over-100",
      effect: "bend",
      when: { remedies: ["gift"], amount: { over: 10_000 } },
      why: "A gift this large is remembered. Say what it is for, so that others can do the same when it happens again.",
      say: "This one is from all of us, with our apologies.",
      value: "fairness",
    },
  ],
  examples: [
    {
      id: "ruined-night",
      says: "A ruined night is made good on the spot, without asking anybody.",
      given: { employee: { role: "agent" } },
      when: { remedy: "credit", amount: 45_000 },
      then: { verdict: "allow", binding: "guest-day" },
    },
    {
      id: "third-time-today",
      says: "What a guest was given earlier today counts.",
      given: {
        employee: { role: "agent" },
        history: [
          { remedy: "credit", amount: 120_000 },
          { remedy: "fee_waiver", amount: 60_000 },
        ],
      },
      when: { remedy: "credit", amount: 30_000 },
      then: { verdict: "handover", binding: "guest-day" },
    },
    {
      id: "manager-settles-it",
      says: "What is too much for an agent is not too much for a manager.",
      given: { employee: { role: "manager" } },
      when: { remedy: "credit", amount: 250_000 },
      then: { verdict: "allow", binding: "manager-guest-day" },
    },
    {
      id: "refund-without-order",
      says: "A refund needs the order that it refunds.",
      given: { employee: { role: "agent" } },
      when: { remedy: "refund", amount: 5_000 },
      then: { verdict: "deny", binding: "refund-needs-order" },
    },
    {
      id: "more-than-was-paid",
      says: "Nobody refunds more than is still left of what was paid.",
      given: { employee: { role: "manager" }, order: { paid: 12_900, refunded: 4_000, ageDays: 3 } },
      when: { remedy: "refund", amount: 9_000 },
      then: { verdict: "deny", binding: "order-refundable" },
    },
    {
      id: "old-order-with-a-reason",
      says: "After three months a refund takes a reason.",
      given: { employee: { role: "agent" }, order: { paid: 12_900, ageDays: 120 } },
      when: { remedy: "refund", amount: 5_000 },
      then: { verdict: "bend", binding: "old-order" },
    },
    LARGE_GIFT,
  ],
};

/** What was in force before: less for each guest, and no word about large gifts. */
export const FORMER_POLICY: Policy = {
  ...DEMO_POLICY,
  limits: DEMO_POLICY.limits
    .filter((limit) => limit !== STORE_FEES)
    .map((limit) => (limit === GUEST_DAY ? { ...GUEST_DAY, max: 150_000 } : limit)),
  rules: DEMO_POLICY.rules.filter((rule) => rule.id !== "gift-over-100"),
  examples: DEMO_POLICY.examples?.filter((example) => example !== LARGE_GIFT),
};

/** The same without what is there to be found. */
export const PLAIN_POLICY: Policy = {
  ...DEMO_POLICY,
  limits: DEMO_POLICY.limits.filter((limit) => limit !== STORE_FEES),
};

export const FIRST_NOTE = "Written down what the best of us were doing anyway.";
export const SECOND_NOTE =
  "Handovers between 1,500 and 2,000 were approved every time, and the guest waited for nothing. Large gifts now get a reason.";
