import { evaluate } from "./evaluate";
import { exampleNoon } from "./examples";
import type { FactsOfRecord } from "./findings";
import {
  type Limit,
  MAX_MINOR_UNITS,
  type Policy,
  type Range,
  REMEDIES,
  type Remedy,
  type Role,
  type Rule,
} from "./schema";
import type { DecisionRequest, Usage } from "./types";
import { DAY_MS } from "./windows";

/** People who are alike for a policy. */
export interface RosterProfile {
  role: Role;
  /** `null`: without a team. */
  team: string | null;
  /** `null`: not known. */
  tenureDays: number | null;
  /** How many they are. */
  count: number;
}

/** A request that would be handed over and that nobody could answer. */
export interface UnansweredSample {
  /** Who asks. */
  role: Role;
  team: string | null;
  remedy: Remedy;
  /** Minor units of `currency`. */
  amount: number;
  currency: string;
  hasOrder: boolean;
  orderAgeDays: number | null;
  tier: string | null;
  cause: string | null;
  channel: string | null;
  hasOpenDispute: boolean;
}

type Sample = Omit<UnansweredSample, "role" | "team">;

/**
 * The mildest request that a limit or rule hands over and that nobody on the roster might answer, because the policy
 * would let none of them do it themselves; `null` where somebody might, or where nobody who is there would be handed
 * over by it.
 *
 * The mildest: just above the limit, with nothing used before, of every remedy that the condition takes, with and
 * without an order; it is enough that one of those can be answered. Nobody answers for themselves, but one of several
 * who are alike may answer for another; auditors answer nothing.
 */
export function unansweredHandover(
  part: Limit | Rule,
  policy: Policy,
  employees: readonly RosterProfile[],
): UnansweredSample | null {
  const people = employees.filter(({ role, count }) => role !== "auditor" && count > 0);
  let unanswered: UnansweredSample | null = null;
  for (const sample of samplesOf(part, policy.currency)) {
    const askers = people.filter((profile) => handsOver(part, policy, sample, profile));
    const [first] = askers;
    if (first === undefined) continue;
    const able = people.filter((profile) => mayDoIt(policy, sample, profile));
    if (askers.some((asker) => able.some((other) => other !== asker || other.count > 1))) return null;
    unanswered ??= { role: first.role, team: first.team, ...sample };
  }
  return unanswered;
}

/** One for each remedy, without and with an order, as far as the condition takes them. */
function samplesOf(part: Limit | Rule, currency: string): Sample[] {
  const when = part.when ?? {};
  const amount = firstAmount(part);
  const orderAgeDays = firstWithin(when.orderAgeDays, 0);
  if (amount === null || orderAgeDays === null) return [];
  const common = {
    amount,
    currency,
    tier: when.tiers?.[0] ?? null,
    cause: when.causes?.[0] ?? null,
    channel: when.channels?.[0] ?? null,
    hasOpenDispute: when.hasOpenDispute ?? false,
  };
  return (when.remedies ?? REMEDIES).flatMap((remedy) => [
    { remedy, ...common, hasOrder: true, orderAgeDays },
    { remedy, ...common, hasOrder: false, orderAgeDays: null },
  ]);
}

/** The smallest amount above zero that the condition takes and that passes a limit by itself; `null`: there is none. */
function firstAmount(part: Limit | Rule): number | null {
  const least = "max" in part && part.measure === "amount" ? part.max + 1 : 1;
  const amount = firstWithin(part.when?.amount, least);
  return amount === null || amount > MAX_MINOR_UNITS ? null : amount;
}

function firstWithin(range: Range | undefined, least: number): number | null {
  const first = Math.max(least, (range?.over ?? -1) + 1);
  return range?.under === undefined || first < range.under ? first : null;
}

/** Whether this very limit or rule has the request of such a person handed over, and nothing denies it. */
function handsOver(part: Limit | Rule, policy: Policy, sample: Sample, profile: RosterProfile): boolean {
  const { verdict, explanation } = ask(policy, sample, profile, usedUp(part));
  const check = explanation.checks.find(({ id, unknown }) => id === part.id && unknown === undefined);
  return verdict === "handover" && check?.effect === "handover";
}

function mayDoIt(policy: Policy, sample: Sample, profile: RosterProfile): boolean {
  const { verdict } = ask(policy, sample, profile, {});
  return verdict === "allow" || verdict === "bend";
}

/** One decision passes no count by itself: the one who asks has made all the others. */
function usedUp(part: Limit | Rule): Usage {
  if (!("max" in part) || part.measure === "amount") return {};
  return { [part.id]: { postedAmount: 0, reservedAmount: 0, postedCount: part.max, reservedCount: 0 } };
}

function ask(policy: Policy, sample: Sample, { role, team, tenureDays }: RosterProfile, usage: Usage) {
  const at = exampleNoon(policy.timeZone);
  const { remedy, amount, currency, cause, channel } = sample;
  const request: DecisionRequest = { remedy, amount, currency, cause, channel, caseId: "case", at };
  const facts: FactsOfRecord = {
    employee: {
      id: "employee",
      role,
      team,
      startedAt: tenureDays === null ? null : at - tenureDays * DAY_MS,
    },
    customer: { id: "customer", tier: sample.tier },
    order: sample.hasOrder
      ? {
          id: "order",
          paid: amount,
          refunded: 0,
          reserved: 0,
          placedAt: at - (sample.orderAgeDays ?? 0) * DAY_MS,
        }
      : null,
    hasOpenDispute: sample.hasOpenDispute,
  };
  return evaluate(policy, request, facts, usage);
}
