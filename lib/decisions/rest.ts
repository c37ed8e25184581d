import { likelyOrganization } from "@/lib/auth/api-keys";
import type { ApiKeyActor } from "@/lib/auth/types";
import { decide } from "@/lib/decisions/decide";
import { type DecisionInputs, readAsBearer } from "@/lib/decisions/inputs";
import { type DecisionInput, decisionInputSchema, idempotencyKeySchema } from "@/lib/decisions/schema";
import { routeSoon } from "@/lib/handovers/routing";
import { type Answer, answer } from "@/lib/http/answer";
import { actingEmployee, admit, presentedBy, type RequestActor, requireBearer } from "@/lib/http/bearer";
import { readBody } from "@/lib/http/body";
import { idempotencyKey } from "@/lib/http/idempotency";
import type { Incoming } from "@/lib/http/incoming";
import { refusalProblem } from "@/lib/http/problem";

/**
 * `POST /api/v1/decisions`: proves who calls, decides, records. `prove` is how the caller is proven where that takes a
 * round trip of its own. Throws the problem where there is one.
 */
export async function postDecision(request: Incoming, prove: () => Promise<RequestActor>): Promise<Answer> {
  const now = new Date();
  const early = await readWhileProving(request, now);
  const actor = early ? early.actor : await prove();
  await admit(actor, "decisions:write", { inFrames: true });
  const key = idempotencyKey(request);
  actingEmployee(actor);
  const input = early?.input ?? (await readBody(request, decisionInputSchema));
  const answered = await decide({ actor, input, idempotencyKey: key, now, inputs: early?.inputs ?? null });
  if (!answered.ok) return answer(refusalProblem(answered));
  if (answered.decision.status === "reserved" && !answered.replayed) {
    routeSoon(actor.organizationId, answered.decision.id ?? "");
  }
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    Location: `/api/v1/decisions/${answered.decision.id}`,
  };
  if (answered.replayed) headers["Idempotency-Replayed"] = "true";
  return { status: 201, headers, body: JSON.stringify(answered.decision) };
}

/**
 * Proves a key and reads what is decided on, in one round trip. Null where the request has faults, or this process has
 * not seen the key yet: then one thing is asked after the other, and the first fault is told.
 */
async function readWhileProving(
  request: Incoming,
  now: Date,
): Promise<{ actor: ApiKeyActor; input: DecisionInput; inputs: DecisionInputs | null } | null> {
  const authorization = request.header("authorization");
  if (!authorization) return null;
  const { key, named } = presentedBy(request, authorization);
  const likely = key === null ? null : likelyOrganization(key);
  if (likely === null || named === null) return null;
  const idempotency = idempotencyKeySchema.safeParse(request.header("idempotency-key"));
  const input = idempotency.success ? await readBody(request, decisionInputSchema).catch(() => null) : null;
  if (!idempotency.success || input === null) return null;
  const read = await readAsBearer(likely, named, {
    customer: input.customer,
    order: input.order,
    currency: input.currency,
    idempotencyKey: idempotency.data,
    at: now,
  });
  return read && { actor: requireBearer(read.actor, named), input, inputs: read.inputs };
}
