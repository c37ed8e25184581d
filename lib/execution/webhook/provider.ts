import { REMEDIES } from "@/lib/discretion/schema";
import type { Instruction, Outcome, Provider } from "@/lib/execution/provider";
import { answeredResultSchema, outcomeOf } from "@/lib/execution/webhook/result";
import { type SendFault, type Sent, send } from "@/lib/execution/webhook/send";
import { urlFault } from "@/lib/execution/webhook/url";
import type { Reach } from "@/lib/http/reach";
import { signedHeaders } from "@/lib/http/signed";

export interface WebhookEndpoint {
  url: string;
  /** Signs what is sent (Standard Webhooks), with `whsec_` before it. */
  secret: string;
  reach: Reach;
}

/**
 * Carries decisions out by telling the organization's own system, in a signed message. Its id is the decision's, the same
 * each time that it is sent, so that the receiver does it once.
 */
export function webhookProvider(endpoint: WebhookEndpoint): Provider {
  return {
    kind: "webhook",
    capabilities: () => ({ remedies: REMEDIES, reverses: true, answersLookups: false }),
    async quote() {
      const fault = urlFault(endpoint.url, endpoint.reach);
      return fault === null
        ? { ok: true, most: null }
        : { ok: false, code: "not_configured", detail: "The webhook's address may not be used." };
    },
    execute: (instruction, { signal }) =>
      tell(endpoint, "execution.requested", instruction.decisionId, dataOf(instruction), signal),
    // Nobody can be asked. Sending it again is as good: the receiver knows the id.
    lookup: async () => ({ outcome: "unknown", detail: "The receiver has not said yet what came of it." }),
    reverse: (instruction, { signal }) =>
      tell(
        endpoint,
        "execution.reversal_requested",
        `${instruction.decisionId}:reversal`,
        dataOf(instruction),
        signal,
      ),
    // What comes later comes by REST, with a key.
    parseWebhook: async () => null,
  };
}

function dataOf({ decisionId, remedy, amount, currency, customer, order }: Instruction) {
  return {
    decision: decisionId,
    remedy,
    amount,
    currency,
    customer: { ...customer, paymentRef: customer.paymentRef ?? null },
    order,
  };
}

async function tell(
  endpoint: WebhookEndpoint,
  type: string,
  id: string,
  data: object,
  signal: AbortSignal,
): Promise<Outcome> {
  const sent = await post(endpoint, { type, id, data, signal });
  if (!sent.ok) return { outcome: "unknown", detail: FAULTS[sent.fault] };
  // A refusal of the way there, such as 404 or 503, is none of the receiver's own: it is told again.
  if (sent.status < 200 || sent.status > 299) {
    return { outcome: "unknown", detail: `The webhook answered ${sent.status}.` };
  }
  return readResult(sent.body) ?? { outcome: "pending", reference: null };
}

/** Posts a signed message, each time with the moment at which it is sent. */
export async function post(
  { url, secret, reach }: WebhookEndpoint,
  message: { type: string; id: string; data: object; signal: AbortSignal },
): Promise<Sent> {
  const { type, id, data, signal } = message;
  if (urlFault(url, reach) !== null) return { ok: false, fault: "private_address" };
  const at = new Date();
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
  const headers = {
    "Content-Type": "application/json",
    "User-Agent": "Leeway",
    ...signedHeaders(secret, { id, at, body }),
  };
  return send({ url, headers, body, reach, signal });
}

function readResult(body: string): Outcome | null {
  try {
    const parsed = answeredResultSchema.safeParse(JSON.parse(body));
    return parsed.success ? outcomeOf(parsed.data) : null;
  } catch {
    // Words for people, such as "OK".
    return null;
  }
}

const FAULTS: Record<SendFault, string> = {
  private_address: "The webhook's address may not be used.",
  name_unknown: "The webhook's host is not known.",
  refused_connection: "Nothing takes connections at the webhook's address.",
  certificate: "The webhook's certificate is not valid.",
  timeout: "The webhook took too long to answer.",
  broken_off: "The connection to the webhook broke off.",
  too_long: "The webhook answered with more than can be read.",
  stopped: "Stopped before the webhook had answered.",
};
