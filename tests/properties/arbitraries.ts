import fc from "fast-check";
import {
  EFFECTS,
  type Limit,
  type Policy,
  REMEDIES,
  ROLES,
  type Rule,
  SCOPES,
  type Scope,
  type When,
  WINDOWS,
} from "@/lib/discretion/schema";
import type { SimulationRow } from "@/lib/discretion/simulate";

/**
 * Policies and histories out of a small world, so that limits are met, windows shared and thresholds hit: two of each
 * person, sums up to some hundred, days around the turns of the clock, the week and the year.
 */

export const TIME_ZONES = [
  "UTC",
  "America/New_York",
  "Europe/London",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Africa/Cairo",
  "Pacific/Kiritimati",
  "Pacific/Niue",
];

const MOMENTS = [
  // Summer time begins and ends: New York, London, Lord Howe (by half an hour), Auckland, and Cairo at midnight.
  "2026-03-08T07:00:00Z",
  "2026-11-01T06:00:00Z",
  "2026-03-29T01:00:00Z",
  "2026-10-25T01:00:00Z",
  "2026-04-04T15:00:00Z",
  "2026-10-03T15:30:00Z",
  "2026-04-04T14:00:00Z",
  "2026-09-26T14:00:00Z",
  "2026-04-23T22:00:00Z",
  "2026-10-29T21:00:00Z",
  // The leap day, its eve and its morrow; a year's end without one.
  "2028-02-29T12:00:00Z",
  "2028-03-01T00:00:00Z",
  "2027-03-01T00:00:00Z",
  // Weeks 53, which belong to two years; the turn of a year within week 1 and within week 52.
  "2026-12-28T00:00:00Z",
  "2027-01-01T00:00:00Z",
  "2027-01-03T23:59:59Z",
  "2032-12-27T00:00:00Z",
  "2033-01-02T12:00:00Z",
  "2026-01-01T00:00:00Z",
  "2028-01-01T00:00:00Z",
  // A Sunday night, and the turn of a month.
  "2026-05-17T23:59:59Z",
  "2026-07-01T00:00:00Z",
].map((moment) => Date.parse(moment));

const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;

const moment = fc.constantFrom(...MOMENTS);

/** Mostly within hours or days, so that windows are shared; sometimes weeks away, so that they are left. */
const distance = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -5 * HOUR_MS, max: 5 * HOUR_MS }) },
  { weight: 4, arbitrary: fc.integer({ min: -60 * HOUR_MS, max: 60 * HOUR_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: -45 * 24 * HOUR_MS, max: 45 * 24 * HOUR_MS }) },
);

/** Whole quarters meet the borders of days that any millisecond would miss, and so does the last one before them. */
const fineness = fc.constantFrom(
  (at: number) => at,
  (at: number) => Math.round(at / QUARTER_MS) * QUARTER_MS,
  (at: number) => Math.round(at / QUARTER_MS) * QUARTER_MS - 1,
);

export const instant = fc.tuple(moment, distance, fineness).map(([from, away, round]) => round(from + away));

const range = (max: number) =>
  fc.oneof(
    fc.record({ over: fc.integer({ min: 0, max }) }),
    fc.record({ under: fc.integer({ min: 0, max }) }),
    fc
      .tuple(fc.integer({ min: 0, max }), fc.integer({ min: 2, max }))
      .map(([over, width]) => ({ over, under: over + width })),
  );

const some = <T>(...members: T[]) =>
  fc.uniqueArray(fc.constantFrom(...members), { minLength: 1, maxLength: 3 });

/** Mostly few conditions: a `when` that names many hardly ever holds. */
const when: fc.Arbitrary<When> = fc
  .record(
    {
      roles: some(...ROLES),
      teams: some("north", "south"),
      tiers: some("gold", "silver"),
      remedies: some(...REMEDIES.slice(0, 3), "gift" as const),
      causes: some("carrier", "stock"),
      channels: some("phone", "mail"),
      amount: range(120),
      orderAgeDays: range(5),
      tenureDays: range(5),
      hasOrder: fc.boolean(),
      hasOpenDispute: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .chain((all) => {
    const names = Object.keys(all) as (keyof When)[];
    return fc
      .subarray(names, { maxLength: Math.min(2, names.length) })
      .map((keys) => Object.fromEntries(keys.map((key) => [key, all[key]])) as When);
  });

const words = { why: "why", say: "say" };

const limit: fc.Arbitrary<Limit> = fc.record(
  {
    id: fc.constant(""),
    // Any scope there is, and more often one that is soon shared.
    scope: fc.oneof(
      fc.subarray([...SCOPES], { minLength: 1 }),
      fc.constantFrom<Scope[]>(["organization"], ["employee"], ["customer"], ["employee", "customer"]),
    ),
    window: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...WINDOWS, "day" as const) },
      { weight: 1, arbitrary: fc.record({ rollingDays: fc.constantFrom(1, 2, 3, 7, 30, 300) }) },
    ),
    measure: fc.constantFrom("amount" as const, "amount" as const, "count" as const),
    max: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 40 })),
    over: fc.constantFrom(...EFFECTS, "bend" as const, "handover" as const),
    when,
    why: fc.constant(words.why),
    say: fc.constant(words.say),
  },
  { requiredKeys: ["id", "scope", "window", "measure", "max", "over", "why", "say"] },
);

/** Counts stay small, or no history would ever reach them. */
const limitInReach = limit.map((one) => (one.measure === "count" ? { ...one, max: one.max % 6 } : one));

