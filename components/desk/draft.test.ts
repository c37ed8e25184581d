import { describe, expect, it } from "vitest";
import { bodyOf, EMPTY_DRAFT, faultsOf, placeErrors } from "./draft";

const context = { customerId: "c1", currency: "USD", order: null };
const order = {
  id: "o1",
  externalRef: "4711",
  paid: 9000,
  refundable: 9000,
  currency: "JPY",
  placedAt: null,
};

// The risk: what is sent is not what stands in the form.
describe("the request that a form stands for", () => {
  it("is none until there is an amount", () => {
    for (const amount of ["", "abc", "-5", "1.005", "0", "99999999999999999"]) {
      expect(bodyOf({ ...EMPTY_DRAFT, amount }, context), amount).toBeNull();
    }
  });

  it("carries the amount in minor units of the organization's currency", () => {
    expect(bodyOf({ ...EMPTY_DRAFT, amount: "1,234.5" }, context)).toEqual({
      customer: "c1",
      remedy: "credit",
      amount: 123450,
      currency: "USD",
    });
  });

  it("refunds in the currency that the order was paid in", () => {
    const body = bodyOf({ ...EMPTY_DRAFT, remedy: "refund", amount: "2500" }, { ...context, order });
    expect(body).toMatchObject({ amount: 2500, currency: "JPY", order: "o1" });
  });

  it("may cost nothing where the remedy carries a cost", () => {
    expect(bodyOf({ ...EMPTY_DRAFT, remedy: "gift", amount: "0" }, context)?.amount).toBe(0);
    expect(faultsOf({ ...EMPTY_DRAFT, remedy: "gift", amount: "0" }, context)).toEqual({});
    expect(faultsOf({ ...EMPTY_DRAFT, amount: "0" }, context)).toEqual({ amount: "zero" });
  });

  it("tells a case only whole, and asks for its other half", () => {
    const half = { ...EMPTY_DRAFT, amount: "25", cause: " carrier " };
    expect(bodyOf(half, context)?.case).toBeUndefined();
    expect(faultsOf(half, context)).toEqual({ happened: "happenedMissing" });
    expect(faultsOf({ ...EMPTY_DRAFT, amount: "25", need: "today" }, context)).toEqual({
      happened: "happenedMissing",
      cause: "causeMissing",
    });
    expect(bodyOf({ ...half, happened: "Two days late" }, context)?.case).toEqual({
      channel: "phone",
      happened: "Two days late",
      cause: "carrier",
    });
  });
});

describe("what the server finds fault with", () => {
  it("stands beside the field that it is about, and the rest beside the form", () => {
    const placed = placeErrors([
      { path: "case.cause", message: "Say the cause." },
      { path: "note", message: "Say why." },
      { path: "customer", message: "There is no such customer here." },
    ]);
    expect(placed.fields).toEqual({ cause: "Say the cause.", note: "Say why." });
    expect(placed.rest).toEqual(["There is no such customer here."]);
  });
});
