import { exponentOf } from "@/lib/discretion/money";

/**
 * The currencies that Stripe counts in other units than ISO 4217 does
 * (https://docs.stripe.com/currencies#special-cases and #zero-decimal).
 */
const DECIMALS: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 };

function decimalsOf(currency: string): number {
  return DECIMALS[currency] ?? exponentOf(currency);
}

/** An amount as Stripe counts it; null where Stripe can't move it exactly, such as a thousandth of a dinar. */
export function toStripe(amount: number, currency: string): number | null {
  const decimals = decimalsOf(currency);
  const shifted = amount * 10 ** (decimals - exponentOf(currency));
  if (!Number.isSafeInteger(shifted)) return null;
  // The card networks know two decimals at most.
  return decimals === 3 && shifted % 10 !== 0 ? null : shifted;
}

/** An amount of Stripe's in minor units, without what is less than one. */
export function fromStripe(amount: number, currency: string): number {
  return Math.floor(amount / 10 ** (decimalsOf(currency) - exponentOf(currency)));
}
