import { expect, test } from "vitest";
import { createCountersInMemory } from "./counters-in-memory";
import { evaluate } from "./evaluate";
import { aLimit, anOrder, aPolicy, aRequest, someFacts } from "./fixtures";
import type { Facts } from "./types";

test("what is handed over is reserved, what is allowed is posted, and a limit knows both", () => {
  const policy = aPolicy({ limits: [aLimit({ max: 100 })] });
  const counters = createCountersInMemory(policy);
  const facts = someFacts({ order: anOrder() as Facts["order"] });
  for (const amount of [60, 70]) {
    const request = aRequest({ remedy: "refund", amount });
    counters.count(request, evaluate(policy, request, facts, counters.usageFor(request, facts)));
  }
  expect(counters.usageFor(aRequest(), facts)).toEqual({
    "guest-day": { postedAmount: 60, postedCount: 1, reservedAmount: 70, reservedCount: 1 },
  });
  expect(counters.refundsOf("o1")).toEqual({ refunded: 60, reserved: 70 });
  expect(counters.refundsOf("o2")).toEqual({ refunded: 0, reserved: 0 });
});
