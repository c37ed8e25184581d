import type Stripe from "stripe";
import { instantOf } from "@/lib/db/ids";
import type { FailureCode, Instruction, Outcome } from "@/lib/execution/provider";

/** The names under which everything that Stripe keeps for a decision says whose it is. */
export const METADATA = { decision: "leeway_decision", of: "leeway_of" } as const;

export type Deed = "execution" | "reversal";

export function metadataOf(decisionId: string, of: Deed): Record<string, string> {
  return { [METADATA.decision]: decisionId, [METADATA.of]: of };
}

/** The decision that something at Stripe was done for; null where it has nothing to do with Leeway. */
export function decisionOf(metadata: Stripe.Metadata | null): { decisionId: string; of: Deed } | null {
  const decisionId = metadata?.[METADATA.decision];
  if (!decisionId) return null;
  return { decisionId, of: metadata?.[METADATA.of] === "reversal" ? "reversal" : "execution" };
}

const FAILURES: Readonly<Record<string, FailureCode>> = {
  lost_or_stolen_card: "method_unavailable",
  expired_or_canceled_card: "method_unavailable",
  charge_for_pending_refund_disputed: "disputed",
};

/** What has become of a refund. */
export function refundOutcome(refund: Pick<Stripe.Refund, "id" | "status" | "failure_reason">): Outcome {
  const reference = refund.id;
  switch (refund.status) {
    case "succeeded":
      return { outcome: "succeeded", reference };
    case "pending":
    case "requires_action":
      return { outcome: "pending", reference };
    case "failed": {
      const why = refund.failure_reason ?? "unknown";
      const code = FAILURES[why] ?? "refused";
      return { outcome: "failed", code, detail: `The refund failed at Stripe: ${why}.`, reference };
    }
    case "canceled":
      return { outcome: "failed", code: "refused", detail: "The refund was canceled at Stripe.", reference };
    default:
      return { outcome: "unknown", detail: `Stripe calls the refund ${refund.status ?? "nothing at all"}.` };
  }
}

/** What a refund of a payment is asked for by. */
export function paymentOf(ref: string): { payment_intent: string } | { charge: string } {
  return /^(ch|py)_/.test(ref) ? { charge: ref } : { payment_intent: ref };
}

/** The refund that was made for a decision; one that came to something before one that didn't. */
export async function findRefund(
  client: Stripe,
  ref: string,
  decisionId: string,
): Promise<Stripe.Refund | null> {
  let found: Stripe.Refund | null = null;
  for await (const refund of client.refunds.list({ ...paymentOf(ref), limit: 100 })) {
    if (decisionOf(refund.metadata)?.decisionId !== decisionId) continue;
    if (refund.status !== "failed" && refund.status !== "canceled") return refund;
    found = refund;
  }
  return found;
}

const CLOCKS_APART_MS = 60 * 60 * 1000;

/** The entry in a customer's balance that was made for a decision. */
export async function findBalanceEntry(
  client: Stripe,
  customer: string,
  decisionId: string,
  of: Deed,
): Promise<Stripe.CustomerBalanceTransaction | null> {
  // The newest come first, and none is older than its decision.
  const oldest = (instantOf(decisionId) - CLOCKS_APART_MS) / 1000;
  for await (const entry of client.customers.listBalanceTransactions(customer, { limit: 100 })) {
    if (entry.created < oldest) return null;
    const made = decisionOf(entry.metadata);
    if (made?.decisionId === decisionId && made.of === of) return entry;
  }
  return null;
}

/** The reference at Stripe that an instruction is about; null where nobody said one. */
export function referenceOf({ remedy, order, customer }: Instruction): string | null {
  return remedy === "refund" ? (order?.paymentRef ?? null) : (customer.paymentRef ?? null);
}
