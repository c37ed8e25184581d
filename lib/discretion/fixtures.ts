import type { FactsOfRecord } from "./findings";
import type { Limit, Policy, Rule } from "./schema";
import type { DecisionRequest, Facts, Usage, Used } from "./types";
import { DAY_MS } from "./windows";

/** What tests start from: each of these is ordinary, so that a test names only what it is about. */

export const NOON = Date.parse("2026-05-13T12:00:00Z");

export function aLimit(parts: Partial<Limit> = {}): Limit {
  return {
    id: "guest-day",
    scope: ["employee", "customer"],
    window: "day",
    measure: "amount",
    max: 20_000,
    over: "handover",
    why: "Enough to put things right.",
    say: "I can put this right now.",
    ...parts,
  };
}

export function aRule(parts: Partial<Rule> = {}): Rule {
  return {
    id: "some-rule",
    effect: "deny",
    why: "There is a reason.",
    say: "There are words for it.",
    ...parts,
  };
}

export function aPolicy(parts: Partial<Policy> = {}): Policy {
  return { currency: "USD", timeZone: "America/New_York", values: [], limits: [], rules: [], ...parts };
}

export function aRequest(parts: Partial<DecisionRequest> = {}): DecisionRequest {
  return { remedy: "credit", amount: 2500, currency: "USD", at: NOON, ...parts };
}

export function someFacts(parts: Partial<Facts> = {}): Facts {
  return {
    employee: { id: "e1", role: "agent", team: "north", startedAt: NOON - 400 * DAY_MS },
    customer: { id: "c1", tier: "gold" },
    order: null,
    hasOpenDispute: false,
    ...parts,
  };
}

export function anOrder(parts: Partial<NonNullable<FactsOfRecord["order"]>> = {}) {
  return { id: "o1", paid: 10_000, refunded: 0, reserved: 0, placedAt: NOON - 10 * DAY_MS, ...parts };
}

export function used(limitId: string, parts: Partial<Used>): Usage {
  return { [limitId]: { postedAmount: 0, reservedAmount: 0, postedCount: 0, reservedCount: 0, ...parts } };
}
