import { expect, test } from "vitest";
import { orderHold } from "./built-in-findings";
import { createCountersInMemory } from "./counters-in-memory";
import { countingHolds, evaluate } from "./evaluate";
import { aLimit, anOrder, aPolicy, aRequest, NOON, someFacts } from "./fixtures";
import type { Limit } from "./schema";
import type { Facts } from "./types";
import { DAY_MS } from "./windows";

test("what is handed over is reserved, what is allowed is posted, and a limit knows both", () => {
  const policy = aPolicy({ limits: [aLimit({ max: 100 })] });
  const counters = createCountersInMemory(policy);
  const facts = someFacts({ order: anOrder() as Facts["order"] });
  for (const amount of [60, 70]) {
    const request = aRequest({ remedy: "refund", amount });
    const { verdict, holds } = evaluate(policy, request, facts, counters.usageFor(request, facts));
    counters.count(holds, verdict === "handover" ? "reserved" : "posted");
  }
  expect(counters.usageFor(aRequest(), facts)).toEqual({
    "guest-day": { postedAmount: 60, postedCount: 1, reservedAmount: 70, reservedCount: 1 },
  });
  expect(counters.refundsOf("o1")).toEqual({ refunded: 60, reserved: 70 });
  expect(counters.refundsOf("o2")).toEqual({ refunded: 0, reserved: 0 });
});

test("what had been refunded of an order before is told once, and adds to what comes after", () => {
  const counters = createCountersInMemory(aPolicy());
  counters.beginOrder("o/1", 30);
  counters.beginOrder("o/1", 999);
  counters.count([orderHold("o/1", 20, null)], "reserved");
  expect(counters.refundsOf("o/1")).toEqual({ refunded: 30, reserved: 20 });
});

// A handover that ran out, a gift that was reversed: what it held is free again, and nobody else's is.
test.each<Limit["window"]>(["day", "lifetime", { rollingDays: 3 }])(
  "what is released by %j leaves everything else counted",
  (window) => {
    const policy = aPolicy({
      limits: [aLimit({ window }), aLimit({ id: "often", window, measure: "count" })],
    });
    const counters = createCountersInMemory(policy);
    const facts = someFacts();
    const held = countingHolds(policy, aRequest({ amount: 70 }), facts);
    counters.count(countingHolds(policy, aRequest({ amount: 60 }), facts), "posted");
    counters.count([...held, orderHold("o1", 70, null)], "reserved");
    counters.release([...held, orderHold("o1", 70, null)], "reserved");
    const left = { postedAmount: 60, postedCount: 1, reservedAmount: 0, reservedCount: 0 };
    expect(counters.usageFor(aRequest(), facts)).toEqual({ "guest-day": left, often: left });
    expect(counters.refundsOf("o1")).toEqual({ refunded: 0, reserved: 0 });
  },
);

// Released late, it would give the window of today what a window of long ago had held.
test.each<Limit["window"]>(["day", { rollingDays: 2 }])(
  "what is released after its window by %j takes nothing from a later one",
  (window) => {
    const policy = aPolicy({ limits: [aLimit({ window })] });
    const counters = createCountersInMemory(policy);
    const held = countingHolds(policy, aRequest({ amount: 70 }), someFacts());
    counters.count(held, "reserved");
    for (let day = 1; day <= 5; day++) {
      const later = aRequest({ amount: 1, at: NOON + day * DAY_MS });
      counters.count(countingHolds(policy, later, someFacts()), "posted");
    }
    counters.release(held, "reserved");
    const used = counters.usageFor(aRequest({ at: NOON + 5 * DAY_MS }), someFacts())["guest-day"];
    expect(used).toMatchObject({
      postedAmount: window === "day" ? 1 : 2,
      reservedAmount: 0,
      reservedCount: 0,
    });
  },
);

test("limits of amount and of count that share a counter add the amount and the decision once", () => {
  const policy = aPolicy({ limits: [aLimit({ id: "often", measure: "count" }), aLimit({ id: "much" })] });
  const counters = createCountersInMemory(policy);
  counters.count(countingHolds(policy, aRequest({ amount: 60 }), someFacts()), "posted");
  const both = { postedAmount: 60, postedCount: 1, reservedAmount: 0, reservedCount: 0 };
  expect(counters.usageFor(aRequest(), someFacts())).toEqual({ often: both, much: both });
});

// A replay of years must not keep each day of each customer: it would fill the memory with what no window reaches.
test.each<[Limit["window"], most: number]>([
  ["day", 2 * 30],
  ["week", 2 * 30 * 7],
  [{ rollingDays: 3 }, 2 * 1024 + 30],
])("by %j forgets what no window reaches any more", (window, most) => {
  const policy = aPolicy({ limits: [aLimit({ window, max: 100 })] });
  const counters = createCountersInMemory(policy);
  for (let i = 0; i < 30 * 400; i++) {
    const request = aRequest({ amount: 1, at: NOON + Math.floor(i / 30) * DAY_MS });
    const facts = someFacts({ customer: { id: `c${i}`, tier: null } });
    counters.count(countingHolds(policy, request, facts), "posted");
  }
  expect(counters.size()).toBeLessThanOrEqual(most);
});

test("a counter that is used every day keeps the days of its window alone", () => {
  const policy = aPolicy({ limits: [aLimit({ window: { rollingDays: 3 } })] });
  const counters = createCountersInMemory(policy);
  for (let day = 0; day < 100; day++) {
    const request = aRequest({ amount: 1, at: NOON + day * DAY_MS });
    counters.count(countingHolds(policy, request, someFacts()), "posted");
  }
  expect(counters.size()).toBeLessThanOrEqual(4);
  expect(counters.usageFor(aRequest({ at: NOON + 99 * DAY_MS }), someFacts())).toMatchObject({
    "guest-day": { postedAmount: 3, postedCount: 3 },
  });
});

// At 0:01 on 2 November 2008 Newfoundland set its clocks back to 23:01 of the day before.
test("a day that clocks go back into is still remembered", () => {
  const policy = aPolicy({
    timeZone: "America/St_Johns",
    limits: [aLimit({ id: "day" }), aLimit({ id: "rolling", window: { rollingDays: 1 } })],
  });
  const counters = createCountersInMemory(policy);
  const minute = 60_000;
  const setBack = Date.parse("2008-11-02T02:31:00Z");
  for (const at of [setBack - 10 * minute, setBack - minute / 2]) {
    counters.count(countingHolds(policy, aRequest({ amount: 5, at }), someFacts()), "posted");
  }
  expect(counters.usageFor(aRequest({ at: setBack + minute }), someFacts())).toMatchObject({
    day: { postedAmount: 5 },
    rolling: { postedAmount: 5 },
  });
});

// Beyond what a number carries exactly a sum loses units, and usage below zero would stop the whole replay.
test("what is released of a sum beyond what a number carries never leaves less than nothing", () => {
  const policy = aPolicy({ limits: [aLimit()] });
  const counters = createCountersInMemory(policy);
  const held = [1, Number.MAX_SAFE_INTEGER, 1].map((amount) => {
    const holds = countingHolds(policy, aRequest({ amount }), someFacts());
    counters.count(holds, "reserved");
    return holds;
  });
  for (const holds of held) counters.release(holds, "reserved");
  expect(counters.usageFor(aRequest(), someFacts())).toEqual({
    "guest-day": { postedAmount: 0, postedCount: 0, reservedAmount: 0, reservedCount: 0 },
  });
});
