import { describe, expect, test } from "vitest";
import { countingHolds, evaluate, largestAmount } from "./evaluate";
import { aLimit, anOrder, aPolicy, aRequest, aRule, NOON, someFacts, used } from "./fixtures";
import type { Limit, Policy, Rule } from "./schema";
import type { DecisionRequest, Evaluate, Facts, Usage } from "./types";

/** The engine can be passed wherever the contract's type is asked for. */
const engine: Evaluate = evaluate;

interface Setting {
  policy?: Partial<Policy>;
  request?: Partial<DecisionRequest>;
  facts?: Partial<Facts>;
  usage?: Usage;
}

const decide = ({ policy, request, facts, usage = {} }: Setting) =>
  engine(aPolicy(policy), aRequest(request), someFacts(facts), usage);
const verdictOf = (setting: Setting) => decide(setting).verdict;
const checkOf = (setting: Setting, id: string) =>
  decide(setting).explanation.checks.find((check) => check.id === id);
const limits = (...parts: Partial<Limit>[]) => ({ limits: parts.map(aLimit) });
const rules = (...parts: Partial<Rule>[]) => ({ rules: parts.map(aRule) });
const newcomer: Partial<Facts> = { employee: { ...someFacts().employee, startedAt: null } };

describe("a limit", () => {
  test.each([
    [0, "allow"],
    [99, "allow"],
    [100, "allow"],
    [101, "handover"],
    [Number.MAX_SAFE_INTEGER, "handover"],
  ])("of 100 answers %i with %s", (amount, verdict) => {
    expect(verdictOf({ policy: limits({ max: 100 }), request: { amount } })).toBe(verdict);
  });

  test.each([
    [59, "allow"],
    [60, "allow"],
    [61, "handover"],
  ])("counts what is posted and what is reserved: 30 and 10 of 100, %i asked, is %s", (amount, verdict) => {
    const usage = used("guest-day", {
      postedAmount: 30,
      reservedAmount: 10,
      postedCount: 90,
      reservedCount: 90,
    });
    const setting = { policy: limits({ max: 100 }), request: { amount }, usage };
    expect(verdictOf(setting)).toBe(verdict);
    expect(checkOf(setting, "guest-day")).toMatchObject({
      used: 40,
      reserved: 10,
      asked: amount,
      left: 60 - amount,
    });
  });

  test.each([
    [0, 0, "allow"],
    [3, 1, "allow"],
    [4, 1, "bend"],
    [5, 0, "bend"],
    [9, 9, "bend"],
  ])(
    "on a count of 5 counts the decision asked for: after %i posted and %i reserved, %s",
    (postedCount, reservedCount, verdict) => {
      const setting = {
        policy: limits({ measure: "count", max: 5, over: "bend" }),
        request: { amount: 999_999 },
        usage: used("guest-day", { postedCount, reservedCount, postedAmount: 10 ** 9 }),
      };
      expect(verdictOf(setting)).toBe(verdict);
      expect(checkOf(setting, "guest-day")).toMatchObject({
        asked: 1,
        left: 4 - postedCount - reservedCount,
      });
    },
  );

  test("of nothing lets nothing but a gesture without cost through", () => {
    const policy = limits({ max: 0 });
    expect(verdictOf({ policy, request: { amount: 1 } })).toBe("handover");
    expect(verdictOf({ policy, request: { amount: 0, remedy: "gift" } })).toBe("allow");
  });

  test("that was lowered under what is spent lets nothing more through, not even what costs nothing", () => {
    const setting = { policy: limits({ max: 100 }), usage: used("guest-day", { postedAmount: 150 }) };
    expect(verdictOf({ ...setting, request: { amount: 0, remedy: "gift" } })).toBe("handover");
    expect(decide(setting).explanation.maxAmount).toBe(0);
  });

  test("for one decision, or by case without a case, counts each decision alone", () => {
    const usage = used("guest-day", { postedAmount: 1_000_000 });
    for (const window of ["decision", "case"] as const) {
      const setting = { policy: limits({ max: 2500, window }), usage };
      expect(verdictOf(setting)).toBe("allow");
      expect(decide(setting).holds).toEqual([]);
    }
    expect(
      verdictOf({ policy: limits({ max: 2500, window: "case" }), usage, request: { caseId: "k1" } }),
    ).toBe("handover");
  });

  test("that does not apply is neither listed nor held", () => {
    const policy = limits(
      { id: "by-order", scope: ["order"], max: 0 },
      { id: "admins", when: { roles: ["admin"] }, max: 0 },
      { id: "large", when: { amount: { over: 2500 } }, max: 0 },
    );
    const { verdict, holds, explanation } = decide({ policy });
    expect({ verdict, holds, checks: explanation.checks }).toEqual({
      verdict: "allow",
      holds: [],
      checks: [],
    });
  });

  test("named like something that every object has starts unused", () => {
    expect(verdictOf({ policy: limits({ id: "constructor", max: 2500 }) })).toBe("allow");
  });
});

