import { idempotencyKey } from "@/lib/http/idempotency";
import { problem } from "@/lib/http/problem";
import { activeEmployee, type Call } from "@/lib/http/route";
import { findReversed } from "@/lib/reversals/data";
import { type ReversalRefusal, reverseDecision } from "@/lib/reversals/mutations";

/** Takes a decision back by REST, once for each key. `readReason` reads the body; null means an undo. */
export async function answerReversal(
  { actor, request, params }: Call<{ id: string }>,
  readReason: () => Promise<string | null>,
): Promise<Response> {
  const key = idempotencyKey(request);
  activeEmployee(actor);
  const reason = await readReason();
  const answer = await reverseDecision({
    actor,
    decisionId: params.id,
    reason,
    idempotencyKey: key,
    now: new Date(),
  });
  if (!answer.ok) return reversalProblem(answer);
  const reversed = await findReversed(actor.organizationId, params.id);
  if (!reversed) throw new Error(`The reversal of ${params.id} is gone.`);
  const headers = { Location: `/api/v1/decisions/${reversed.id}` };
  return Response.json(reversed, {
    status: 201,
    headers: answer.replayed ? { ...headers, "Idempotency-Replayed": "true" } : headers,
  });
}

function reversalProblem(refusal: ReversalRefusal): Response {
  switch (refusal.code) {
    case "not_allowed":
      return problem("not_allowed", { detail: NOT_ALLOWED });
    case "not_posted":
      return refusal.status === "reversed"
        ? problem("already_reversed")
        : problem("not_posted", { detail: NOT_POSTED[refusal.status] });
    default:
      return problem(refusal.code);
  }
}

const NOT_ALLOWED =
  "An agent takes back their own decisions, on the day that they were taken. A manager or an admin may reverse anybody's.";

const NOT_POSTED = {
  posted: undefined,
  reserved: "It waits for an answer, and nothing is given yet. Answer the handover, or take it back.",
  refused: "It was denied, so nothing was given.",
  declined: "It was declined, so nothing was given.",
  expired: "Nobody answered in time, so nothing was given.",
  released: "It was taken back before it was answered, so nothing was given.",
} as const;
