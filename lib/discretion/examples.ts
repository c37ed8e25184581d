import { tzOffset } from "@date-fns/tz";
import { createCountersInMemory } from "./counters-in-memory";
import { evaluate } from "./evaluate";
import type { FactsOfRecord } from "./findings";
import {
  EXAMPLE_DAYS_MAX,
  EXAMPLE_HISTORY_MAX,
  type Example,
  type ExampleHistory,
  type Policy,
  type Remedy,
  type Verdict,
} from "./schema";
import { inReplayOrder } from "./simulate";
import type { DecisionRequest, ExchangeRate, Explanation, Facts } from "./types";
import { addDays, DAY_MS, localDay, startOfDay } from "./windows";

/** What came of an example. */
export interface ExampleOutcome {
  id: string;
  passes: boolean;
  expected: Example["then"];
  /** `maxAmount` is in minor units of the currency asked for. */
  actual: { verdict: Verdict; binding: string | null; maxAmount: number | null };
  explanation: Explanation;
}

/** A Wednesday in the middle of a month of 31 days and of no change of clocks: what was given two days ago was given
 * this week, and what was given two weeks ago this month. */
const EXAMPLE_DAY = "2026-07-15";

const MINUTE_MS = 60_000;

/**
 * Holds a policy against one example: its history is replayed first, as a simulation would (`allow`, `bend` and
 * `handover` count, `deny` does not), and then its request is evaluated. Passes where the verdict is the expected one,
 * and so is the check that decided, if one is named.
 *
 * What an example leaves out: see its schema. Of its history: somebody else who gave is of the same role, team and
 * tenure, and another one each time; so is another customer, of the same tier. A refund that was not of the same order
 * was of another one, paid by just that much and placed when it was refunded; any other remedy was without an order.
 *
 * @throws RangeError as `evaluate` does; not for what the schema has accepted.
 */
export function runExample(policy: Policy, example: Example): ExampleOutcome {
  const counters = createCountersInMemory(policy);
  const world = worldOf(policy, example);

  for (const { request, facts } of inReplayOrder(world.history)) {
    const known = withRefunds(facts, example, counters.refundsOf);
    const past = evaluate(policy, request, known, counters.usageFor(request, known));
    counters.count(past.holds, past.verdict === "handover" ? "reserved" : "posted");
  }
  const facts = withRefunds(world.facts, example, counters.refundsOf);
  const { verdict, explanation } = evaluate(
    policy,
    world.request,
    facts,
    counters.usageFor(world.request, facts),
  );

  const expected = example.then;
  const { binding, maxAmount } = explanation;
  const passes =
    verdict === expected.verdict && (expected.binding === undefined || binding === expected.binding);
  return { id: example.id, passes, expected, actual: { verdict, binding, maxAmount }, explanation };
}

/** Holds a policy against its own examples, in the document's order. */
export function runExamples(policy: Policy): ExampleOutcome[] {
  return (policy.examples ?? []).map((example) => runExample(policy, example));
}

/** The instant (epoch milliseconds) at which examples ask that name none: a fixed Wednesday noon in that time zone. */
export function exampleNoon(timeZone: string): number {
  return noonOf(EXAMPLE_DAY, timeZone);
}

interface Ask {
  at: number;
  request: DecisionRequest;
  facts: FactsOfRecord;
}

interface World extends Ask {
  history: Ask[];
}

const ASKER = "asker";
const CUSTOMER = "customer";
const ORDER = "order";
const CASE = "case";

/** The people, the order and the instants that an example speaks of. */
function worldOf(policy: Policy, example: Example): World {
  const { given, when } = example;
  const at = given.at === undefined ? exampleNoon(policy.timeZone) : Date.parse(given.at);
  const facts: FactsOfRecord = {
    employee: {
      id: ASKER,
      role: given.employee.role,
      team: given.employee.team ?? null,
      startedAt: daysBefore(at, given.employee.tenureDays),
    },
    customer: { id: CUSTOMER, tier: given.customer?.tier ?? null },
    order: given.order
      ? {
          id: ORDER,
          paid: given.order.paid,
          refunded: 0,
          reserved: 0,
          placedAt: daysBefore(at, given.order.ageDays),
        }
      : null,
    hasOpenDispute: given.hasOpenDispute === undefined ? false : given.hasOpenDispute,
  };
  const request = requestOf(when, at, policy, CASE);
  const history = (given.history ?? []).map((past, index) =>
    askOf(past, index, policy, { at, request, facts }),
  );
  return { at, request, facts, history };
}

