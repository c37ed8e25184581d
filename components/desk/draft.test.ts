import { describe, expect, it } from "vitest";
import { bodiesOf, bodyOf, EMPTY_DRAFT, faultsOf, placeErrors, TEXT_MAX } from "./draft";

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

  it("refunds in the currency that the order was paid in, and counts anything else in the organization's", () => {
    const body = bodyOf({ ...EMPTY_DRAFT, remedy: "refund", amount: "2500" }, { ...context, order });
    expect(body).toMatchObject({ amount: 2500, currency: "JPY", order: "o1" });
    const credit = bodyOf({ ...EMPTY_DRAFT, amount: "25" }, { ...context, order });
    expect(credit).toMatchObject({ amount: 2500, currency: "USD", order: "o1" });
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

describe("a cause of the catalogue", () => {
  const causes = [
    { key: "late delivery", name: "Delivered late", needsNote: false },
    { key: "other", name: "Something else", needsNote: true },
  ];
  const told = { ...EMPTY_DRAFT, amount: "25", happened: "It broke." };

  // Risk: a rename in the settings splits what is on record.
  it("is sent as it is on record, whatever it is called", () => {
    for (const cause of ["Delivered late", " delivered LATE", "late delivery"]) {
      expect(bodyOf({ ...told, cause }, { ...context, causes })?.case?.cause).toBe("late delivery");
    }
    expect(bodyOf({ ...told, cause: "Carrier" }, { ...context, causes })?.case?.cause).toBe("Carrier");
  });

  it("asks for a note where the catalogue says so, once for each case", () => {
    const draft = { ...told, cause: "something else" };
    expect(faultsOf(draft, { ...context, causes })).toEqual({ note: "causeNote" });
    expect(faultsOf({ ...draft, note: "Nine char" }, { ...context, causes })).toEqual({ note: "causeNote" });
    expect(faultsOf({ ...draft, note: "It is none of them." }, { ...context, causes })).toEqual({});
    const line = { remedy: "gift" as const, amount: "5", note: "It is none of them.", orderId: null };
    expect(faultsOf({ ...draft, lines: [line] }, { ...context, causes })).toEqual({});
  });
});

describe("several remedies of one case", () => {
  const lines = [
    { remedy: "refund" as const, amount: "2500", note: "Broken.", orderId: "o1" },
    { remedy: "gift" as const, amount: "0", note: "", orderId: null },
  ];
  const told = { ...EMPTY_DRAFT, happened: "It broke.", cause: "damaged", lines };

  // Risk: what was set aside is sent with the order, the note or the currency of what is being typed.
  it("are each sent with what is their own, and with the same case", () => {
    const bodies = bodiesOf({ ...told, amount: "10", note: "Sorry." }, { ...context, orders: [order] });
    expect(bodies.map(({ amount, currency, order, note }) => ({ amount, currency, order, note }))).toEqual([
      { amount: 2500, currency: "JPY", order: "o1", note: "Broken." },
      { amount: 0, currency: "USD", order: undefined, note: undefined },
      { amount: 1000, currency: "USD", order: undefined, note: "Sorry." },
    ]);
    expect(new Set(bodies.map((each) => JSON.stringify(each.case))).size).toBe(1);
  });

  it("are enough by themselves: nothing has to be typed besides", () => {
    expect(bodiesOf(told, { ...context, orders: [order] })).toHaveLength(2);
    expect(faultsOf(told, context)).toEqual({});
    expect(faultsOf({ ...told, note: "half a thought" }, context)).toEqual({ amount: "empty" });
  });

  it("need the case that ties them together", () => {
    expect(faultsOf({ ...told, happened: "", cause: "" }, context)).toEqual({
      happened: "happenedNeeded",
      cause: "causeNeeded",
    });
  });
});

describe("a promise", () => {
  const told = {
    ...EMPTY_DRAFT,
    amount: "25",
    happened: "It broke.",
    cause: "damaged",
    promise: "Call back.",
  };

  it("has a day, today or later, and belongs to a case", () => {
    const today = { ...context, today: "2026-03-10" };
    expect(faultsOf(told, today)).toEqual({ dueOn: "dueMissing" });
    expect(faultsOf({ ...told, dueOn: "2026-03-09" }, today)).toEqual({ dueOn: "duePassed" });
    expect(faultsOf({ ...told, dueOn: "2026-03-10" }, today)).toEqual({});
    expect(faultsOf({ ...told, dueOn: "2026-03-10", cause: "" }, today)).toEqual({ cause: "causeNeeded" });
  });
});

describe("a text that is too long", () => {
  // Risk: half of a pasted mail is thrown away without a word.
  it("is told to be, and stays whole", () => {
    const draft = { ...EMPTY_DRAFT, amount: "25", note: "x".repeat(5_000) };
    expect(faultsOf(draft, context)).toEqual({ note: "tooLong" });
    expect(faultsOf({ ...draft, note: "x".repeat(TEXT_MAX.note) }, context)).toEqual({});
  });

  // Risk: a long note takes the verdict away, and nobody knows why.
  it("is asked about as far as it goes", () => {
    const body = bodyOf({ ...EMPTY_DRAFT, amount: "25", note: "x".repeat(5_000) }, context);
    expect(body?.note).toHaveLength(TEXT_MAX.note);
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
