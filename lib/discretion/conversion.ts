import { exponentOf } from "./money";
import { parseRate } from "./rates";
import type { DecisionRequest } from "./types";

/**
 * Brings amounts of a request's currency and of the policy's together, both in minor units.
 *
 * What can be compared exactly is: only `counted`, which is written into the ledger, is rounded.
 */
export interface Conversion {
  /**
   * The amount in the policy's currency, rounded half-even. At least 1 of what is above zero, so that nothing escapes
   * its limits by being tiny; at most what a number carries.
   */
  counted(amount: number): number;
  /** The amount in the policy's currency, rounded up: above a whole number exactly when the exact amount is. */
  roundedUp(amount: number): number;
  /** The least amount of the request's currency that is worth more than a threshold in the policy's. */
  firstAbove(threshold: number): number;
  /** The largest amount of the request's currency that is worth less than a threshold in the policy's; −1: none. */
  lastBelow(threshold: number): number;
}

/** A request in the policy's own currency. */
const NONE_NEEDED: Conversion = {
  counted: (amount) => amount,
  roundedUp: (amount) => amount,
  firstAbove: (threshold) => threshold + 1,
  lastBelow: (threshold) => threshold - 1,
};

/**
 * How the request's amounts come into `currency`; `null` where that needs a rate and there is none.
 *
 * @throws RangeError when the rate is none, or the request's currency is no currency.
 */
export function conversionOf(
  request: Pick<DecisionRequest, "currency" | "rate">,
  currency: string,
): Conversion | null {
  if (request.currency === currency) return NONE_NEEDED;
  if (!request.rate) return null;
  const parsed = parseRate(request.rate.rate);
  if (!parsed.ok) throw new RangeError(`${JSON.stringify(request.rate.rate)} is no exchange rate.`);
  return conversionBy(
    parsed.numerator * 10n ** BigInt(exponentOf(currency)),
    parsed.denominator * 10n ** BigInt(exponentOf(request.currency)),
  );
}

/** One minor unit of the request's currency is worth exactly `worth / per` minor units of the policy's. */
function conversionBy(worth: bigint, per: bigint): Conversion {
  return {
    counted(amount) {
      if (amount === 0) return 0;
      const rounded = halfEven(BigInt(amount) * worth, per);
      return rounded === 0n ? 1 : Math.min(Number(rounded), Number.MAX_SAFE_INTEGER);
    },
    roundedUp: (amount) => Number(roundUp(BigInt(amount) * worth, per)),
    firstAbove: (threshold) => (threshold < 0 ? 0 : asBound((BigInt(threshold) * per) / worth + 1n)),
    lastBelow: (threshold) => asBound(roundUp(BigInt(threshold) * per, worth) - 1n),
  };
}

/** A bound beyond what a request can carry is none: no amount that can be asked for lies beyond it. */
function asBound(amount: bigint): number {
  return amount > BigInt(Number.MAX_SAFE_INTEGER) + 1n ? Number.POSITIVE_INFINITY : Number(amount);
}

/** `dividend / divisor`, both positive, to the nearest whole number and of two that are as near to the even one. */
function halfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = 2n * (dividend % divisor);
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

function roundUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