function askOf(past: ExampleHistory, index: number, policy: Policy, now: Ask): Ask {
  const at = instantDaysBefore(past.daysAgo ?? 0, now.at, policy.timeZone);
  const { employee, customer, hasOpenDispute } = now.facts;
  return {
    at,
    request: requestOf(past, at, policy, past.sameCase ? CASE : null),
    facts: {
      employee: past.by === "other" ? { ...employee, id: `other-${index}` } : employee,
      customer: past.for === "other" ? { ...customer, id: `other-${index}` } : customer,
      order: past.sameOrder ? now.facts.order : otherOrder(past, index, at),
      hasOpenDispute,
    },
  };
}

function requestOf(
  asked: Example["when"] | ExampleHistory,
  at: number,
  policy: Policy,
  caseId: string | null,
): DecisionRequest {
  const { remedy, amount, currency = policy.currency, cause, channel } = asked;
  const rate: ExchangeRate | null =
    asked.rate === undefined ? null : { rate: asked.rate, day: localDay(at, policy.timeZone) };
  return { remedy, amount, currency, rate, cause, channel, caseId, at };
}

function otherOrder({ remedy, amount }: ExampleHistory, index: number, at: number): FactsOfRecord["order"] {
  if (remedy !== "refund") return null;
  return { id: `other-${index}`, paid: amount, refunded: 0, reserved: 0, placedAt: at };
}

/** The order as it stands: what the example says was refunded before, and what its history has added since. */
function withRefunds(
  facts: FactsOfRecord,
  { given }: Example,
  refundsOf: (orderId: string) => { refunded: number; reserved: number },
): FactsOfRecord {
  if (facts.order === null) return facts;
  const { refunded, reserved } = refundsOf(facts.order.id);
  const before = facts.order.id === ORDER ? (given.order?.refunded ?? 0) : 0;
  return { ...facts, order: { ...facts.order, refunded: refunded + before, reserved } };
}

function daysBefore(at: number, days: number | undefined): number | null {
  return days === undefined ? null : at - days * DAY_MS;
}

/** An instant of the local day so many days before: of the same hour, unless a change of clocks puts that elsewhere. */
function instantDaysBefore(days: number, at: number, timeZone: string): number {
  if (days === 0) return at;
  const day = addDays(localDay(at, timeZone), -days);
  const sameHour = at - days * DAY_MS;
  return localDay(sameHour, timeZone) === day ? sameHour : startOfDay(day, timeZone);
}

function noonOf(day: string, timeZone: string): number {
  const noon = Date.parse(`${day}T12:00:00Z`);
  return noon - offsetMinutesAt(noon, timeZone) * MINUTE_MS;
}

function offsetMinutesAt(at: number, timeZone: string): number {
  return tzOffset(timeZone, new Date(at));
}

/** A decision that was really taken, with what was known then. Instants are epoch milliseconds. */
export interface DecisionOnRecord {
  /** The id of the example to be. */
  id: string;
  decision: {
    remedy: Remedy;
    /** Minor units of `currency`. */
    amount: number;
    currency: string;
    /** The rate that was used; absent or `null` where none was needed or known. */
    rate?: string | null;
    cause: string | null;
    channel: string | null;
    verdict: Verdict;
    binding: string | null;
    at: number;
  };
  facts: Facts;
  /** What counted before it, in any order. */
  past: readonly PastOnRecord[];
  /** Of the policy, and so of its days. */
  timeZone: string;
}

export interface PastOnRecord {
  at: number;
  remedy: Remedy;
  /** Minor units of `currency`. */
  amount: number;
  /** The policy's, if absent. */
  currency?: string | null;
  rate?: string | null;
  sameEmployee: boolean;
  sameCustomer: boolean;
  sameOrder: boolean;
  sameCase: boolean;
  cause: string | null;
  channel: string | null;
}

