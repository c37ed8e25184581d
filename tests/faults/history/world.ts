import type { Limit, PolicyInput, Remedy } from "@/lib/discretion/schema";
import { limit } from "../../setup/scenario";

/** A small world, so that everybody meets everybody: few people, few customers, limits that are soon used up. */
export const AGENTS = 4;
export const MANAGERS = 2;
export const PEOPLE = AGENTS + MANAGERS;
export const CUSTOMERS = 5;
export const ORDER_PAID = 6000;
export const NOTE = "Written by somebody who had a reason.";

const TEAMS = ["north", "north", "south", "south"];

/** The team of a person; managers have none. */
export function teamOf(person: number): string | undefined {
  return TEAMS[person];
}

/** What may be in force. Each is in a version or not, with a maximum of half to one and a half of this one. */
const LIMITS: readonly Limit[] = [
  limit({
    id: "guest-day",
    scope: ["employee", "customer"],
    window: "day",
    max: 600,
    when: { roles: ["agent"] },
  }),
  limit({
    id: "manager-day",
    scope: ["employee", "customer"],
    window: "day",
    max: 1600,
    over: "bend",
    when: { roles: ["manager"] },
  }),
  limit({ id: "customer-7", scope: ["customer"], window: { rollingDays: 7 }, max: 20_000, over: "deny" }),
  limit({ id: "few", scope: ["employee"], window: "week", measure: "count", max: 80 }),
  limit({ id: "team-month", scope: ["team"], window: "month", max: 20_000 }),
  limit({ id: "all-day", scope: ["organization"], window: "day", max: 9_000 }),
  limit({
    id: "all-few",
    scope: ["organization"],
    window: "day",
    measure: "count",
    max: 160,
    over: "deny",
  }),
  limit({ id: "large", scope: ["customer"], window: "month", max: 2500, when: { amount: { over: 250 } } }),
  limit({ id: "per-order", scope: ["order"], window: "lifetime", max: 5000, over: "bend" }),
  limit({ id: "at-once", scope: ["employee"], window: "decision", max: 450 }),
];

export const SPLITTABLE = ["team-month", "all-day", "all-few"];

export const FIRST_POLICY: Partial<PolicyInput> = {
  limits: [...LIMITS],
  rules: [
    {
      id: "no-large-gifts",
      effect: "deny",
      when: { remedies: ["gift"], amount: { over: 300 } },
      why: "It looks like a bribe.",
      say: "Sorry.",
    },
    {
      id: "waivers",
      effect: "bend",
      when: { remedies: ["fee_waiver"], amount: { over: 100 } },
      why: "Fees are there for a reason.",
      say: "Gladly.",
    },
  ],
};

/** What an actor sets out to do. Numbers between 0 and 1 choose among what is there by then. */
export type Wish =
  | {
      kind: "decide";
      person: number;
      customer: number;
      ofOrder: boolean;
      remedy: Remedy;
      amount: number;
      key: string;
    }
  | { kind: "answer"; person: number; pick: number; answer: "approve" | "adjust" | "decline"; amount: number }
  | { kind: "withdraw"; pick: number }
  | { kind: "expire"; pick: number }
  | { kind: "execute"; pick: number }
  | { kind: "reverse"; person: number; pick: number; undo: boolean; key: string }
  | { kind: "merge"; from: number; into: number }
  | { kind: "unmerge"; pick: number }
  | { kind: "publish"; limits: Limit[] }
  | { kind: "split"; limit: string; slots: number }
  | { kind: "seal" };

export const CRASHES = [
  "kill the server",
  "kill its connections",
  "cut the network",
  "cut calls at random",
  "lose answers",
  "stall",
] as const;
export type Crash = (typeof CRASHES)[number];

/** Some time of the world: it begins so much later than the one before, and actors do what they wish at once. */
export interface Phase {
  minutesLater: number;
  actors: Wish[][];
  /** What fails in the middle of it, once so many wishes are done. */
  crash: { what: Crash; after: number } | null;
}

export type Random = () => number;

/** Mulberry32: the same numbers for the same seed, everywhere. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ACTORS = 8;
const WISHES = 8;

/** A history to be lived through: the same one for the same seed. */
export function planOf(seed: number, steps: number): Phase[] {
  const random = randomOf(seed);
  const phases = Math.ceil(steps / (ACTORS * WISHES));
  return Array.from({ length: phases }, (_, phase) => {
    // The publisher is alone, as one who publishes what somebody else replaced meanwhile is refused anyway.
    const actors = Array.from({ length: ACTORS }, (_, actor) =>
      Array.from({ length: WISHES }, (_, turn) =>
        wish(random, { key: `${seed}/${phase}/${actor}/${turn}`, rules: actor === 0 }),
      ),
    );
    const crash =
      random() < 0.5
        ? { what: pick(random, CRASHES), after: Math.floor(random() * ACTORS * WISHES * 0.7) }
        : null;
    return { minutesLater: pick(random, [0, 1, 10, 180, 540, 540, 1200, 1200]), actors, crash };
  });
}

export function pick<T>(random: Random, some: readonly T[]): T {
  return some[Math.floor(random() * some.length)] as T;
}

function wish(random: Random, options: { key: string; rules: boolean }): Wish {
  const { key, rules } = options;
  if (rules && random() < 0.35) return rulersWish(random);
  const person = Math.floor(random() * PEOPLE);
  const dice = random();
  if (dice < 0.58) {
    return {
      kind: "decide",
      person,
      customer: Math.floor(random() * CUSTOMERS),
      ofOrder: random() < 0.4,
      remedy: pick(random, ["refund", "credit", "credit", "fee_waiver", "gift"] as const),
      amount: 1 + Math.floor(random() * pick(random, [60, 200, 500])),
      key,
    };
  }
  const chosen = random();
  if (dice < 0.74) {
    const answer = pick(random, ["approve", "approve", "adjust", "adjust", "decline"] as const);
    const manager = AGENTS + Math.floor(random() * MANAGERS);
    return {
      kind: "answer",
      person: random() < 0.8 ? manager : person,
      pick: chosen,
      answer,
      amount: 1 + Math.floor(random() * 300),
    };
  }
  if (dice < 0.75) return { kind: "seal" };
  if (dice < 0.78) return { kind: "withdraw", pick: chosen };
  if (dice < 0.84) return { kind: "expire", pick: chosen };
  if (dice < 0.88) return { kind: "execute", pick: chosen };
  return { kind: "reverse", person, pick: chosen, undo: random() < 0.3, key };
}

function rulersWish(random: Random): Wish {
  const dice = random();
  if (dice < 0.5) {
    const limits = LIMITS.filter(() => random() < 0.85).map((one) => ({
      ...one,
      max: Math.ceil(one.max * pick(random, [0.5, 1, 1, 1.5])),
    }));
    return { kind: "publish", limits };
  }
  if (dice < 0.65) {
    return { kind: "split", limit: pick(random, SPLITTABLE), slots: pick(random, [1, 2, 4, 8]) };
  }
  if (dice < 0.85) {
    const from = Math.floor(random() * CUSTOMERS);
    return { kind: "merge", from, into: (from + 1 + Math.floor(random() * (CUSTOMERS - 1))) % CUSTOMERS };
  }
  return { kind: "unmerge", pick: random() };
}
