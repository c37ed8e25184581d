import fc from "fast-check";
import {
  EFFECTS,
  type Limit,
  type Policy,
  REMEDIES,
  ROLES,
  type Rule,
  SCOPES,
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
  "Africa/Cairo",
  "Pacific/Kiritimati",
  "Pacific/Niue",
];

/** Begin and end of summer time, the turn of the year, a Sunday night, and a long step away. */
const MOMENTS = [
  "2026-03-08T07:00:00Z",
  "2026-11-01T06:00:00Z",
  "2026-10-25T01:00:00Z",
  "2026-04-23T22:00:00Z",
  "2027-01-01T00:00:00Z",
  "2026-05-17T23:59:59Z",
].map((moment) => Date.parse(moment));

const HOUR_MS = 3_600_000;

export const instant = fc
  .tuple(fc.constantFrom(...MOMENTS), fc.integer({ min: -60 * HOUR_MS, max: 60 * HOUR_MS }))
  .map(([moment, distance]) => moment + distance);

/** Whole hours meet borders that any millisecond would miss. */
const instantOnTheHour = instant.map((at) => Math.round(at / HOUR_MS) * HOUR_MS);

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
  .chain((all) =>
    fc.subarray(Object.keys(all) as (keyof When)[], { maxLength: 2 }).map((keys) => {
      return Object.fromEntries(keys.map((key) => [key, all[key]])) as When;
    }),
  );

const words = { why: "why", say: "say" };

const limit: fc.Arbitrary<Limit> = fc.record(
  {
    id: fc.constant(""),
    scope: fc.subarray([...SCOPES], { minLength: 1 }),
    window: fc.oneof(
      fc.constantFrom(...WINDOWS),
      fc.record({ rollingDays: fc.constantFrom(1, 2, 3, 7, 30, 300) }),
    ),
    measure: fc.constantFrom("amount" as const, "amount" as const, "count" as const),
    max: fc.integer({ min: 0, max: 200 }),
    over: fc.constantFrom(...EFFECTS),
    when,
    why: fc.constant(words.why),
    say: fc.constant(words.say),
  },
  { requiredKeys: ["id", "scope", "window", "measure", "max", "over", "why", "say"] },
);

/** Counts stay small, or no history would ever reach them. */
const limitInReach = limit.map((one) => (one.measure === "count" ? { ...one, max: one.max % 6 } : one));

const rule: fc.Arbitrary<Rule> = fc
  .tuple(fc.constantFrom(...EFFECTS), when)
  .map(([effect, condition]) => ({ id: "", effect, when: condition, ...words }));

export const policy: fc.Arbitrary<Policy> = fc
  .record({
    timeZone: fc.constantFrom(...TIME_ZONES),
    limits: fc.array(limitInReach, { maxLength: 6 }),
    rules: fc.array(rule, { maxLength: 3 }),
  })
  .map(({ timeZone, limits, rules }) => ({
    currency: "USD",
    timeZone,
    values: [],
    limits: limits.map((one, index) => ({ ...one, id: `limit-${index}` })),
    rules: rules.map((one, index) => ({ ...one, id: `rule-${index}` })),
  }));

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });

export const row: fc.Arbitrary<SimulationRow> = fc
  .record({
    id: fc.constant(""),
    at: fc.oneof(instant, instantOnTheHour),
    employee: fc.constantFrom("e1", "e2"),
    customer: fc.constantFrom("c1", "c2"),
    remedy: fc.constantFrom("refund" as const, "refund" as const, "credit" as const, "gift" as const),
    amount: fc.integer({ min: 1, max: 90 }),
    currency: fc.constantFrom(null, null, null, null, null, null, null, "USD", "EUR"),
    role: fc.constantFrom(null, "agent" as const, "agent" as const, "manager" as const),
    team: fc.constantFrom(null, "north", "south"),
    tier: fc.constantFrom(null, "gold", "silver"),
    order: maybe(fc.constantFrom("o1", "o2")),
    orderPaid: fc.constantFrom(null, 150, 150, 300),
    orderAge: maybe(fc.integer({ min: -1, max: 200 })),
    tenureDays: maybe(fc.integer({ min: 0, max: 8 })),
    hasOpenDispute: fc.constantFrom(null, true, false, false),
    case: fc.constantFrom(null, "k1", "k2"),
    cause: fc.constantFrom(null, "carrier", "stock"),
    channel: fc.constantFrom(null, "phone", "mail"),
  })
  .map(({ orderAge, ...parts }) => ({
    ...parts,
    orderAt: orderAge === null ? null : parts.at - orderAge * HOUR_MS,
  }));

/** Rows in order of time, each with an id of its own. */
export const history = (maxLength: number): fc.Arbitrary<SimulationRow[]> =>
  fc
    .array(row, { minLength: 1, maxLength, size: "max" })
    .map((rows) => rows.sort((a, b) => a.at - b.at).map((one, index) => ({ ...one, id: `${index}` })));
