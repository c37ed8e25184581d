import { describe, expect, test } from "vitest";
import { exampleNoon, exampleOf, type PastOnRecord, runExample, runExamples } from "./examples";
import { aLimit, anOrder, aPolicy, aRule, NOON, someFacts } from "./fixtures";
import {
  type Example,
  type ExampleHistory,
  exampleSchema,
  type Policy,
  policySchema,
  type When,
} from "./schema";
import { DAY_MS, localDay } from "./windows";

interface Parts {
  given?: Partial<Example["given"]>;
  when?: Partial<Example["when"]>;
  then?: Example["then"];
}

const anExample = ({ given, when, then = { verdict: "allow" } }: Parts = {}): Example => ({
  id: "one",
  given: { employee: { role: "agent" }, ...given },
  when: { remedy: "credit", amount: 60, ...when },
  then,
});
const outcome = (policy: Partial<Policy>, parts: Parts = {}) => runExample(aPolicy(policy), anExample(parts));
const verdictAfter = (policy: Partial<Policy>, ...history: Partial<ExampleHistory>[]) =>
  outcome(policy, {
    given: {
      order: { paid: 100, ageDays: 0 },
      history: history.map((past) => ({ remedy: "credit", amount: 60, ...past })),
    },
  }).actual.verdict;
const limited = (parts: Parameters<typeof aLimit>[0] = {}) => ({ limits: [aLimit({ max: 100, ...parts })] });
const denied = (when: When) => ({ rules: [aRule({ when })] });

describe("an example", () => {
  test("passes where verdict and check are the expected ones, and says what came instead", () => {
    const ask = (then: Example["then"]) => outcome(limited(), { when: { amount: 101 }, then });
    expect(ask({ verdict: "handover" }).passes).toBe(true);
    expect(ask({ verdict: "handover", binding: "guest-day" }).passes).toBe(true);
    expect(ask({ verdict: "handover", binding: "exchange-rate" }).passes).toBe(false);
    expect(ask({ verdict: "handover", binding: null }).passes).toBe(false);
    expect(ask({ verdict: "allow" })).toMatchObject({
      id: "one",
      passes: false,
      expected: { verdict: "allow" },
      actual: { verdict: "handover", binding: "guest-day", maxAmount: 100 },
      explanation: { checks: [{ id: "guest-day", asked: 101, left: -1 }] },
    });
    expect(outcome({}, { then: { verdict: "allow", binding: null } }).passes).toBe(true);
  });

  test("is one of all that a policy has, in its order; a policy without any has none", () => {
    const examples = [anExample(), { ...anExample({ then: { verdict: "deny" } }), id: "two" }];
    const outcomes = runExamples(aPolicy({ examples }));
    expect(outcomes.map(({ id, passes }) => [id, passes])).toEqual([
      ["one", true],
      ["two", false],
    ]);
    expect(runExamples(aPolicy())).toEqual([]);
  });

  test("asks on a Wednesday at noon in the policy's time zone, in summer too, unless it says when", () => {
    for (const timeZone of [
      "UTC",
      "America/New_York",
      "Asia/Kathmandu",
      "Pacific/Kiritimati",
      "Pacific/Niue",
    ]) {
      const said = new Intl.DateTimeFormat("en-GB", {
        timeZone,
        weekday: "long",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
      }).format(exampleNoon(timeZone));
      expect(said).toBe("Wednesday, 15/07/2026, 12:00");
    }
    const policy = limited({ window: "week" });
    const history = [{ daysAgo: 2, remedy: "credit" as const, amount: 60 }];
    expect(outcome(policy, { given: { history } }).actual.verdict).toBe("handover");
    const at = "2026-07-14T23:59:00-04:00";
    expect(outcome(policy, { given: { history, at } }).actual.verdict).toBe("allow");
  });

  // What a document leaves out must mean one thing, or the same example passes here and fails there.
  test.each<[string, Partial<Policy>, Parts["given"], string]>([
    ["has no team", denied({ teams: ["north"] }), {}, "allow"],
    ["has no tier", denied({ tiers: ["gold"] }), {}, "allow"],
    ["has no order", denied({ hasOrder: true }), {}, "allow"],
    ["has no dispute", denied({ hasOpenDispute: true }), {}, "allow"],
    ["may not know of disputes", denied({ hasOpenDispute: true }), { hasOpenDispute: null }, "handover"],
    ["has a dispute", denied({ hasOpenDispute: true }), { hasOpenDispute: true }, "deny"],
    ["does not know the tenure", denied({ tenureDays: { over: 5 } }), {}, "handover"],
    [
      "has a tenure",
      denied({ tenureDays: { over: 5 } }),
      { employee: { role: "agent", tenureDays: 5 } },
      "allow",
    ],
    [
      "has more tenure",
      denied({ tenureDays: { over: 5 } }),
      { employee: { role: "agent", tenureDays: 6 } },
      "deny",
    ],
    [
      "does not know the order's age",
      denied({ orderAgeDays: { over: 5 } }),
      { order: { paid: 1 } },
      "handover",
    ],
    [
      "has an order of an age",
      denied({ orderAgeDays: { over: 5 } }),
      { order: { paid: 1, ageDays: 6 } },
      "deny",
    ],
    ["has a team", denied({ teams: ["north"] }), { employee: { role: "agent", team: "north" } }, "deny"],
    ["has a tier", denied({ tiers: ["gold"] }), { customer: { tier: "gold" } }, "deny"],
  ])("%s", (_name, policy, given, verdict) => {
    expect(outcome(policy, { given }).actual.verdict).toBe(verdict);
  });

  test("in another currency is counted at its rate, and handed over without one", () => {
    const ask = (rate?: string) => outcome(limited(), { when: { currency: "EUR", amount: 80, rate } }).actual;
    expect(ask("1.25").verdict).toBe("allow");
    expect(ask("1.2501")).toMatchObject({ verdict: "handover", binding: "guest-day", maxAmount: 79 });
    expect(ask()).toMatchObject({ verdict: "handover", binding: "exchange-rate" });
  });

  test("refunds no more than was paid less what was refunded before", () => {
    const ask = (amount: number) =>
      outcome({}, { given: { order: { paid: 100, refunded: 40 } }, when: { remedy: "refund", amount } });
    expect(ask(60).actual.verdict).toBe("allow");
    expect(ask(61).actual).toEqual({ verdict: "deny", binding: "order-refundable", maxAmount: 60 });
  });
});

