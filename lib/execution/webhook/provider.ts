import { REMEDIES } from "@/lib/discretion/schema";
import type { Instruction, Outcome, Provider } from "@/lib/execution/provider";
import type { Requested, RequestKind } from "@/lib/execution/webhook/request";
import { answeredResultSchema, outcomeOf } from "@/lib/execution/webhook/result";
import { type Posted, type PostFault, postSigned } from "@/lib/http/post";
import { type Reach, urlFault } from "@/lib/http/reach";
import { messageBody } from "@/lib/http/signed";

/** Longer than others may take: some do it before they answer. */
const PATIENCE_MS = 15_000;

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
        : { ok: false, code: "not_configured", detail: FAULTS.private_address };
    },
    execute: (instruction, { signal }) =>
      tell(endpoint, "execution.requested", instruction.decisionId, requestedOf(instruction), signal),
    // Nobody can be asked. Sending it again is as good: the receiver knows the id.
    lookup: async () => ({ outcome: "unknown", detail: "The receiver has not said yet what came of it." }),
    reverse: (instruction, { signal }) =>
      tell(
        endpoint,
        "execution.reversal_requested",
        `${instruction.decisionId}:reversal`,
        requestedOf(instruction),
        signal,
      ),
    // What comes later comes by REST, with a key.
    parseWebhook: async () => null,
  };
}

function requestedOf({ decisionId, remedy, amount, currency, customer, order }: Instruction): Requested {
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
  type: Exclude<RequestKind, "endpoint.test">,
  id: string,
  data: Requested,
  signal: AbortSignal,
): Promise<Outcome> {
  const sent = await post(endpoint, { type, id, data, signal });
  if (!sent.ok) return { outcome: "unknown", detail: FAULTS[sent.fault] };
  if (!sent.isWhole)
    return { outcome: "unknown", detail: "The webhook answered with more than can be read." };
  // A refusal of the way there, such as 404 or 503, is none of the receiver's own: it is told again.
  if (sent.status < 200 || sent.status > 299) {
    return { outcome: "unknown", detail: `The webhook answered ${sent.status}.` };
  }
  return readResult(sent.body) ?? { outcome: "pending", reference: null };
}

/** Posts a message to the organization's own system, once. */
export function post(
  { url, secret, reach }: WebhookEndpoint,
  message: { type: RequestKind; id: string; data: Requested | Record<string, never>; signal?: AbortSignal },
): Promise<Posted> {
  const { type, id, data, signal } = message;
  const body = messageBody(type, new Date(), data);
  return postSigned({ url, secret, reach, id, body, patienceMs: PATIENCE_MS, ...(signal ? { signal } : {}) });
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

const FAULTS: Record<PostFault, string> = {
  private_address: "The webhook's address may not be used.",
  name_unknown: "The webhook's host is not known.",
  refused_connection: "Nothing takes connections at the webhook's address.",
  certificate: "The webhook's certificate is not valid.",
  timeout: "The webhook took too long to answer.",
  broken_off: "The connection to the webhook broke off.",
  stopped: "Stopped before the webhook had answered.",
};
