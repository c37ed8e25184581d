import { createHash } from "node:crypto";
import { isId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { applyProviderEvents, noteDisputes } from "@/lib/execution/inbound";
import { readStripeMessage } from "@/lib/execution/stripe/messages";
import { type ExecutionResult, executionResultSchema, outcomeOf } from "@/lib/execution/webhook/result";
import { Answered } from "@/lib/http/answer";
import { brokenAnswer } from "@/lib/http/broken";
import { incomingOf } from "@/lib/http/incoming";
import { problem } from "@/lib/http/problem";
import { type Call, readBody, writerOf } from "@/lib/http/route";
import { log } from "@/lib/log";
import { readStripeSecrets } from "@/lib/providers/data";

/** An event of Stripe's is some kilobytes. */
const MESSAGE_MAX_BYTES = 512 * 1024;

/**
 * Takes in what Stripe sends to an organization's address: proven by its signature over the very bytes, kept before it is answered, and
 * only then acted upon. What is of no interest is answered as well, so that Stripe doesn't send it again.
 */
export async function answerStripe(request: Request, organizationId: string): Promise<Response> {
  try {
    return await takeIn(request, organizationId);
  } catch (error) {
    if (error instanceof Answered) return error.response;
    return brokenAnswer(error, "POST", "/api/webhooks/stripe/[organizationId]");
  }
}

async function takeIn(request: Request, organizationId: string): Promise<Response> {
  const secrets = isId(organizationId) ? await readStripeSecrets(organizationId) : null;
  if (!secrets?.webhookSecret) return problem("not_found");
  const bytes = await incomingOf(request).read(MESSAGE_MAX_BYTES);
  if (bytes === null) return problem("too_large");
  const body = Buffer.from(bytes).toString("utf8");
  const now = new Date();
  const message = await readStripeMessage(secrets.webhookSecret, { headers: request.headers, body }, now);
  if (!message.ok) {
    log.warn({ organizationId }, "a message that is not Stripe's came to Stripe's address");
    return problem("malformed", { detail: "The signature is missing, wrong or too old." });
  }
  await noteDisputes(organizationId, message.disputes, now);
  const { kept } = await applyProviderEvents(organizationId, "stripe", message.events, now);
  return Response.json({ received: true, kept }, { headers: { "Cache-Control": "no-store" } });
}

/**
 * Takes in what an organization's own system tells of an execution that it was asked for. Only a system tells it, with a key: to somebody
 * who decides, a failure would give an allowance back.
 */
export async function answerResult({ actor, request, params }: Call<{ id: string }>): Promise<Response> {
  if (actor.kind !== "api_key") {
    return problem("not_allowed", {
      detail: "This is told by the system that carries it out, with an API key.",
    });
  }
  writerOf(actor);
  const input = await readBody(request, executionResultSchema);
  const { organizationId } = actor;
  const decision = isId(params.id)
    ? await tenantDb(organizationId).decision.findFirst({
        where: { organizationId, id: params.id },
        select: { id: true },
      })
    : null;
  if (!decision) return problem("not_found");
  const at = new Date();
  const event = {
    id: eventId(decision.id, input, request.header("idempotency-key")),
    decisionId: decision.id,
    of: input.of ?? ("execution" as const),
    outcome: outcomeOf(input),
    at,
  };
  await applyProviderEvents(organizationId, "webhook", [event], at);
  return Response.json({ decision: decision.id, status: input.status }, { status: 202 });
}

/** The same said again is one message, whether or not its sender names it. */
function eventId(decisionId: string, result: ExecutionResult, key: string | null): string {
  const said = [
    decisionId,
    key ?? [result.of ?? "execution", result.status, result.reference, result.code, result.detail],
  ];
  return createHash("sha256").update(JSON.stringify(said)).digest("hex");
}