/**
 * Makes an example of a decision that was really taken, expecting what was decided then.
 *
 * It keeps no ids and no written words of anybody: people become "same" and "other", instants become whole days, and of
 * the decision's own instant only the local day is left. The check that decided is expected only where one stood in the
 * way: which limit has the least left is chance where all of them pass. Of a long past it keeps the latest hundred, as
 * many as an example may tell of.
 */
export function exampleOf({ id, decision, facts, past, timeZone }: DecisionOnRecord): Example {
  const today = localDay(decision.at, timeZone);
  const before = inReplayOrder(past.filter(({ at }) => at <= decision.at)).slice(-EXAMPLE_HISTORY_MAX);
  return {
    id,
    given: {
      employee: {
        role: facts.employee.role,
        ...(facts.employee.team === null ? {} : { team: facts.employee.team }),
        ...daysSince("tenureDays", facts.employee.startedAt, decision.at),
      },
      ...(facts.customer.tier === null ? {} : { customer: { tier: facts.customer.tier } }),
      ...(facts.order === null ? {} : { order: orderOf(facts.order, before, decision.at) }),
      ...(facts.hasOpenDispute === false ? {} : { hasOpenDispute: facts.hasOpenDispute }),
      at: noonWithOffset(today, timeZone),
      ...(before.length === 0
        ? {}
        : { history: before.map(historyOf(today, timeZone, facts.order !== null)) }),
    },
    when: {
      remedy: decision.remedy,
      amount: decision.amount,
      currency: decision.currency,
      ...named(decision, "rate", "cause", "channel"),
    },
    // biome-ignore format: one line says what is expected
    then: { verdict: decision.verdict, ...(decision.verdict === "allow" ? {} : { binding: decision.binding }) },
  };
}

/** What was refunded and held, less what the history will refund again when it is replayed. */
function orderOf(order: NonNullable<Facts["order"]>, past: readonly PastOnRecord[], at: number) {
  const replayed = past
    .filter(({ sameOrder, remedy }) => sameOrder && remedy === "refund")
    .reduce((sum, { amount }) => sum + amount, 0);
  const refunded = Math.max(0, order.refunded + order.reserved - replayed);
  return {
    paid: order.paid,
    ...(refunded === 0 ? {} : { refunded }),
    ...daysSince("ageDays", order.placedAt, at),
  };
}

const historyOf =
  (today: string, timeZone: string, hasOrder: boolean) =>
  (past: PastOnRecord): ExampleHistory => {
    const daysAgo = (Date.parse(today) - Date.parse(localDay(past.at, timeZone))) / DAY_MS;
    return {
      ...(daysAgo === 0 ? {} : { daysAgo }),
      remedy: past.remedy,
      amount: past.amount,
      ...named(past, "currency", "rate"),
      ...(past.sameEmployee ? {} : { by: "other" as const }),
      ...(past.sameCustomer ? {} : { for: "other" as const }),
      ...(past.sameOrder && hasOrder ? { sameOrder: true } : {}),
      ...(past.sameCase ? { sameCase: true } : {}),
      ...named(past, "cause", "channel"),
    };
  };

/** Those of the texts that say something: what is `null`, absent or blank means that there is none. */
function named<Name extends string>(texts: { [N in Name]?: string | null }, ...names: readonly Name[]) {
  const said: { [N in Name]?: string } = {};
  for (const name of names) {
    const text = texts[name];
    if (text?.trim()) said[name] = text;
  }
  return said;
}

/** Whole days passed, as the engine counts them. What begins only later is as new as can be. */
function daysSince<Name extends string>(name: Name, since: number | null, at: number) {
  if (since === null) return {};
  const days = Math.max(0, Math.floor((at - since) / DAY_MS));
  return { [name]: Math.min(days, EXAMPLE_DAYS_MAX) } as Record<Name, number>;
}

/** Noon of a local day as ISO 8601. The hour does not matter to any check, and would tell who it was. */
export function noonWithOffset(day: string, timeZone: string): string {
  const minutes = Math.round(offsetMinutesAt(noonOf(day, timeZone), timeZone));
  const two = (value: number) => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${day}T12:00:00${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