describe("the verdict", () => {
  test.each<[Limit["over"][], string]>([
    [[], "allow"],
    [["bend"], "bend"],
    [["bend", "handover"], "handover"],
    [["handover", "bend"], "handover"],
    [["deny", "handover", "bend"], "deny"],
    [["bend", "deny"], "deny"],
  ])("of %j is the most severe: %s", (effects, verdict) => {
    const fired = effects.map((effect, index) => ({ id: `r${index}`, effect }));
    expect(verdictOf({ policy: rules(...fired) })).toBe(verdict);
    expect(verdictOf({ policy: limits(...effects.map((over, i) => ({ id: `l${i}`, over, max: 1 }))) })).toBe(
      verdict,
    );
  });

  test("stops at nothing: every rule is listed, also those that did not fire, in the document's order", () => {
    const { explanation } = decide({
      policy: {
        ...limits({ id: "l1" }, { id: "l2" }),
        ...rules({ id: "r1" }, { id: "r2", when: { roles: ["admin"] } }, { id: "r3", effect: "bend" }),
      },
      request: { remedy: "refund" },
      facts: { order: anOrder() as Facts["order"] },
    });
    expect(explanation.checks.map(({ id, effect }) => [id, effect])).toEqual([
      ["order-refundable", "pass"],
      ["l1", "pass"],
      ["l2", "pass"],
      ["r1", "deny"],
      ["r2", "pass"],
      ["r3", "bend"],
    ]);
  });

  test.each([
    [undefined, true],
    [null, true],
    ["too short", true],
    ["          ", true],
    ["ten signs!", false],
    ["  ten signs!  ", false],
    ["ありがとうございました", false],
  ])("bend with the note %j needs a reason: %s", (note, noteRequired) => {
    expect(decide({ policy: rules({ effect: "bend" }), request: { note } })).toMatchObject({
      verdict: "bend",
      noteRequired,
    });
  });

  test("other than bend needs no reason", () => {
    expect(decide({}).noteRequired).toBe(false);
    expect(decide({ policy: rules({ effect: "bend" }, { id: "r2", effect: "deny" }) }).noteRequired).toBe(
      false,
    );
  });
});

describe("the binding check", () => {
  const bindingOf = (setting: Setting) => decide(setting).explanation.binding;

  test("of an allowed request is the amount limit with the least left, and the first of equals", () => {
    const policy = limits(
      { id: "count", measure: "count", max: 1 },
      { id: "wide", max: 9000 },
      { id: "narrow", max: 3000, over: "bend" },
      { id: "narrow-too", max: 3000 },
    );
    expect(bindingOf({ policy })).toBe("narrow");
    expect(bindingOf({ policy: limits({ id: "count", measure: "count", max: 1 }) })).toBeNull();
    expect(bindingOf({})).toBeNull();
  });

  test("of any other is, among the checks with its effect, a limit before a rule", () => {
    const policy = {
      ...limits(
        { id: "bends", max: 0, over: "bend" },
        { id: "little", max: 1000 },
        { id: "least", max: 500 },
        { id: "least-too", max: 500 },
      ),
      ...rules({ id: "rule", effect: "handover" }),
    };
    expect(bindingOf({ policy })).toBe("least");
  });

  test("is the first rule where no limit has the effect", () => {
    const policy = {
      ...limits({ id: "limit", max: 0 }),
      ...rules({ id: "bends", effect: "bend" }, { id: "first" }, { id: "second" }),
    };
    expect(bindingOf({ policy })).toBe("first");
  });
});

