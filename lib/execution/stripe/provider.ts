import type Stripe from "stripe";
import type { FailureCode, Instruction, Outcome, Provider, Quote } from "@/lib/execution/provider";
import { toStripe } from "@/lib/execution/stripe/amounts";
import { stripeClient } from "@/lib/execution/stripe/client";
import { type Fault, faultOf } from "@/lib/execution/stripe/faults";
import {
  findBalanceEntry,
  findRefund,
  metadataOf,
  paymentOf,
  referenceOf,
  refundOutcome,
} from "@/lib/execution/stripe/found";
import { readStripeMessage } from "@/lib/execution/stripe/messages";
import { examine } from "@/lib/execution/stripe/payment";

export interface StripeAccount {
  secretKey: string;
  /** Proves what Stripe sends by itself; null where nothing is set up to be sent. */
  webhookSecret: string | null;
  /** Where the API is; Stripe's own, if left out. */
  api?: string;
  /** How long a call may take before its outcome is unknown. */
  patienceMs?: number;
}

type Found = Outcome | { outcome: "absent" };

/**
 * Refunds by Stripe on what an order was paid with, and credit on the customer's balance there.
 *
 * A decision is done once by two means. Its id is the idempotency key of each try, which Stripe keeps for a day; and it stands in the
 * metadata of what was made, so that a try after a doubtful one looks first. Stripe answers a key whose first answer was
 * 500 with that same 500 until it forgets the key: what really happened only the metadata say.
 */
export function stripeProvider(account: StripeAccount): Provider {
  const client = stripeClient(account.secretKey, account);
  return {
    kind: "stripe",
    capabilities: () => ({ remedies: ["refund", "credit"], reverses: true, reversible: ["credit"] }),
    quote: (instruction) => quote(client, instruction),
    execute: (instruction, { signal }) => untilAborted(signal, () => execute(client, instruction)),
    lookup: (instruction, { signal }) => untilAborted<Found>(signal, () => lookup(client, instruction)),
    reverse: (instruction, { signal }) => untilAborted(signal, () => reverse(client, instruction)),
    async parseWebhook(message) {
      const read = await readStripeMessage(account.webhookSecret, message, new Date());
      return read.ok && read.events.length > 0 ? read.events : null;
    },
  };
}

