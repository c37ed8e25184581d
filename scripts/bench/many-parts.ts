import type { FactsOfRecord } from "@/lib/discretion/findings";
import { type Policy, policySchema, REMEDIES, ROLES, type When } from "@/lib/discretion/schema";
import type { DecisionRequest, Usage } from "@/lib/discretion/types";
import { DAY_MS } from "@/lib/discretion/windows";
import { randomOf } from "@/prisma/demo/random";

/** One call of `evaluate`. */
export interface Question {
  request: DecisionRequest;
  facts: FactsOfRecord;
  usage: Usage;
}

const PARTS = 50;
const AT = Date.parse("2026-05-13T12:00:00Z");

const TEAMS = ["north", "south", "east", "west"];
const CAUSES = ["carrier", "stock", "billing", "staff", "weather"];

/** The list's member for a turn. The lists have lengths without a common factor, so that they mix. */
const turned = <T>(list: readonly T[], turn: number): T => list[turn % list.length] as T;

const SCOPES = [
  ["employee", "customer"],
  ["customer"],
  ["employee"],
  ["team"],
  ["order"],
  ["organization"],
] as const;
const WINDOWS = ["day", "week", "month", { rollingDays: 30 }, "year", "lifetime", "case"] as const;

/** Mostly narrow, as the parts of a large policy are: each is about somebody or something. */
const CONDITIONS: readonly (When | undefined)[] = [
  undefined,
  { roles: ["agent"] },
  { remedies: ["credit", "refund", "fee_waiver"] },
  { tiers: ["gold"] },
  { teams: ["north", "south"], amount: { over: 500 } },
  { causes: ["carrier", "weather"] },
  { hasOrder: true, orderAgeDays: { over: 30 } },
  { tenureDays: { under: 365 } },
  { roles: ["manager"], remedies: ["upgrade", "gift"] },
  { channels: ["phone"], amount: { over: 2_000, under: 90_000 } },
  { hasOpenDispute: true },
];

/** Fifty limits and fifty rules: several scopes and windows, conditions that hold and conditions that fail. */
export function manyPartsPolicy(): Policy {
  const texts = { why: "So that there is one.", say: "There are words for it." };
  return policySchema.parse({
    currency: "USD",
    timeZone: "America/New_York",
    limits: Array.from({ length: PARTS }, (_, turn) => ({
      ...texts,
      id: `limit-${turn}`,
      scope: turned(SCOPES, turn),
      window: turned(WINDOWS, turn),
      measure: turn % 5 === 4 ? "count" : "amount",
      max: turn % 5 === 4 ? 40 + turn : 100_000 + 5_000 * turn,
      over: turned(["handover", "bend", "handover", "deny"], turn),
      when: turned(CONDITIONS, turn),
    })),
    rules: Array.from({ length: PARTS }, (_, turn) => ({
      ...texts,
      id: `rule-${turn}`,
      effect: turned(["bend", "handover", "deny"], turn),
      when: { ...turned(CONDITIONS, turn + 1), amount: { over: 3_000 + 3_000 * turn } },
    })),
  });
}

/** Requests that are all different, in whose windows something happened before. */
export function questionsFor(policy: Policy, count: number): Question[] {
  const random = randomOf("bench questions");
  return Array.from({ length: count }, (_, turn) => {
    const at = AT + turn * 60_000;
    const hasOrder = random.chance(0.7);
    return {
      request: {
        ...{
          remedy: random.pick(REMEDIES),
          amount: 1 + Math.round(Math.exp(7.5 + random.normal())),
          currency: "USD",
        },
        ...{ at, caseId: `k${turn >> 1}`, cause: random.pick(CAUSES) },
        channel: random.pick(["phone", "mail", "chat"]),
      },
      facts: {
        employee: {
          ...{ id: `e${random.int(1, 60)}`, role: random.pick(ROLES), team: random.pick(TEAMS) },
          startedAt: at - random.int(10, 2_000) * DAY_MS,
        },
        customer: { id: `c${random.int(1, 2_000)}`, tier: random.pick(["gold", "silver", null]) },
        order: hasOrder
          ? {
              ...{
                id: `o${turn}`,
                paid: random.int(5_000, 90_000),
                refunded: random.int(0, 2_000),
                reserved: 0,
              },
              placedAt: at - random.int(0, 120) * DAY_MS,
            }
          : null,
        hasOpenDispute: random.chance(0.1),
      },
      usage: usageOf(policy, random.int(0, 9)),
    };
  });
}

function usageOf(policy: Policy, tenths: number): Usage {
  return Object.fromEntries(
    policy.limits.map(({ id, max }) => {
      const posted = Math.floor((max * tenths) / 10);
      const reserved = Math.floor(max / 20);
      const used = {
        postedAmount: posted,
        reservedAmount: reserved,
        postedCount: 3 * tenths,
        reservedCount: 1,
      };
      return [id, used];
    }),
  );
}
