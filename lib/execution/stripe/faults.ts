import Stripe from "stripe";
import type { FailureCode } from "@/lib/execution/provider";

/** What an error of Stripe's client means for what was asked. */
export type Fault =
  /** Nothing was done, and the same again won't be either. `before`: Stripe didn't even look at what was asked. */
  | { sure: true; code: FailureCode; detail: string; before: boolean }
  /** Something may have been done, or may be the next time. */
  | { sure: false; detail: string };

const DETAIL_LENGTH = 300;

/** Stripe's codes that say what stands in the way; https://docs.stripe.com/error-codes. */
const CODES: Readonly<Record<string, FailureCode>> = {
  amount_too_large: "more_than_paid",
  charge_already_refunded: "already_refunded",
  charge_disputed: "disputed",
  refund_disputed_payment: "disputed",
  charge_not_refundable: "method_unavailable",
  payment_method_not_available: "method_unavailable",
  resource_missing: "no_payment",
  payment_intent_unexpected_state: "no_payment",
  intent_invalid_state: "no_payment",
  livemode_mismatch: "not_configured",
  secret_key_required: "not_configured",
  api_key_expired: "not_configured",
  platform_api_key_expired: "not_configured",
  testmode_charges_only: "not_configured",
};

/** Refused for this moment, or while the same is under way. */
const PASSING = new Set(["lock_timeout", "idempotency_key_in_use", "rate_limit", "processing_error"]);

/** Reads an error of Stripe's client. Whatever isn't surely a refusal leaves the outcome open. */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const { code = "", statusCode } = error;
  if (error instanceof Stripe.errors.StripeAuthenticationError) {
    return refusal("not_configured", "Stripe doesn't accept the secret key.", true);
  }
  if (error instanceof Stripe.errors.StripePermissionError) {
    return refusal("not_configured", "The secret key may not do this at Stripe.", true);
  }
  const isRefusal =
    error instanceof Stripe.errors.StripeInvalidRequestError ||
    error instanceof Stripe.errors.StripeCardError;
  if (isRefusal && !PASSING.has(code)) {
    const isTooMuch = code === "" && error.param === "amount" && /greater than/.test(error.message);
    return refusal(isTooMuch ? "more_than_paid" : (CODES[code] ?? "refused"), said(error), false);
  }
  return { sure: false, detail: statusCode ? `Stripe answered ${statusCode}.` : "Stripe gave no answer." };
}

function refusal(code: FailureCode, detail: string, before: boolean): Fault {
  return { sure: true, code, detail, before };
}

function said({ message }: Error): string {
  return `Stripe: ${message}`.slice(0, DETAIL_LENGTH);
}
