import fc from "fast-check";
import { expect, it } from "vitest";
import { fromStripe, toStripe } from "@/lib/execution/stripe/amounts";

// Risk: a hundred times as much is given back, or a hundredth.
it.each([
  ["USD", 2500, 2500],
  ["JPY", 2500, 2500],
  ["ISK", 25, 2500],
  ["UGX", 25, 2500],
  ["MGA", 2500, 25],
  ["KWD", 5120, 5120],
])("an amount of %s is told as Stripe counts it", (currency, ours, theirs) => {
  expect([toStripe(ours, currency), fromStripe(theirs, currency)]).toEqual([theirs, ours]);
});

it.each([
  ["KWD", 5124],
  ["MGA", 2550],
])("an amount of %s that Stripe can't move exactly is never rounded", (currency, amount) => {
  expect(toStripe(amount, currency)).toBeNull();
});

it("what is told comes back the same", () => {
  const currency = fc.constantFrom("USD", "EUR", "JPY", "ISK", "UGX", "MGA", "KWD", "TND");
  fc.assert(
    fc.property(fc.nat(1_000_000_000), currency, (amount, code) => {
      const told = toStripe(amount, code);
      return told === null || fromStripe(told, code) === amount;
    }),
  );
});
