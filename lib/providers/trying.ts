import { randomUUID } from "node:crypto";
import { stripeClient } from "@/lib/execution/stripe/client";
import { faultOf } from "@/lib/execution/stripe/faults";
import { post } from "@/lib/execution/webhook/provider";
import { readStripeSecrets, readWebhookEndpoint } from "@/lib/providers/data";
import { noteHealth } from "@/lib/providers/health";
import type { OutsideKind, TestFinding } from "@/lib/providers/types";
import { NoKey } from "@/lib/secrets/cipher";

/** Asks a provider whether it would do. It moves nothing. Null where it is not set up. */
export async function tryProvider(organizationId: string, kind: OutsideKind): Promise<TestFinding | null> {
  const finding = await (kind === "stripe" ? tryStripe(organizationId) : tryWebhook(organizationId)).catch(
    (error: unknown): TestFinding => {
      if (error instanceof NoKey) return { found: "failing", why: "no_encryption_key" };
      throw error;
    },
  );
  if (finding) await noteHealth(organizationId, kind, finding.found === "well" ? null : finding.why);
  return finding;
}

/** Reads the newest refund, whatever it is: that takes the key, and the right that refunds take. */
async function tryStripe(organizationId: string): Promise<TestFinding | null> {
  const secrets = await readStripeSecrets(organizationId);
  if (!secrets) return null;
  const mode = /^.._live_/.test(secrets.secretKey) ? "live" : "test";
  const client = stripeClient(secrets.secretKey);
  try {
    await client.refunds.list({ limit: 1 });
    return { found: "well", mode, hearsNothing: secrets.webhookSecret === null };
  } catch (error) {
    const fault = faultOf(error);
    if (!fault.sure) return { found: "failing", why: "unreachable" };
    const status = (error as { statusCode?: number }).statusCode;
    return { found: "failing", why: status === 403 ? "key_may_not" : "key_refused" };
  }
}

/** Sends a signed message that asks for nothing. */
async function tryWebhook(organizationId: string): Promise<TestFinding | null> {
  const endpoint = await readWebhookEndpoint(organizationId);
  if (!endpoint) return null;
  const sent = await post(endpoint, { type: "endpoint.test", id: `test_${randomUUID()}`, data: {} });
  if (!sent.ok) return { found: "failing", why: sent.fault };
  if (!sent.isWhole) return { found: "failing", why: "too_long" };
  const isTaken = sent.status >= 200 && sent.status <= 299;
  return isTaken ? { found: "well" } : { found: "failing", why: "status", status: sent.status };
}
