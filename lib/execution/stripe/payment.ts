import type Stripe from "stripe";
import type { FailureCode, Instruction } from "@/lib/execution/provider";
import { fromStripe, toStripe } from "@/lib/execution/stripe/amounts";
import { paymentOf, referenceOf } from "@/lib/execution/stripe/found";

/** Whether Stripe could do it, and how much of it at most in Leeway's minor units. */
export type Examined = { ok: true; most: number | null } | { ok: false; code: FailureCode; detail: string };

/** Disputes in which the money is not the organization's to give back. An inquiry is none: a refund settles it. */
const HOLDING: readonly string[] = [
  "needs_response",
  "under_review",
  "lost",
  "appeal_needs_response",
  "appeal_under_review",
];

/**
 * Holds an instruction against what Stripe knows of the payment or the customer. Nothing moves.
 *
 * @throws StripeError where Stripe doesn't say.
 */
export async function examine(client: Stripe, instruction: Instruction): Promise<Examined> {
  const { amount: ours, currency, remedy } = instruction;
  const ref = referenceOf(instruction);
  if (ref === null) return refused("no_payment", MISSING[remedy === "refund" ? "payment" : "customer"]);
  const amount = toStripe(ours, currency);
  if (amount === null || amount === 0) {
    return refused("refused", `Stripe can't move this amount of ${currency} exactly.`);
  }
  return remedy === "refund"
    ? examinePayment(client, ref, { amount, currency })
    : examineCustomer(client, ref, { amount, currency });
}

const MISSING = {
  payment: "Nobody said what this order was paid with: its payment reference is missing.",
  customer: "Nobody said who the customer is to Stripe: their payment reference is missing.",
};

interface Wanted {
  /** As Stripe counts. */
  amount: number;
  currency: string;
}

async function examinePayment(client: Stripe, ref: string, wanted: Wanted): Promise<Examined> {
  const charge = await readCharge(client, ref);
  if (charge?.status !== "succeeded" || !charge.captured) {
    return refused("no_payment", "Nothing was paid with this at Stripe.");
  }
  if (charge.currency.toUpperCase() !== wanted.currency) {
    const paid = charge.currency.toUpperCase();
    return refused("refused", `It was paid in ${paid} at Stripe, and a refund is in what was paid.`);
  }
  if (charge.disputed && (await isHeld(client, charge.id))) {
    return refused("disputed", "The customer's bank was asked to take this payment back.");
  }
  const left = charge.amount_captured - charge.amount_refunded;
  if (left <= 0) return refused("already_refunded", "All of it was given back before.");
  if (wanted.amount > left) {
    return refused("more_than_paid", "This is more than is left of the payment at Stripe.");
  }
  return { ok: true, most: fromStripe(left, wanted.currency) };
}

async function readCharge(client: Stripe, ref: string): Promise<Stripe.Charge | null> {
  const payment = paymentOf(ref);
  if ("charge" in payment) return client.charges.retrieve(payment.charge);
  const intent = await client.paymentIntents.retrieve(payment.payment_intent, { expand: ["latest_charge"] });
  const charge = intent.latest_charge;
  return typeof charge === "string" ? client.charges.retrieve(charge) : charge;
}

async function isHeld(client: Stripe, charge: string): Promise<boolean> {
  for await (const dispute of client.disputes.list({ charge, limit: 100 })) {
    if (HOLDING.includes(dispute.status)) return true;
  }
  return false;
}

async function examineCustomer(client: Stripe, ref: string, wanted: Wanted): Promise<Examined> {
  const customer = await client.customers.retrieve(ref);
  if (customer.deleted) return refused("no_payment", "The customer was removed at Stripe.");
  const theirs = customer.currency?.toUpperCase();
  if (theirs && theirs !== wanted.currency) {
    return refused("refused", `The customer's balance at Stripe is in ${theirs}.`);
  }
  return { ok: true, most: null };
}

function refused(code: FailureCode, detail: string): Examined {
  return { ok: false, code, detail };
}
