import { describe, expect, it } from "vitest";
import type { Remedy } from "@/lib/discretion/schema";
import { ENOUGH, isGiven, nearest, type PastCase, usualByRemedy } from "./closeness";

const past = (amount: number, parts: Partial<PastCase> = {}): PastCase => ({
  remedy: "credit",
  amount,
  currency: "USD",
  verdict: "allow",
  status: "posted",
  granted: null,
  score: null,
  sameTier: true,
  day: "2026-03-01",
  isOwn: false,
  ...parts,
});

const amounts = (values: number[], remedy: Remedy = "credit") => values.map((amount) => ({ remedy, amount }));

describe("what is usual", () => {
  // Risk: two cases are told as a custom, and everybody after them gives the same.
  it("is silent below five cases", () => {
    expect(usualByRemedy(amounts([10, 20, 30, 40]))).toEqual({});
    expect(ENOUGH).toBe(5);
  });

  it("is the middle half of what was given, of amounts that were given", () => {
    expect(usualByRemedy(amounts([50, 10, 40, 20, 30])).credit).toEqual({ from: 20, to: 40 });
    expect(usualByRemedy(amounts([1, 2, 3, 4, 5, 6, 7, 8])).credit).toEqual({ from: 2, to: 6 });
    expect(usualByRemedy(amounts([7, 7, 7, 7, 900])).credit).toEqual({ from: 7, to: 7 });
  });

  it("is told for each remedy by itself", () => {
    const usual = usualByRemedy([...amounts([1, 2, 3, 4, 5]), ...amounts([100, 200], "gift")]);
    expect(Object.keys(usual)).toEqual(["credit"]);
  });

  // Risk: what was taken back, or had to be asked for, is told as what one may do oneself.
  it("counts what was given at once and stands", () => {
    expect(isGiven(past(1))).toBe(true);
    expect(isGiven(past(1, { verdict: "bend" }))).toBe(true);
    expect(isGiven(past(1, { status: "reversed" }))).toBe(false);
    expect(isGiven(past(1, { verdict: "handover" }))).toBe(false);
    expect(isGiven(past(1, { verdict: "deny", status: "refused" }))).toBe(false);
  });
});

describe("precedents", () => {
  const asked = { remedy: "credit", currency: "USD", amount: 100 } as const;

  it("are the nearest in amount, those of the same tier first", () => {
    const cases = [
      past(1000),
      past(90),
      past(400, { sameTier: true }),
      past(110, { sameTier: false }),
      past(105),
    ];
    expect(nearest(cases, asked).map(({ amount }) => amount)).toEqual([105, 90, 110]);
  });

  it("are of the same remedy and currency, and the latest of equally near ones", () => {
    const cases = [
      past(100, { day: "2026-03-03" }),
      past(100, { remedy: "gift" }),
      past(100, { currency: "EUR" }),
      past(100, { day: "2026-03-01" }),
    ];
    expect(nearest(cases, asked).map(({ day }) => day)).toEqual(["2026-03-03", "2026-03-01"]);
  });

  // Risk: a customer's own history is told as what others got.
  it("are other customers', and of cases that came to an end", () => {
    const cases = [past(100, { isOwn: true }), past(100, { verdict: "handover", status: "reserved" })];
    expect(nearest(cases, asked)).toEqual([]);
  });

  it("tell how it turned out, also where it turned out badly", () => {
    const cases = [past(100, { status: "reversed" }), past(100, { verdict: "handover", status: "expired" })];
    expect(nearest(cases, asked).map(({ status }) => status)).toEqual(["reversed", "expired"]);
  });

  it("need no amount to be found by", () => {
    const { amount: _, ...without } = asked;
    expect(nearest([past(1), past(2), past(3), past(4)], without)).toHaveLength(3);
  });
});