describe("what happened before", () => {
  test("counts for a limit by who, for whom, when and for what", () => {
    expect(verdictAfter(limited(), {})).toBe("handover");
    expect(verdictAfter(limited(), { by: "other" })).toBe("allow");
    expect(verdictAfter(limited(), { for: "other" })).toBe("allow");
    expect(verdictAfter(limited(), { daysAgo: 1 })).toBe("allow");
    expect(verdictAfter(limited({ scope: ["customer"] }), { by: "other" })).toBe("handover");
    expect(verdictAfter(limited({ scope: ["employee"] }), { for: "other" })).toBe("handover");
    expect(verdictAfter(limited({ window: { rollingDays: 3 } }), { daysAgo: 2 })).toBe("handover");
    expect(verdictAfter(limited({ window: { rollingDays: 3 } }), { daysAgo: 3 })).toBe("allow");
    expect(verdictAfter(limited({ window: "lifetime" }), { daysAgo: 36_600 })).toBe("handover");
    expect(verdictAfter(limited({ scope: ["order"], window: "lifetime" }), { sameOrder: true })).toBe(
      "handover",
    );
    expect(verdictAfter(limited({ scope: ["order"], window: "lifetime" }), {})).toBe("allow");
    expect(verdictAfter(limited({ window: "case" }), { sameCase: true })).toBe("handover");
    expect(verdictAfter(limited({ window: "case" }), {})).toBe("allow");
    expect(verdictAfter(limited({ when: { causes: ["carrier"] } }), { cause: "carrier" })).toBe("allow");
    expect(verdictAfter(limited({ measure: "count", max: 2 }), {}, {})).toBe("handover");
  });

  test("counts also where it was bent or handed over, and not where the policy denies it", () => {
    const often = limited({ measure: "count", max: 1, window: "lifetime" });
    const policy = (effect: "bend" | "handover" | "deny") => ({
      ...often,
      rules: [aRule({ effect, when: { channels: ["phone"] } })],
    });
    expect(verdictAfter(policy("bend"), { channel: "phone" })).toBe("handover");
    expect(verdictAfter(policy("handover"), { channel: "phone" })).toBe("handover");
    expect(verdictAfter(policy("deny"), { channel: "phone" })).toBe("allow");
  });

  test("comes in order of time, however it is listed", () => {
    const policy = limited({ over: "deny", scope: ["customer"], window: "week" });
    // The older one fits alone; then the later one is denied, and 40 are left.
    const history = [{ amount: 80 }, { amount: 60, daysAgo: 2 }];
    expect(verdictAfter(policy, ...history)).toBe("deny");
    const ask = (amount: number) =>
      outcome(policy, {
        given: { history: history.map((past) => ({ remedy: "credit", ...past })) },
        when: { amount },
      }).actual.verdict;
    expect([ask(40), ask(41)]).toEqual(["allow", "deny"]);
  });

  test("falls on the local day that it says, across a change of clocks and a day that was left out", () => {
    const policy = { ...limited({ window: "day" }), timeZone: "America/New_York" };
    const on = (at: string, daysAgo: number, window: Policy["limits"][number]["window"], timeZone: string) =>
      outcome(
        { ...policy, timeZone, ...limited({ window }) },
        { given: { at, history: [{ remedy: "credit", amount: 60, daysAgo }] } },
      ).actual.verdict;
    // 00:30 on the day after the clocks went forward: 24 hours earlier is 23:30, two days before.
    expect(on("2026-03-09T00:30:00-04:00", 1, { rollingDays: 2 }, "America/New_York")).toBe("handover");
    expect(on("2026-03-09T00:30:00-04:00", 1, { rollingDays: 1 }, "America/New_York")).toBe("allow");
    // 23:30 on the day after they went back: 24 hours earlier is still the day before.
    expect(on("2026-11-02T23:30:00-05:00", 1, { rollingDays: 2 }, "America/New_York")).toBe("handover");
    expect(on("2012-01-01T12:00:00+14:00", 2, { rollingDays: 3 }, "Pacific/Apia")).toBe("handover");
  });

  test("on the same order adds to what was refunded of it; on another one it does not", () => {
    const ask = (history: ExampleHistory[]) =>
      outcome(
        {},
        {
          given: { order: { paid: 100, refunded: 10 }, history },
          when: { remedy: "refund", amount: 40 },
        },
      ).actual;
    expect(ask([{ remedy: "refund", amount: 50, sameOrder: true }]).verdict).toBe("allow");
    expect(ask([{ remedy: "refund", amount: 51, sameOrder: true }])).toMatchObject({
      verdict: "deny",
      maxAmount: 39,
    });
    expect(ask([{ remedy: "credit", amount: 90, sameOrder: true }]).verdict).toBe("allow");
    expect(ask([{ remedy: "refund", amount: 90 }]).verdict).toBe("allow");
  });

  // A rule against refunds without an order must not make past refunds uncounted.
  test("is a refund of some order where it was a refund", () => {
    const policy = {
      ...limited(),
      rules: [aRule({ when: { remedies: ["refund"], hasOrder: false } })],
    };
    expect(verdictAfter(policy, { remedy: "refund" })).toBe("handover");
  });

  test("is counted at the rate of its own", () => {
    expect(verdictAfter(limited(), { currency: "EUR", amount: 32, rate: "1.25" })).toBe("allow");
    expect(verdictAfter(limited(), { currency: "EUR", amount: 33, rate: "1.25" })).toBe("handover");
  });

  test("never throws, however much it was", () => {
    const huge = { remedy: "credit" as const, amount: Number.MAX_SAFE_INTEGER };
    const given = {
      order: { paid: huge.amount, refunded: huge.amount },
      history: [huge, huge, { ...huge, remedy: "refund" as const, sameOrder: true }],
    };
    const when = { remedy: "refund" as const, amount: huge.amount, currency: "EUR", rate: "999999999999" };
    expect(outcome(limited({ over: "bend" }), { given, when }).actual.verdict).toBe("deny");
  });
});

