import Stripe from "stripe";
import { env } from "@/lib/env";

/** A call that takes longer has an unknown outcome. */
const PATIENCE_MS = 20_000;

/**
 * The official client. When to try again is for the worker to say, which writes down each attempt: the client does so by itself only
 * where a connection broke off, once, and under the same key.
 */
export function stripeClient(
  secretKey: string,
  { api = env.LEEWAY_STRIPE_API, patienceMs = PATIENCE_MS }: { api?: string; patienceMs?: number } = {},
): Stripe {
  return new Stripe(secretKey, {
    maxNetworkRetries: 0,
    timeout: patienceMs,
    telemetry: false,
    appInfo: { name: "Leeway" },
    ...(api ? placeOf(new URL(api)) : {}),
  });
}

function placeOf({ protocol, hostname, port }: URL) {
  const isPlain = protocol === "http:";
  return {
    protocol: isPlain ? ("http" as const) : ("https" as const),
    host: hostname,
    port: port === "" ? (isPlain ? 80 : 443) : Number(port),
  };
}
