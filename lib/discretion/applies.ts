import { type Conversion, conversionOf } from "./conversion";
import type { Limit, Policy, Range, Scope, When } from "./schema";
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
  /** The amounts of the request's currency for which the condition on `amount` holds. */
  amounts: AmountSpan;
}

type Condition = keyof When;
type Reader<C extends Condition> = (
  wanted: NonNullable<When[C]>,
  request: DecisionRequest,
  facts: Pick<Facts, "employee" | "customer" | "hasOpenDispute"> & {
    order: { placedAt: number | null } | null;
  },
  conversion: Conversion | null,
) => ConditionState;

/** One reader for each condition: a condition that nobody reads does not compile. */
const READERS: { [C in Condition]-?: Reader<C> } = {
  roles: (roles, _request, facts) => stateOf(roles.includes(facts.employee.role)),
  teams: (teams, _request, facts) => memberOf(teams, facts.employee.team),
  tiers: (tiers, _request, facts) => memberOf(tiers, facts.customer.tier),
  remedies: (remedies, request) => stateOf(remedies.includes(request.remedy)),
  causes: (causes, request) => memberOf(causes, request.cause),
  channels: (channels, request) => memberOf(channels, request.channel),
  // Whether an amount is within the range is left open; that it can be compared at all is not.
  amount: (_range, _request, _facts, conversion) => (conversion === null ? "unknown" : "holds"),
  orderAgeDays: (range, request, { order }) =>
    order === null ? "fails" : daysWithin(range, order.placedAt, request.at),
  tenureDays: (range, request, facts) => daysWithin(range, facts.employee.startedAt, request.at),
  hasOrder: (wanted, _request, facts) => stateOf(wanted === (facts.order !== null)),
  hasOpenDispute: (wanted, _request, { hasOpenDispute }) =>
    hasOpenDispute === null ? "unknown" : stateOf(wanted === hasOpenDispute),
};

/** The facts that conditions read; an order's payments are none of them. */
export type ConditionFacts = Parameters<Reader<"hasOrder">>[2];

/** A `when`, laid out to be read for many requests. */
export interface CompiledWhen {
  steps: readonly CompiledCondition[];
  /** The condition on `amount`, in the policy's currency. */
  amount: Range | undefined;
}

interface CompiledCondition {
  wanted: unknown;
  read(wanted: unknown, ...rest: unknown[]): ConditionState;
  /** What is not known when the condition is unknown. */
  fact: string;
}

/** Lays a `when` out to be read. Absent: it always holds. */
export function compileWhen(when: When | undefined): CompiledWhen {
  const steps: CompiledCondition[] = [];
  for (const name of Object.keys(when ?? {}) as Condition[]) {
    const wanted = when?.[name];
    if (wanted === undefined) continue;
    // Which reader takes which condition is settled by the type of READERS, but the compiler cannot follow a loop.
    const read = READERS[name] as CompiledCondition["read"];
    steps.push({ wanted, read, fact: name === "amount" ? "exchangeRate" : name });
  }
  return { steps, amount: when?.amount };
}

const ANY_AMOUNT: AmountSpan = { from: 0, to: Number.POSITIVE_INFINITY };
const FAILS: ConditionReading = { besidesAmount: "fails", unknown: [], amounts: ANY_AMOUNT };
const NOTHING_UNKNOWN: readonly string[] = [];

/**
 * Reads a `when` for a request, leaving the amount open.
 *
 * @param conversion how the request's amounts come into the currency that `when` is written in; `null` where they
 * cannot be compared for want of a rate, so that a condition on them is unknown.
 */
export function readCondition(
  when: CompiledWhen,
  request: DecisionRequest,
  facts: ConditionFacts,
  conversion: Conversion | null,
): ConditionReading {
  let unknown: string[] | null = null;
  for (const { wanted, read, fact } of when.steps) {
    const state = read(wanted, request, facts, conversion);
    if (state === "fails") return FAILS;
    if (state === "unknown") {
      unknown ??= [];
      unknown.push(fact);
    }
  }
  return {
    besidesAmount: unknown === null ? "holds" : "unknown",
    unknown: unknown ?? NOTHING_UNKNOWN,
    amounts:
      when.amount === undefined || conversion === null ? ANY_AMOUNT : amountsWithin(when.amount, conversion),
  };
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
 * @throws RangeError when the rate that an amount in another currency comes with is none.
 */
export function conditionState(
  when: When | undefined,
  request: DecisionRequest,
  facts: ConditionFacts,
  currency: string = request.currency,
): ConditionState {
  const reading = readCondition(compileWhen(when), request, facts, conversionOf(request, currency));
  return stateAt(reading, request.amount);
}

/** Whether a limit is looked at for these facts at all: one that counts by order needs an order, by team a team. */
export function scopeIsPresent(
  { scope }: { scope: readonly Scope[] },
  facts: { employee: { team: string | null }; order: unknown },
): boolean {
  if (facts.order === null && scope.includes("order")) return false;
  return facts.employee.team !== null || !scope.includes("team");
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
function daysWithin({ over, under }: Range, since: number | null, at: number): ConditionState {
  if (since === null) return "unknown";
  const days = Math.floor((at - since) / DAY_MS);
  return stateOf((over === undefined || days > over) && (under === undefined || days < under));
}

/** The amounts of the request's currency whose exact worth is strictly between the bounds of a range. */
function amountsWithin({ over, under }: Range, conversion: Conversion): AmountSpan {
  return {
    from: over === undefined ? 0 : conversion.firstAbove(over),
    to: under === undefined ? Number.POSITIVE_INFINITY : conversion.lastBelow(under),
  };
}
