import { Webhook } from "standardwebhooks";

/** A body as Standard Webhooks have it. */
export function messageBody(type: string, at: Date, data: object): string {
  return JSON.stringify({ type, timestamp: at.toISOString(), data });
}

/**
 * What proves to a receiver that a message is ours, as Standard Webhooks have it. The id is the message's own, the same each
 * time that it is sent, so that a receiver knows one that it has; `at` is when it is sent.
 */
export function signedHeaders(
  secret: string,
  { id, at, body }: { id: string; at: Date; body: string },
): Record<string, string> {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, at, body),
  };
}
