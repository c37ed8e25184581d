import { describe, expect, it } from "vitest";
import { hintBehind } from "./use-hint";
import { bodyOf, EMPTY_WISH, faultsOf, keepWish, readWish } from "./wish";

const order = {
  id: "o1",
  externalRef: "4711",
  paid: 9000,
  refundable: 9000,
  currency: "JPY",
  placedAt: null,
};
const context = { customerId: "c1", currency: "USD", orders: [order], causes: [] };

// Risk: what is sent from a helpdesk's sidebar is not what stands in it.
describe("the request that the desk in a frame stands for", () => {
  it("is none until there is an amount that can be given", () => {
    for (const amount of ["", "abc", "-5", "1.005", "0"]) {
      expect(bodyOf({ ...EMPTY_WISH, amount }, context), amount).toBeNull();
    }
    expect(bodyOf({ ...EMPTY_WISH, remedy: "gift", amount: "0" }, context)?.amount).toBe(0);
  });

  it("refunds in the currency that the order was paid in, and counts anything else in the organization's", () => {
    const wish = { ...EMPTY_WISH, amount: "25", orderId: "o1" };
    expect(bodyOf({ ...wish, remedy: "refund" }, context)).toEqual({
      customer: "c1",
      order: "o1",
      remedy: "refund",
      amount: 25,
      currency: "JPY",
    });
    expect(bodyOf(wish, context)).toMatchObject({ amount: 2500, currency: "USD", order: "o1" });
  });

  it("leaves out an order that is not the customer's", () => {
    expect(bodyOf({ ...EMPTY_WISH, amount: "25", orderId: "o2" }, context)).not.toHaveProperty("order");
  });

  it("tells a case only whole, and asks for its other half", () => {
    const half = { ...EMPTY_WISH, amount: "25", cause: " carrier " };
    expect(bodyOf(half, context)).not.toHaveProperty("case");
    expect(faultsOf(half, context)).toEqual({ happened: "happenedMissing" });
    expect(faultsOf({ ...EMPTY_WISH, amount: "", happened: "Late" }, context)).toEqual({
      amount: "empty",
      cause: "causeMissing",
    });
    expect(bodyOf({ ...half, happened: "Late" }, context)?.case).toEqual({
      channel: "email",
      happened: "Late",
      cause: "carrier",
    });
    const causes = [{ key: "late-delivery", name: "Late delivery", needsNote: false }];
    const named = { ...half, happened: "Late", cause: " late  Delivery" };
    expect(bodyOf(named, { ...context, causes })?.case?.cause).toBe("late-delivery");
  });
});

describe("what is kept of it where a frame has no storage", () => {
  // Risk: going on to another ticket and back loses what was typed, or the key of what was sent and not answered.
  it("is what was typed and sent, by person and customer, until it is recorded", () => {
    const kept = { wish: { ...EMPTY_WISH, amount: "25" }, sent: { said: "{}", key: "k" } };
    keepWish("e1", "c1", kept);
    expect(readWish("e1", "c1")).toEqual(kept);
    expect([readWish("e2", "c1"), readWish("e1", "c2")]).toEqual([null, null]);
    keepWish("e1", "c1", null);
    expect(readWish("e1", "c1")).toBeNull();
    keepWish("e1", "c1", { wish: EMPTY_WISH, sent: null });
    expect(readWish("e1", "c1")).toBeNull();
  });
});

describe("whom a ticket is about", () => {
  it("is said behind the # of the address, or not at all", () => {
    const none = { email: null, order: null, customer: null };
    expect(hintBehind("#email=ida%2Bshop%40guests.test")).toEqual({ ...none, email: "ida+shop@guests.test" });
    expect(hintBehind("#order=4711&customer=%20")).toEqual({ ...none, order: "4711" });
    for (const nothing of ["", "#", "#content", "#email=", "#phone=1"])
      expect(hintBehind(nothing)).toBeNull();
  });
});
