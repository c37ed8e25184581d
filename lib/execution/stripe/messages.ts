import Stripe from "stripe";
import { isId } from "@/lib/db/ids";
import type { ProviderEvent } from "@/lib/execution/provider";
import { decisionOf, refundOutcome } from "@/lib/execution/stripe/found";

/** How old a signature may be: who heard one can't send it again later. */
export const TOLERANCE_SECONDS = 300;

/** A payment that somebody's bank was asked to take back, or no longer is. */
export interface DisputeNews {
  id: string;
  /** All that an order may know the payment as. */
  paymentRefs: string[];
  isOpen: boolean;
  at: Date;
}

export type StripeMessage =
  | { ok: false }
  /** It is Stripe's; both lists are empty where it says nothing of interest. */
  | { ok: true; events: ProviderEvent[]; disputes: DisputeNews[] };

// Signatures are checked without a key or a connection.
const webhooks = new Stripe("unused").webhooks;

/** Proves by its signature that a message is Stripe's, and reads it. `body` is as it came, byte by byte. */
export async function readStripeMessage(
  secret: string | null,
  message: { headers: Headers; body: string },
  now: Date,
): Promise<StripeMessage> {
  const signature = message.headers.get("stripe-signature");
  if (!secret || !signature) return { ok: false };
  let event: Stripe.Event;
  try {
    event = await webhooks.constructEventAsync(
      message.body,
      signature,
      secret,
      TOLERANCE_SECONDS,
      undefined,
      now.getTime(),
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return { ok: false };
    // What was signed is no JSON: whoever sent it, it is nothing to us.
    if (error instanceof SyntaxError) return { ok: false };
    throw error;
  }
  return { ok: true, events: eventsOf(event), disputes: disputesOf(event) };
}

function eventsOf(event: Stripe.Event): ProviderEvent[] {
  switch (event.type) {
    case "refund.created":
    case "refund.updated":
    case "refund.failed":
    case "charge.refund.updated": {
      const refund = event.data.object;
      const made = decisionOf(refund.metadata);
      if (!made || !isId(made.decisionId)) return [];
      const at = new Date(event.created * 1000);
      return [{ id: event.id, ...made, outcome: refundOutcome(refund), at }];
    }
    default:
      return [];
  }
}

function disputesOf(event: Stripe.Event): DisputeNews[] {
  switch (event.type) {
    case "charge.dispute.created":
    case "charge.dispute.updated":
    case "charge.dispute.closed": {
      const { id, charge, payment_intent: intent, status } = event.data.object;
      const paymentRefs = [charge, intent].flatMap((ref) =>
        typeof ref === "string" ? ref : (ref?.id ?? []),
      );
      const isOpen = event.type !== "charge.dispute.closed" && !CLOSED.includes(status);
      return [{ id, paymentRefs, isOpen, at: new Date(event.created * 1000) }];
    }
    default:
      return [];
  }
}

const CLOSED: readonly string[] = ["won", "lost", "warning_closed", "prevented"];