/** The call itself goes on, and its client gives it up in time; what comes of it is looked up. */
async function untilAborted<T extends Found>(
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | Outcome> {
  const unknown: Outcome = { outcome: "unknown", detail: "Stopped before Stripe had answered." };
  if (signal.aborted) return unknown;
  let stop: () => void = () => undefined;
  const stopped = new Promise<Outcome>((resolve) => {
    stop = () => resolve(unknown);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function quote(client: Stripe, instruction: Instruction): Promise<Quote> {
  try {
    const examined = await examine(client, instruction);
    return examined.ok ? { ok: true, most: examined.most } : examined;
  } catch (error) {
    const fault = faultOf(error);
    // Where Stripe doesn't say, nothing that is known speaks against it; the execution asks again.
    return fault.sure ? { ok: false, code: fault.code, detail: fault.detail } : { ok: true, most: null };
  }
}

/**
 * What may have changed since an earlier try, which may be under way even now and be the very cause. Only Stripe, which knows whether
 * the key is in use, can say that this is in the way.
 */
const PASSING: ReadonlySet<FailureCode> = new Set(["more_than_paid", "already_refunded", "disputed"]);

async function execute(client: Stripe, instruction: Instruction): Promise<Outcome> {
  try {
    const before = await find(client, instruction);
    if (before) return before;
    const examined = await examine(client, instruction);
    if (!examined.ok && !PASSING.has(examined.code)) {
      return { outcome: "failed", ...failure(examined), reference: null };
    }
    return await make(client, instruction);
  } catch (error) {
    return afterFault(client, instruction, faultOf(error));
  }
}

/** A refusal says that this try did nothing; of an earlier one it says nothing, so that is looked for once more. */
async function afterFault(client: Stripe, instruction: Instruction, fault: Fault): Promise<Outcome> {
  if (!fault.sure || fault.before) return { outcome: "unknown", detail: fault.detail };
  const found = await lookup(client, instruction);
  return found.outcome === "absent" ? { outcome: "failed", ...failure(fault), reference: null } : found;
}

function failure({ code, detail }: { code: FailureCode; detail: string }) {
  return { code, detail };
}

/** The reference is there, and Stripe counts the amount: `examine` has seen to both. */
async function make(client: Stripe, instruction: Instruction): Promise<Outcome> {
  const { decisionId, remedy, currency } = instruction;
  const ref = referenceOf(instruction) ?? "";
  const amount = toStripe(instruction.amount, currency) ?? 0;
  const metadata = metadataOf(decisionId, "execution");
  const options = { idempotencyKey: decisionId };
  if (remedy === "refund") {
    return refundOutcome(
      await client.refunds.create(
        // A refund for fraud would put the customer's card on Stripe's list: nobody here says that.
        { ...paymentOf(ref), amount, reason: "requested_by_customer", metadata },
        options,
      ),
    );
  }
  // What Stripe calls a customer's balance is what they owe: credit is below zero.
  const entry = await client.customers.createBalanceTransaction(
    ref,
    { amount: -amount, currency: currency.toLowerCase(), metadata },
    options,
  );
  return { outcome: "succeeded", reference: entry.id };
}

async function find(client: Stripe, instruction: Instruction): Promise<Outcome | null> {
  const ref = referenceOf(instruction);
  if (ref === null) return null;
  if (instruction.remedy === "refund") {
    const refund = await findRefund(client, ref, instruction.decisionId);
    return refund && refundOutcome(refund);
  }
  const entry = await findBalanceEntry(client, ref, instruction.decisionId, "execution");
  return entry && { outcome: "succeeded", reference: entry.id };
}

async function lookup(client: Stripe, instruction: Instruction): Promise<Found> {
  try {
    return (await find(client, instruction)) ?? { outcome: "absent" };
  } catch (error) {
    const fault = faultOf(error);
    // On a payment that there isn't nothing was ever made.
    if (fault.sure && fault.code === "no_payment") return { outcome: "absent" };
    return { outcome: "unknown", detail: fault.detail };
  }
}

async function reverse(client: Stripe, instruction: Instruction): Promise<Outcome> {
  try {
    return instruction.remedy === "refund"
      ? await cancelRefund(client, instruction)
      : await takeCreditBack(client, instruction);
  } catch (error) {
    const fault = faultOf(error);
    if (!fault.sure || fault.before) return { outcome: "unknown", detail: fault.detail };
    return { outcome: "failed", ...failure(fault), reference: null };
  }
}

/** Stripe takes a refund back only while it waits for the customer to say where it goes. */
async function cancelRefund(client: Stripe, instruction: Instruction): Promise<Outcome> {
  const refund = await findRefund(client, referenceOf(instruction) ?? "", instruction.decisionId);
  if (!refund) return keeps("There is no refund to take back.", null);
  if (refund.status === "canceled") return { outcome: "succeeded", reference: refund.id };
  if (refund.status !== "requires_action") {
    return keeps("A refund that is on its way to the customer can't be taken back.", refund.id);
  }
  const canceled = await client.refunds.cancel(refund.id, undefined, {
    idempotencyKey: `${instruction.decisionId}:reversal`,
  });
  return { outcome: "succeeded", reference: canceled.id };
}

async function takeCreditBack(client: Stripe, instruction: Instruction): Promise<Outcome> {
  const { decisionId, currency } = instruction;
  const ref = referenceOf(instruction) ?? "";
  const done = await findBalanceEntry(client, ref, decisionId, "reversal");
  if (done) return { outcome: "succeeded", reference: done.id };
  const given = await findBalanceEntry(client, ref, decisionId, "execution");
  if (!given) return keeps("There is no credit to take back.", null);
  const customer = await client.customers.retrieve(ref);
  const amount = toStripe(instruction.amount, currency) ?? 0;
  if (customer.deleted || -customer.balance < amount) {
    return keeps("Some of the credit was used already.", given.id);
  }
  const entry = await client.customers.createBalanceTransaction(
    ref,
    { amount, currency: currency.toLowerCase(), metadata: metadataOf(decisionId, "reversal") },
    { idempotencyKey: `${decisionId}:reversal` },
  );
  return { outcome: "succeeded", reference: entry.id };
}

function keeps(detail: string, reference: string | null): Outcome {
  return { outcome: "failed", code: "refused", detail, reference };
}