describe("the largest amount", () => {
  const largest = (setting: Setting) => decide(setting).explanation.maxAmount;

  test("is what the tightest limit has left, whatever was asked for", () => {
    const policy = limits(
      { id: "a", max: 9000 },
      { id: "b", max: 7000 },
      { id: "c", max: 100, over: "bend" },
    );
    const usage = used("b", { postedAmount: 1000, reservedAmount: 500 });
    for (const amount of [0, 1, 5500, 5501, 10 ** 9])
      expect(largest({ policy, usage, request: { amount } })).toBe(5500);
  });

  test("is null where nothing bounds it, and 0 where nothing passes", () => {
    expect(largest({})).toBeNull();
    expect(largest({ policy: limits({ over: "bend", max: 0 }) })).toBeNull();
    expect(largest({ policy: rules({ effect: "bend" }) })).toBeNull();
    expect(largest({ policy: rules({ effect: "handover" }) })).toBe(0);
    expect(largest({ policy: limits({ max: 0 }) })).toBe(0);
    expect(largest({ policy: limits({ measure: "count", max: 0 }) })).toBe(0);
    expect(largest({ policy: limits({ measure: "count", max: 1 }) })).toBeNull();
    expect(largest({ policy: limits({ max: Number.MAX_SAFE_INTEGER }) })).toBe(Number.MAX_SAFE_INTEGER);
  });

  test("lies at the threshold of a condition on the amount", () => {
    expect(largest({ policy: rules({ effect: "deny", when: { amount: { over: 700 } } }) })).toBe(700);
    expect(largest({ policy: rules({ effect: "deny", when: { amount: { under: 700 } } }) })).toBeNull();
    expect(largest({ policy: limits({ max: 100, when: { amount: { over: 700 } } }) })).toBe(700);
    expect(largest({ policy: limits({ max: 900, when: { amount: { over: 700 } } }) })).toBe(900);
  });

  test("is the largest also where a smaller one would not pass", () => {
    // 500 passes, 600 does not, 1000 passes again, 1001 does not.
    const policy = {
      ...limits({ id: "cap", max: 1000 }),
      ...rules({ id: "gap", effect: "handover", when: { amount: { over: 500, under: 800 } } }),
    };
    expect(largest({ policy, request: { amount: 600 } })).toBe(1000);
    expect(largest({ policy, usage: used("cap", { postedAmount: 300 }) })).toBe(500);
    expect(largest({ policy, usage: used("cap", { postedAmount: 200 }) })).toBe(800);
    expect(largest({ policy, usage: used("cap", { postedAmount: 201 }) })).toBe(500);
  });

  test("is unbounded where a limit looks at small amounts only", () => {
    expect(largest({ policy: limits({ max: 100, when: { amount: { under: 500 } } }) })).toBeNull();
    const policy = {
      ...limits({ max: 100, when: { amount: { under: 500 } } }),
      ...rules({ when: { amount: { over: 499 } } }),
    };
    expect(largest({ policy })).toBe(100);
  });

  test("is bounded by what is left of the order, for a refund of it", () => {
    const order = anOrder({ paid: 5000, refunded: 1000, reserved: 500 }) as Facts["order"];
    expect(largest({ facts: { order }, request: { remedy: "refund" } })).toBe(3500);
    expect(largest({ facts: { order }, request: { remedy: "credit" } })).toBeNull();
  });

  test("counts what bends, and not what an unknown fact might stop", () => {
    const when = { tenureDays: { under: 30 }, amount: { over: 400 } };
    expect(largest({ policy: rules({ effect: "bend", when }), facts: newcomer })).toBe(400);
    expect(largest({ policy: limits({ max: 10 ** 6, over: "bend", when }), facts: newcomer })).toBe(400);
    expect(largest({ policy: rules({ effect: "bend", when: { amount: { over: 400 } } }) })).toBeNull();
  });

  test("can be asked for by itself", () => {
    expect(largestAmount(aPolicy(limits({ max: 900 })), aRequest(), someFacts(), {})).toBe(900);
  });
});

