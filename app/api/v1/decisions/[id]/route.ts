import { findDecision } from "@/lib/decisions/data";
import { toWhole } from "@/lib/decisions/views";
import { problem } from "@/lib/http/problem";
import { route } from "@/lib/http/route";
import { mayReadReviews } from "@/lib/reviews/ability";

export const GET = route<{ id: string }>("decisions:read", async ({ actor, params }) => {
  const decision = await findDecision(actor.organizationId, params.id);
  if (!decision) return problem("not_found");
  return Response.json(toWhole(decision, { withReviews: mayReadReviews(actor, decision.employee) }));
});