const rule: fc.Arbitrary<Rule> = fc
  .tuple(fc.constantFrom(...EFFECTS, "bend" as const), when)
  .map(([effect, condition]) => ({ id: "", effect, when: condition, ...words }));

export const policy: fc.Arbitrary<Policy> = fc
  .record({
    currency: fc.constantFrom("USD", "USD", "JPY", "KWD"),
    timeZone: fc.constantFrom(...TIME_ZONES),
    limits: fc.array(limitInReach, { maxLength: 6, size: "max" }),
    rules: fc.oneof(fc.constant<Rule[]>([]), fc.array(rule, { maxLength: 3 })),
  })
  .map(({ currency, timeZone, limits, rules }) => ({
    currency,
    timeZone,
    values: [],
    limits: limits.map((one, index) => ({ ...one, id: `limit-${index}` })),
    rules: rules.map((one, index) => ({ ...one, id: `rule-${index}` })),
  }));

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });

/** What a minor unit is worth in the policy's, from far below one to several: ties of rounding, periods, tiny ones. */
const WORTHS = ["1", "0.5", "1.5", "2.25", "0.3333", "1.0842", "6.7", "0.07", "0.0004"];

const DECIMALS: Record<string, number> = { USD: 2, EUR: 2, JPY: 0, KWD: 3 };

/** A row before it meets a policy and a moment: its rate depends on the currency that the policy counts in. */
const draft = fc.record({
  employee: fc.constantFrom("e1", "e2"),
  customer: fc.constantFrom("c1", "c2"),
  remedy: fc.constantFrom("refund" as const, "refund" as const, "credit" as const, "gift" as const),
  amount: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 15 })),
  currency: fc.constantFrom(null, null, null, null, null, "USD", "EUR", "JPY", "KWD"),
  /** `null`: nobody knows the rate. */
  worth: fc.constantFrom(null, ...WORTHS),
  role: fc.constantFrom(null, "agent" as const, "agent" as const, "manager" as const),
  team: fc.constantFrom(null, "north", "south"),
  tier: fc.constantFrom(null, "gold", "silver"),
  order: maybe(fc.constantFrom("o1", "o2")),
  orderPaid: fc.constantFrom(null, 150, 150, 300),
  orderRefunded: fc.constantFrom(null, null, 0, 20, 70),
  orderAge: maybe(fc.integer({ min: -1, max: 200 })),
  tenureDays: maybe(fc.integer({ min: 0, max: 8 })),
  hasOpenDispute: fc.constantFrom(null, true, false, false),
  case: fc.constantFrom(null, "k1", "k2"),
  cause: fc.constantFrom(null, "carrier", "stock"),
  channel: fc.constantFrom(null, "phone", "mail"),
});

/** A decimal with its point moved. */
function shifted(decimal: string, places: number): string {
  const [units = "", fraction = ""] = decimal.split(".");
  const digits = `${"0".repeat(12)}${units}${fraction}${"0".repeat(12)}`;
  const point = 12 + units.length + places;
  return `${digits.slice(0, point).replace(/^0+(?=\d)/, "")}.${digits.slice(point).replace(/0+$/, "") || "0"}`;
}

type Draft = typeof draft extends fc.Arbitrary<infer Value> ? Value : never;

function rowUnder(
  policyCurrency: string,
  { worth, orderAge, ...parts }: Draft,
  at: number,
  id: string,
): SimulationRow {
  const decimalsOf = (currency: string) => DECIMALS[currency] ?? Number.NaN;
  const places = decimalsOf(parts.currency ?? policyCurrency) - decimalsOf(policyCurrency);
  const rate = worth === null ? null : { rate: shifted(worth, places), day: "2026-01-01" };
  return { ...parts, id, at, rate, orderAt: orderAge === null ? null : at - orderAge * HOUR_MS };
}

/** One row of a history: to be decided, or remembered as it stood. */
export interface Turn {
  row: SimulationRow;
  remembered: "posted" | "reserved" | null;
  /** Before this turn, what is given back of the turn that lies so many before it, if there is one. */
  givesBack: number | null;
}

/** A policy and what happens under it, in order of time, some of it before anybody decided by that policy. */
export interface World {
  document: Policy;
  turns: Turn[];
}

const turn = fc.record({
  draft,
  distance,
  fineness,
  /** Rows of one history lie around one or two moments, so that they meet in windows. */
  moment: fc.constantFrom(0, 0, 0, 1),
  remembered: fc.constantFrom(null, null, null, null, "posted" as const, "reserved" as const),
  givesBack: fc.constantFrom(null, null, null, null, null, 1, 2, 5),
});

/** Turns before they meet a policy, in order of time. */
const drafts = (maxLength: number) =>
  fc
    .record({
      moments: fc.tuple(moment, moment),
      turns: fc.array(turn, { minLength: 1, maxLength, size: "max" }),
    })
    .map(({ moments, turns }) =>
      turns
        .map((one) => ({ ...one, at: one.fineness((moments[one.moment] ?? 0) + one.distance) }))
        .sort((a, b) => a.at - b.at),
    );

export const world = (maxLength: number): fc.Arbitrary<World> =>
  fc.tuple(policy, drafts(maxLength)).map(([document, turns]) => ({
    document,
    turns: turns.map(({ draft: parts, at, ...how }, index) => ({
      row: rowUnder(document.currency, parts, at, `${index}`),
      remembered: how.remembered,
      givesBack: how.givesBack,
    })),
  }));

/** A policy and one row under it. */
export const policyAndRow: fc.Arbitrary<[Policy, SimulationRow]> = fc
  .tuple(policy, draft, instant)
  .map(([document, parts, at]) => [document, rowUnder(document.currency, parts, at, "0")]);