describe("what is not known", () => {
  test.each<[string, Partial<Rule>]>([
    ["bends", { effect: "bend" }],
    ["hands over", { effect: "handover" }],
    ["denies", { effect: "deny" }],
  ])("hands over where it decides whether a rule %s", (_name, rule) => {
    const setting = { policy: rules({ ...rule, when: { tenureDays: { over: 30 } } }), facts: newcomer };
    expect(decide(setting)).toMatchObject({ verdict: "handover", explanation: { binding: "some-rule" } });
    expect(checkOf(setting, "some-rule")?.unknown).toEqual(["tenureDays"]);
  });

  test("hands over where it decides whether a limit applies, and that limit does not count the decision", () => {
    const setting = {
      policy: limits({ when: { tenureDays: { over: 30 }, hasOpenDispute: true } }),
      facts: { ...newcomer, hasOpenDispute: null },
    };
    expect(decide(setting)).toMatchObject({ verdict: "handover", holds: [] });
    expect(checkOf(setting, "guest-day")).toMatchObject({
      effect: "handover",
      left: 17_500,
      unknown: ["tenureDays", "hasOpenDispute"],
    });
  });

  test("does no harm beside a condition that fails", () => {
    const when = { tenureDays: { over: 30 }, roles: ["admin" as const] };
    const setting = { policy: { ...limits({ when }), ...rules({ when }) }, facts: newcomer };
    expect(decide(setting)).toMatchObject({ verdict: "allow" });
    expect(checkOf(setting, "some-rule")).not.toHaveProperty("unknown");
  });
});

describe("order-refundable", () => {
  const refund = (amount: number, order: Facts["order"]) => ({
    request: { remedy: "refund" as const, amount },
    facts: { order },
  });
  const order = anOrder({ paid: 5000, refunded: 1000, reserved: 500 }) as Facts["order"];

  test.each([
    [3499, "allow"],
    [3500, "allow"],
    [3501, "deny"],
  ])(
    "answers a refund of %i, where 3500 is left of the order, with %s, without any policy",
    (amount, verdict) => {
      const setting = refund(amount, order);
      expect(decide(setting).verdict).toBe(verdict);
      expect(checkOf(setting, "order-refundable")).toMatchObject({
        kind: "rule",
        scope: ["order"],
        window: "lifetime",
        measure: "amount",
        max: 5000,
        used: 1500,
        reserved: 500,
        asked: amount,
        left: 3500 - amount,
      });
    },
  );

  test("binds where it denies, and never where all is allowed", () => {
    expect(decide(refund(3501, order)).explanation.binding).toBe("order-refundable");
    expect(decide(refund(1, order)).explanation.binding).toBeNull();
  });

  test("is held for the ledger to guard, under the order", () => {
    expect(decide(refund(700, order)).holds).toEqual([
      {
        limitId: "order-refundable",
        counter: {
          definition: "order-refundable",
          scope: ["order"],
          scopeKey: "order:o1",
          bucket: "0001-01-01",
          rollingFrom: null,
        },
        measure: "amount",
        asked: 700,
        guardMax: 5000,
      },
    ]);
  });

  test("does not look at other remedies, nor at refunds without an order", () => {
    expect(checkOf(refund(9999, null), "order-refundable")).toBeUndefined();
    expect(checkOf({ facts: { order }, request: { amount: 9999 } }, "order-refundable")).toBeUndefined();
    expect(verdictOf(refund(9999, null))).toBe("allow");
  });

  test("hands over where nobody knows what was paid, and still holds the amount", () => {
    const facts = { ...someFacts(), order: anOrder({ paid: null }) };
    const { verdict, holds, explanation } = evaluate(aPolicy(), aRequest({ remedy: "refund" }), facts, {});
    expect(verdict).toBe("handover");
    expect(explanation).toMatchObject({ maxAmount: 0, checks: [{ unknown: ["orderPaid"], left: null }] });
    expect(holds).toMatchObject([{ limitId: "order-refundable", asked: 2500, guardMax: null }]);
  });
});

