import type { Limit, Policy, Range, When } from "./schema";
import type { DecisionRequest, Facts } from "./types";
import { DAY_MS } from "./windows";

/** Whether a condition holds; `unknown` where a fact that it asks for is not known. */
export type ConditionState = "holds" | "fails" | "unknown";

/** Amounts from `from` to `to`, both included; `to` may be `Infinity`. Empty when `from` is above `to`. */
export interface AmountSpan {
  from: number;
  to: number;
}

/** A `when` as read for one request, the amount left open: what holds at other amounts follows from it. */
export interface ConditionReading {
  /** The state of every condition but the one on `amount`. */
  besidesAmount: ConditionState;
  /** The facts that were asked for and are not known. */
  unknown: readonly string[];
  /** The amounts for which the condition on `amount` holds. */
  amounts: AmountSpan;
}

type Condition = Exclude<keyof When, "amount">;
type Reader<C extends Condition> = (
  wanted: NonNullable<When[C]>,
  request: DecisionRequest,
  facts: Pick<Facts, "employee" | "customer" | "hasOpenDispute"> & {
    order: { placedAt: number | null } | null;
  },
) => ConditionState;

/** One reader for each condition: a condition that nobody reads does not compile. */
const READERS: { [C in Condition]: Reader<C> } = {
  roles: (roles, _request, facts) => stateOf(roles.includes(facts.employee.role)),
  teams: (teams, _request, facts) => memberOf(teams, facts.employee.team),
  tiers: (tiers, _request, facts) => memberOf(tiers, facts.customer.tier),
  remedies: (remedies, request) => stateOf(remedies.includes(request.remedy)),
  causes: (causes, request) => memberOf(causes, request.cause),
  channels: (channels, request) => memberOf(channels, request.channel),
  orderAgeDays: (range, request, { order }) =>
    order === null ? "fails" : daysWithin(range, order.placedAt, request.at),
  tenureDays: (range, request, facts) => daysWithin(range, facts.employee.startedAt, request.at),
  hasOrder: (wanted, _request, facts) => stateOf(wanted === (facts.order !== null)),
  hasOpenDispute: (wanted, _request, { hasOpenDispute }) =>
    hasOpenDispute === null ? "unknown" : stateOf(wanted === hasOpenDispute),
};

/** The facts that conditions read; an order's payments are none of them. */
export type ConditionFacts = Parameters<Reader<"hasOrder">>[2];

const ANY_AMOUNT: AmountSpan = { from: 0, to: Number.POSITIVE_INFINITY };
const ALWAYS: ConditionReading = { besidesAmount: "holds", unknown: [], amounts: ANY_AMOUNT };

/**
 * Reads a `when` for a request, leaving the amount open.
 *
 * @param currency what amounts in `when` are written in. An amount that is asked for in another one cannot be compared
 * without an exchange rate, so that the condition is unknown.
 */
export function readCondition(
  when: When | undefined,
  request: DecisionRequest,
  facts: ConditionFacts,
  currency: string,
): ConditionReading {
  if (when === undefined) return ALWAYS;
  const unknown: string[] = [];
  let amounts = ANY_AMOUNT;
  let fails = false;
  for (const name of Object.keys(when) as (keyof When)[]) {
    const wanted = when[name];
    if (wanted === undefined) continue;
    if (name === "amount") {
      if (request.currency === currency) amounts = spanOf(wanted as Range);
      else unknown.push("exchangeRate");
      continue;
    }
    // Which reader takes which condition is settled by the type of READERS, but the compiler cannot follow a loop.
    const state = (READERS[name] as (wanted: unknown, ...rest: unknown[]) => ConditionState)(
      wanted,
      request,
      facts,
    );
    if (state === "fails") fails = true;
    else if (state === "unknown") unknown.push(name);
  }
  if (fails) return { besidesAmount: "fails", unknown: [], amounts };
  return { besidesAmount: unknown.length > 0 ? "unknown" : "holds", unknown, amounts };
}

/** The state of the whole condition for one amount. */
export function stateAt(reading: ConditionReading, amount: number): ConditionState {
  return amount < reading.amounts.from || amount > reading.amounts.to ? "fails" : reading.besidesAmount;
}

/**
 * Whether a `when` holds for a request: every condition that it names must. One that fails settles it, whatever else
 * is unknown; `unknown` is only what an unknown fact could still turn either way.
 *
 * @param currency the policy's; without it amounts are taken to be in the request's own.
 */
export function conditionState(
  when: When | undefined,
  request: DecisionRequest,
  facts: ConditionFacts,
  currency: string = request.currency,
): ConditionState {
  return stateAt(readCondition(when, request, facts, currency), request.amount);
}

/** Whether a limit is looked at for these facts at all: one that counts by order needs an order, by team a team. */
export function scopeIsPresent(
  limit: Limit,
  facts: { employee: { team: string | null }; order: unknown },
): boolean {
  if (facts.order === null && limit.scope.includes("order")) return false;
  return facts.employee.team !== null || !limit.scope.includes("team");
}

/** Whether a limit applies to a request: it is looked at, and its condition is known to hold. */
export function limitApplies(
  limit: Limit,
  policy: Policy,
  request: DecisionRequest,
  facts: ConditionFacts,
): boolean {
  return (
    scopeIsPresent(limit, facts) && conditionState(limit.when, request, facts, policy.currency) === "holds"
  );
}

function stateOf(holds: boolean): ConditionState {
  return holds ? "holds" : "fails";
}

/** Having none of a thing (no team, no cause) is known, and is not being a member. */
function memberOf(list: readonly string[], name: string | null | undefined): ConditionState {
  return stateOf(name !== null && name !== undefined && list.includes(name));
}

/** Whole days passed: what is 90 days and 23 hours old is 90 days old. */
function daysWithin(range: Range, since: number | null, at: number): ConditionState {
  if (since === null) return "unknown";
  const { from, to } = spanOf(range);
  const days = Math.floor((at - since) / DAY_MS);
  return stateOf(days >= from && days <= to);
}

/** The whole numbers strictly between the bounds of a range. */
function spanOf({ over, under }: Range): AmountSpan {
  return {
    from: over === undefined ? Number.NEGATIVE_INFINITY : over + 1,
    to: under === undefined ? Number.POSITIVE_INFINITY : under - 1,
  };
}
