import { describe, expect, it } from "vitest";
import { policySchema } from "@/lib/discretion/schema";
import {
  type Counted,
  findPairs,
  findParts,
  findShopping,
  findSignals,
  findTrades,
  findUnder,
  thresholdsOf,
} from "./find";

const NOTHING: Counted = {
  employees: [],
  pairs: [],
  pairCount: 0,
  thresholds: [],
  under: [],
  parts: [],
  shopping: [],
  answers: [],
};
const people = (count: number, given: number, team: string | null = "phone") =>
  Array.from({ length: count }, (_, i) => ({ employee: `e${i}`, team, given }));

// Risk: chance is taken for intent; or what anybody would ask about is never asked.
describe("a pair", () => {
  const house: Counted = { ...NOTHING, employees: people(8, 200), pairCount: 1500 };
  const pair = (given: number, ofCustomer: number) => ({ employee: "e0", customer: "c0", given, ofCustomer });

  it("is found where one of eight gives a customer nearly all of what they get", () => {
    const [signal, ...rest] = findPairs({ ...house, pairs: [pair(11, 12)] });
    expect(rest).toEqual([]);
    expect(signal).toMatchObject({
      kind: "pair",
      seen: 11,
      of: 12,
      expected: 1.5,
      subjects: { employees: ["e0"], customers: ["c0"] },
    });
  });

  it("is none where the customer gets as much from everybody, or there are too few to say", () => {
    expect(findPairs({ ...house, pairs: [pair(11, 90), pair(4, 4)] })).toEqual([]);
  });

  it("is none where a team has nobody else to meet", () => {
    expect(findPairs({ ...house, employees: people(1, 200, "nights"), pairs: [pair(40, 40)] })).toEqual([]);
  });

  it("takes more where there are more pairs that chance could bring together", () => {
    const pairs = [pair(8, 10)];
    expect(findPairs({ ...house, pairs, pairCount: 100 })).toHaveLength(1);
    expect(findPairs({ ...house, pairs, pairCount: 10_000_000 })).toEqual([]);
  });
});

describe("amounts just under a limit", () => {
  const thresholds = [{ amount: 10_000, remedies: null, single: true }];
  const under = (own: number, others: number) => [
    { threshold: 0, employee: "e0", near: own, all: 200 },
    ...Array.from({ length: 9 }, (_, i) => ({ threshold: 0, employee: `o${i}`, near: others, all: 200 })),
  ];

  it("are found with one employee who gives them far more often than the others", () => {
    const found = findUnder({ ...NOTHING, thresholds, under: under(14, 1) });
    expect(found.map(({ seen, amount, subjects }) => [seen, amount, subjects.employees])).toEqual([
      [14, 10_000, ["e0"]],
    ]);
  });

  it("are nothing where everybody gives them: it is what things cost", () => {
    expect(findUnder({ ...NOTHING, thresholds, under: under(14, 12) })).toEqual([]);
    expect(findUnder({ ...NOTHING, thresholds, under: under(4, 0) })).toEqual([]);
  });
});

describe("a case in parts", () => {
  const thresholds = [{ amount: 10_000, remedies: ["gift" as const], single: true }];
  const parts = (own: number, others: number) => [
    { threshold: 0, employee: "e0", passing: own, days: 10 },
    ...Array.from({ length: 9 }, (_, i) => ({ threshold: 0, employee: `o${i}`, passing: others, days: 10 })),
  ];

  it("is found with one employee who does it again and again", () => {
    expect(findParts({ ...NOTHING, thresholds, parts: parts(6, 0) })).toHaveLength(1);
  });

  it("is nothing where it happened twice, or happens to everybody", () => {
    expect(findParts({ ...NOTHING, thresholds, parts: parts(2, 0) })).toEqual([]);
    expect(findParts({ ...NOTHING, thresholds, parts: parts(6, 5) })).toEqual([]);
  });
});

describe("shopping for agents", () => {
  const others = Array.from({ length: 20 }, (_, i) => ({
    customer: `o${i}`,
    refusals: 4,
    hops: i % 5 === 0 ? 1 : 0,
  }));

  it("is found with a customer who gets it elsewhere nearly each time", () => {
    const found = findShopping({
      ...NOTHING,
      shopping: [{ customer: "c0", refusals: 8, hops: 7 }, ...others],
    });
    expect(found.map(({ subjects }) => subjects)).toEqual([{ employees: [], customers: ["c0"] }]);
  });

  it("is nothing where it happened twice", () => {
    expect(
      findShopping({ ...NOTHING, shopping: [{ customer: "c0", refusals: 2, hops: 2 }, ...others] }),
    ).toEqual([]);
  });
});

describe("answers for answers", () => {
  const between = (asked: string, answered: string, times: number) => ({ asked, answered, times });
  const ordinary = ["a", "b", "c", "d", "e"].flatMap((asked) =>
    ["a", "b", "c", "d", "e"].filter((each) => each !== asked).map((answered) => between(asked, answered, 4)),
  );

  it("are found with two who grant one another nearly everything", () => {
    const answers = [
      ...ordinary.filter(({ asked }) => asked !== "a" && asked !== "b"),
      between("a", "b", 15),
      between("b", "a", 14),
      between("a", "c", 1),
    ];
    const [signal, ...rest] = findTrades({ ...NOTHING, answers });
    expect(rest).toEqual([]);
    expect(signal).toMatchObject({
      kind: "trade",
      seen: 29,
      subjects: { employees: ["a", "b"], customers: [] },
    });
  });

  it("are nothing where everybody answers everybody, or only one of the two does", () => {
    expect(findTrades({ ...NOTHING, answers: ordinary })).toEqual([]);
    expect(findTrades({ ...NOTHING, answers: [...ordinary, between("a", "b", 40)] })).toEqual([]);
  });

  it("are nothing where two are the only ones who could answer", () => {
    expect(findTrades({ ...NOTHING, answers: [between("a", "b", 30), between("b", "a", 30)] })).toEqual([]);
  });
});

describe("what amounts are held against", () => {
  it("is what the policy says: limits and rules, each once, those that hold for one decision marked", () => {
    const words = { why: "Because.", say: "Gladly." };
    const policy = policySchema.parse({
      ...{ currency: "USD", timeZone: "UTC" },
      limits: [
        {
          id: "a",
          scope: ["employee"],
          window: "day",
          measure: "amount",
          max: 5000,
          over: "handover",
          ...words,
        },
        { id: "b", scope: ["employee"], window: "day", measure: "count", max: 5, over: "bend", ...words },
        {
          id: "c",
          scope: ["employee"],
          window: "decision",
          measure: "amount",
          max: 900,
          over: "deny",
          ...words,
        },
      ],
      rules: [
        { id: "d", effect: "bend", when: { remedies: ["gift"], amount: { over: 10_000 } }, ...words },
        { id: "e", effect: "deny", when: { remedies: ["gift"], amount: { over: 10_000 } }, ...words },
      ],
    });
    expect(thresholdsOf(policy)).toEqual([
      { amount: 5000, remedies: null, single: false },
      { amount: 900, remedies: null, single: true },
      { amount: 10_000, remedies: ["gift"], single: true },
    ]);
  });
});

it("nothing is found in nothing", () => {
  expect(findSignals(NOTHING)).toEqual([]);
});