describe("another currency, without a rate", () => {
  const euros = { currency: "EUR" };

  test("hands over and says why, and counts on no limit", () => {
    const setting = { policy: limits({}, { id: "gifts", measure: "count" }), request: euros };
    expect(decide(setting)).toMatchObject({
      verdict: "handover",
      holds: [],
      explanation: { binding: "exchange-rate", maxAmount: 0 },
    });
    expect(checkOf(setting, "exchange-rate")).toMatchObject({
      kind: "rule",
      unknown: ["exchangeRate"],
      left: null,
    });
    expect(decide(setting).explanation.checks.map(({ id }) => id)).toEqual(["exchange-rate", "gifts"]);
  });

  test("is still denied by what needs no rate", () => {
    expect(verdictOf({ policy: rules({}), request: euros })).toBe("deny");
    expect(verdictOf({ policy: limits({ measure: "count", max: 0, over: "deny" }), request: euros })).toBe(
      "deny",
    );
    const order = anOrder({ paid: 100 }) as Facts["order"];
    expect(verdictOf({ facts: { order }, request: { ...euros, remedy: "refund", amount: 101 } })).toBe(
      "deny",
    );
    expect(verdictOf({ facts: { order }, request: { ...euros, remedy: "refund", amount: 100 } })).toBe(
      "handover",
    );
  });

  test("makes a condition on the amount unknown", () => {
    const setting = { policy: rules({ when: { amount: { over: 1 } } }), request: euros };
    expect(checkOf(setting, "some-rule")).toMatchObject({ effect: "handover", unknown: ["exchangeRate"] });
  });
});

