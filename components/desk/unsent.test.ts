import { describe, expect, it } from "vitest";
import { unsentSchema } from "@/lib/unsent/schema";
import type { DecisionBody } from "./requests";
import { givenUp, type Intent, lookedAt, loweredTo, restMs, withLooked } from "./unsent";

const DECISION = "01980000-0000-7000-8000-000000000000";
const body = (parts: Partial<DecisionBody> = {}): DecisionBody => ({
  customer: "c1",
  remedy: "credit",
  amount: 3000,
  currency: "USD",
  ...parts,
});

const intentOf = (...looked: Parameters<typeof lookedAt>[]): Intent =>
  looked.reduce<Intent>((intent, [about, verdict]) => withLooked(intent, lookedAt(about, verdict)), {
    key: "0123456789abcdef0123456789abcdef",
    began: "2026-03-31T10:00:00.000Z",
    looked: [],
    told: false,
  });

const sent = (amount: number, parts: Partial<DecisionBody> = {}) => ({
  id: DECISION,
  ...body({ amount, ...parts }),
});

describe("what somebody looked at", () => {
  // Risk: a typist on the way from 2 to 2,500 is taken for somebody who wanted 250.
  it("has stood long enough to be read, longer where it was simply allowed", () => {
    expect(restMs("allow")).toBeGreaterThanOrEqual(1_500);
    for (const verdict of ["bend", "handover", "deny"] as const) {
      expect(restMs(verdict)).toBeGreaterThan(500);
      expect(restMs(verdict)).toBeLessThanOrEqual(restMs("allow"));
    }
  });

  // Risk: what was written about a customer goes where only amounts should.
  it("is the request without a word of what was written", () => {
    const told = lookedAt(
      body({
        order: "o1",
        note: "My reason.",
        case: { channel: "phone", happened: "It broke.", need: "Soon.", cause: "damaged" },
      }),
      "bend",
    );
    expect(told).toEqual({
      customer: "c1",
      order: "o1",
      remedy: "credit",
      amount: 3000,
      currency: "USD",
      cause: "damaged",
      channel: "phone",
      verdict: "bend",
    });
  });
});

describe("an intent that ends with something sent", () => {
  it("tells of the highest amount of the same kind, when it was more", () => {
    const intent = intentOf(
      [body({ amount: 3000 }), "handover"],
      [body({ amount: 9000 }), "handover"],
      [body({ amount: 2000 }), "allow"],
    );
    expect(loweredTo(intent, sent(2000))).toEqual({
      intent: intent.key,
      began: intent.began,
      customer: "c1",
      remedy: "credit",
      amount: 9000,
      currency: "USD",
      sent: DECISION,
    });
    expect(unsentSchema.safeParse(loweredTo(intent, sent(2000))).success).toBe(true);
  });

  it("tells nothing when as much or more was sent, or something of another kind", () => {
    const intent = intentOf([body({ amount: 3000 }), "handover"]);
    expect(loweredTo(intent, sent(3000))).toBeNull();
    expect(loweredTo(intent, sent(3001))).toBeNull();
    expect(loweredTo(intent, sent(10, { remedy: "gift" }))).toBeNull();
    expect(loweredTo(intent, sent(10, { currency: "EUR" }))).toBeNull();
    expect(loweredTo({ ...intent, told: true }, sent(10))).toBeNull();
  });
});

describe("an intent that is left", () => {
  it("tells of the highest amount of what was looked at last", () => {
    const intent = intentOf(
      [body({ remedy: "gift", amount: 80_000 }), "deny"],
      [body({ amount: 9000 }), "handover"],
      [body({ amount: 2000 }), "allow"],
    );
    expect(givenUp(intent)).toMatchObject({ remedy: "credit", amount: 9000 });
    expect(givenUp(intent)).not.toHaveProperty("sent");
    expect(unsentSchema.safeParse(givenUp(intent)).success).toBe(true);
  });

  it("tells nothing when it was simply allowed, was told of already, or nothing was looked at", () => {
    expect(givenUp(intentOf([body({ amount: 2000 }), "allow"]))).toBeNull();
    expect(givenUp(intentOf())).toBeNull();
    expect(givenUp({ ...intentOf([body(), "handover"]), told: true })).toBeNull();
  });
});