describe("an example of a decision that was taken", () => {
  const timeZone = "America/New_York";
  const decision = {
    remedy: "refund" as const,
    amount: 2500,
    currency: "USD",
    cause: null,
    channel: "phone",
    verdict: "handover" as const,
    binding: "guest-day",
    at: NOON,
  };
  const facts = someFacts({ order: anOrder({ paid: 9000, refunded: 700, reserved: 300 }) as never });
  const past = (parts: Partial<PastOnRecord>): PastOnRecord => ({
    at: NOON - DAY_MS,
    remedy: "credit",
    amount: 100,
    sameEmployee: true,
    sameCustomer: true,
    sameOrder: false,
    sameCase: false,
    cause: null,
    channel: null,
    ...parts,
  });

  test("says what was known and decided", () => {
    const example = exampleOf({
      id: "real",
      decision,
      facts,
      timeZone,
      past: [
        past({ at: NOON - 60_000, sameCase: true, cause: "carrier" }),
        past({ at: NOON - 3 * DAY_MS, remedy: "refund", amount: 400, sameOrder: true }),
        past({ sameEmployee: false, sameCustomer: false, currency: "EUR", rate: "1.1" }),
        past({ at: NOON + 1, amount: 999 }),
      ],
    });
    expect(example).toEqual({
      id: "real",
      given: {
        employee: { role: "agent", team: "north", tenureDays: 400 },
        customer: { tier: "gold" },
        order: { paid: 9000, refunded: 600, ageDays: 10 },
        at: "2026-05-13T12:00:00-04:00",
        history: [
          { daysAgo: 3, remedy: "refund", amount: 400, sameOrder: true },
          {
            daysAgo: 1,
            remedy: "credit",
            amount: 100,
            currency: "EUR",
            rate: "1.1",
            by: "other",
            for: "other",
          },
          { remedy: "credit", amount: 100, sameCase: true, cause: "carrier" },
        ],
      },
      when: { remedy: "refund", amount: 2500, currency: "USD", channel: "phone" },
      then: { verdict: "handover", binding: "guest-day" },
    });
    expect(policySchema.parse(aPolicy({ limits: [aLimit()], examples: [example] })).examples).toEqual([
      example,
    ]);
  });

  test("leaves out what there was not, and what is not known stays unknown", () => {
    const example = exampleOf({
      id: "bare",
      decision: { ...decision, currency: "EUR", rate: "1.2", channel: " ", verdict: "allow" },
      facts: {
        employee: { id: "e1", role: "manager", team: null, startedAt: null },
        customer: { id: "c1", tier: null },
        order: null,
        hasOpenDispute: null,
      },
      past: [],
      timeZone: "Asia/Kathmandu",
    });
    expect(example).toEqual({
      id: "bare",
      given: { employee: { role: "manager" }, hasOpenDispute: null, at: "2026-05-13T12:00:00+05:45" },
      when: { remedy: "refund", amount: 2500, currency: "EUR", rate: "1.2" },
      then: { verdict: "allow" },
    });
  });

  // A precedent is for everybody to read.
  test("names nobody", () => {
    const text = JSON.stringify(
      exampleOf({
        id: "real",
        decision,
        facts: someFacts({
          employee: { id: "employee-77", role: "agent", team: null, startedAt: NOON - DAY_MS / 2 },
          customer: { id: "customer-88", tier: null },
          order: anOrder({ id: "order-99" }) as never,
        }),
        past: [past({ at: NOON - 12_345 })],
        timeZone,
      }),
    );
    expect(text).not.toMatch(/77|88|99|345/);
  });

  test("keeps of a long past the latest hundred, which the schema takes", () => {
    const long = Array.from({ length: 250 }, (_, index) =>
      past({ at: NOON - index * DAY_MS, amount: index + 1 }),
    );
    const example = exampleOf({
      id: "long",
      decision,
      facts: someFacts({
        employee: { id: "e1", role: "agent", team: null, startedAt: Date.parse("1800-01-01") },
      }),
      past: long,
      timeZone,
    });
    expect(example.given.history?.map(({ amount }) => amount)).toEqual(
      Array.from({ length: 100 }, (_, index) => 100 - index),
    );
    expect(exampleSchema.safeParse(example).success).toBe(true);
  });

  test("counts days by the calendar, and age and tenure in whole days that passed", () => {
    const at = Date.parse("2026-03-09T00:30:00-04:00");
    const example = exampleOf({
      id: "clocks",
      decision: { ...decision, at },
      facts: someFacts({
        employee: { id: "e1", role: "agent", team: null, startedAt: at - 2 * DAY_MS + 1 },
        order: anOrder({ placedAt: at + 5 }) as never,
      }),
      past: [past({ at: Date.parse("2026-03-08T00:10:00-05:00") }), past({ at: at - 31 * 60_000 })],
      timeZone,
    });
    expect(example.given).toMatchObject({
      employee: { tenureDays: 1 },
      order: { ageDays: 0 },
      history: [{ daysAgo: 1 }, { daysAgo: 1 }],
    });
    expect(localDay(Date.parse(example.given.at ?? ""), timeZone)).toBe("2026-03-09");
  });
});