describe("another currency, with a rate", () => {
  const euros = (amount: number, rate = "1.5"): Partial<DecisionRequest> => ({
    currency: "EUR",
    amount,
    rate: { rate, day: "2026-05-01" },
  });

  test("counts in the policy's currency, and the explanation says by which rate", () => {
    const setting = { policy: limits({ max: 1000 }), request: euros(600) };
    expect(decide(setting)).toMatchObject({
      verdict: "allow",
      counted: 900,
      explanation: {
        binding: "guest-day",
        exchange: { currency: "USD", rate: "1.5", day: "2026-05-01", counted: 900 },
      },
      holds: [{ limitId: "guest-day", asked: 900, guardMax: 1000 }],
    });
    expect(decide(setting).explanation.checks.map(({ id }) => id)).toEqual(["guest-day"]);
    expect(checkOf(setting, "guest-day")).toMatchObject({ asked: 900, left: 100 });
  });

  test("is not looked at in the policy's own currency, and counts nothing where there is none", () => {
    const own = decide({ request: { rate: { rate: "nonsense", day: "" } } });
    expect(own.counted).toBe(2500);
    expect(own.explanation).not.toHaveProperty("exchange");
    const without = decide({ request: { currency: "EUR" } });
    expect(without.counted).toBeNull();
    expect(without.explanation).not.toHaveProperty("exchange");
  });

  test.each([
    // At 1.5 a limit of 1000 is worth 666.67 euro cents: 667 are 1000.5, which half-even would round to 1000.
    [666, "allow", 999, 1],
    [667, "handover", 1001, -1],
    [668, "handover", 1002, -2],
  ])(
    "is never rounded in favour of passing a limit: %i is %s, asked %i, left %i",
    (amount, verdict, asked, left) => {
      const setting = { policy: limits({ max: 1000 }), request: euros(amount) };
      expect(verdictOf(setting)).toBe(verdict);
      expect(checkOf(setting, "guest-day")).toMatchObject({ asked, left });
      expect(decide(setting).explanation.maxAmount).toBe(666);
    },
  );

  test("holds what is counted, also where the exact amount passes the limit, and guards what rounding took off", () => {
    const holdsOf = (max: number) =>
      decide({ policy: limits({ max }), request: euros(667) }).holds.map(({ asked, guardMax }) => [
        asked,
        guardMax,
      ]);
    expect(holdsOf(1000)).toEqual([[1000, null]]);
    expect(holdsOf(1001)).toEqual([[1000, 1000]]);
    expect(holdsOf(1002)).toEqual([[1000, 1001]]);
  });

  test("lets nothing escape by being tiny", () => {
    const setting = { policy: limits({ max: 0 }), request: euros(1, "0.000000000001") };
    expect(decide(setting)).toMatchObject({ verdict: "handover", counted: 1, explanation: { maxAmount: 0 } });
    expect(checkOf(setting, "guest-day")).toMatchObject({ asked: 1, left: -1 });
    expect(decide({ ...setting, policy: limits({ max: 1 }) })).toMatchObject({
      verdict: "allow",
      holds: [{ asked: 1, guardMax: 1 }],
    });
  });

  test.each([
    // 667 are 1000.5: more than 1000 and less than 1001, though half-even counts 1000.
    [{ over: 1000 }, 667, "deny"],
    [{ over: 1001 }, 667, "allow"],
    [{ under: 1001 }, 667, "deny"],
    [{ under: 1000 }, 667, "allow"],
    [{ over: 999 }, 666, "allow"],
    [{ under: 999 }, 666, "allow"],
    [{ over: 998, under: 1000 }, 666, "deny"],
  ])("compares the exact amount with a condition: %j of %i is %s", (amount, asked, verdict) => {
    expect(verdictOf({ policy: rules({ when: { amount } }), request: euros(asked) })).toBe(verdict);
  });

  test("names the largest amount in the request's currency", () => {
    const policy = {
      ...limits({ max: 1500 }),
      ...rules({ effect: "handover" as const, when: { amount: { over: 600, under: 900 } } }),
    };
    expect(decide({ policy, request: euros(1) }).explanation.maxAmount).toBe(1000);
    const usage = used("guest-day", { postedAmount: 650 });
    expect(decide({ policy, usage, request: euros(1) }).explanation.maxAmount).toBe(400);
    expect(
      decide({ policy: limits({ max: 1500, over: "bend" }), request: euros(1) }).explanation.maxAmount,
    ).toBeNull();
  });

  test("counts a decision as one, and holds it", () => {
    const setting = { policy: limits({ measure: "count", max: 1 }), request: euros(999_999) };
    expect(decide(setting)).toMatchObject({ verdict: "allow", holds: [{ asked: 1, guardMax: 1 }] });
    expect(verdictOf({ ...setting, usage: used("guest-day", { postedCount: 1 }) })).toBe("handover");
  });

  test("leaves what is left of an order in the order's currency", () => {
    const order = anOrder({ paid: 1000, refunded: 300 }) as Facts["order"];
    const setting = { facts: { order }, request: { ...euros(700), remedy: "refund" as const } };
    expect(checkOf(setting, "order-refundable")).toMatchObject({ asked: 700, left: 0, max: 1000 });
    expect(decide(setting)).toMatchObject({ counted: 1050, holds: [{ asked: 700, guardMax: 1000 }] });
    expect(verdictOf({ ...setting, request: { ...setting.request, amount: 701 } })).toBe("deny");
  });

  test("beyond what a number carries is a full limit, and breaks nothing", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const setting = { policy: limits({ max: most }), request: euros(most, "999999999999") };
    expect(decide(setting)).toMatchObject({ verdict: "handover", counted: most, holds: [{ asked: most }] });
    const check = checkOf(setting, "guest-day");
    expect([check?.asked, check?.left].every(Number.isSafeInteger)).toBe(true);
    expect(check?.left).toBeLessThan(0);
    const large = decide({ policy: limits({ max: most }), request: euros(1, "0.000000000001") });
    expect(large.explanation.maxAmount).toBeNull();
  });

  test("that cannot be read throws, for it must not be taken for none", () => {
    expect(() => decide({ request: euros(1, "1,5") })).toThrow(RangeError);
  });
});

describe("what a policy beside the deciding one counts", () => {
  const policy = aPolicy(
    limits(
      { id: "passed", max: 100, over: "deny" },
      { id: "month", window: "month" },
      { id: "count", measure: "count", window: "week" },
      { id: "decision", window: "decision" },
      { id: "case", window: "case" },
      { id: "order", scope: ["order"] },
      { id: "admins", when: { roles: ["admin"] } },
      { id: "unknown", when: { tenureDays: { over: 1 } } },
      { id: "small", when: { amount: { under: 2500 } } },
    ),
  );

  test("is every limit that applies and keeps usage, without a guard, whatever its own verdict would be", () => {
    const holds = countingHolds(policy, aRequest(), someFacts(newcomer));
    expect(holds.map(({ limitId, measure, asked, guardMax }) => [limitId, measure, asked, guardMax])).toEqual(
      [
        ["passed", "amount", 2500, null],
        ["month", "amount", 2500, null],
        ["count", "count", 1, null],
      ],
    );
  });

  test("is in its own currency, and nothing where there is no rate into it", () => {
    const request = aRequest({ currency: "EUR", amount: 667, rate: { rate: "1.5", day: "2026-05-01" } });
    expect(countingHolds(policy, request, someFacts(newcomer)).map(({ asked }) => asked)).toEqual([
      1000, 1000, 1, 1000,
    ]);
    expect(countingHolds(policy, { ...request, rate: null }, someFacts())).toEqual([]);
  });

  test("is nothing that cannot be", () => {
    expect(() => countingHolds(policy, aRequest({ amount: -1 }), someFacts())).toThrow(RangeError);
    expect(() => countingHolds(policy, aRequest({ at: Number.NaN }), someFacts())).toThrow(RangeError);
  });

  test("leaves the order to the policy that decides", () => {
    const facts = someFacts({ order: anOrder() as Facts["order"] });
    const holds = countingHolds(aPolicy(), aRequest({ remedy: "refund" }), facts);
    expect(holds).toEqual([]);
  });
});

describe("what is held", () => {
  test("is every limit that applies: guarded where it passed, free where passing it was the verdict", () => {
    const policy = limits(
      { id: "passed", max: 100 },
      { id: "kept", max: 9000, window: "month" },
      { id: "n", measure: "count", max: 3 },
    );
    expect(
      decide({ policy }).holds.map(({ limitId, asked, measure, guardMax }) => [
        limitId,
        asked,
        measure,
        guardMax,
      ]),
    ).toEqual([
      ["passed", 2500, "amount", null],
      ["kept", 2500, "amount", 9000],
      ["n", 1, "count", 3],
    ]);
  });

  test("is nothing for what is denied", () => {
    expect(decide({ policy: { ...limits({}), ...rules({}) } }).holds).toEqual([]);
  });
});

describe("numbers that cannot be", () => {
  test.each([0.5, -1, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])("an amount of %s throws", (amount) => {
    expect(() => decide({ request: { amount } })).toThrow(RangeError);
  });

  test("usage that is no number throws, for a limit that cannot be counted must not pass", () => {
    expect(() =>
      decide({ policy: limits({}), usage: used("guest-day", { postedAmount: Number.NaN }) }),
    ).toThrow(RangeError);
    expect(() => decide({ policy: limits({}), usage: used("guest-day", { postedAmount: -1 }) })).toThrow(
      RangeError,
    );
    expect(() => decide({ request: { at: Number.NaN } })).toThrow(RangeError);
  });

  // One hand-over of the largest amount there is must not stop a whole organization from deciding.
  test("usage beyond what a number carries is a full limit", () => {
    const huge = { postedAmount: Number.MAX_SAFE_INTEGER, reservedAmount: 2 ** 60 };
    const setting = {
      policy: limits({ max: 0 }),
      usage: used("guest-day", huge),
      request: { amount: Number.MAX_SAFE_INTEGER },
    };
    expect(verdictOf(setting)).toBe("handover");
    const check = checkOf(setting, "guest-day");
    expect([check?.used, check?.left, check?.asked].every(Number.isSafeInteger)).toBe(true);
  });
});

test("evaluating changes nothing that it was given", () => {
  const frozen = <T>(value: T): T => {
    if (typeof value === "object" && value !== null) for (const part of Object.values(value)) frozen(part);
    return Object.freeze(value);
  };
  const setting = {
    policy: limits({ when: { roles: ["agent"], teams: ["south", "north"] } }),
    usage: used("guest-day", {}),
  };
  expect(
    engine(
      frozen(aPolicy(setting.policy)),
      frozen(aRequest({ at: NOON })),
      frozen(someFacts()),
      frozen(setting.usage),
    ).verdict,
  ).toBe("allow");
});
