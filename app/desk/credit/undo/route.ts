import { auditActor } from "@/lib/audit/mutations";
import { mayEnter } from "@/lib/auth/ability";
import { undoRedemption } from "@/lib/credit/mutations";
import { undoRedemptionSchema } from "@/lib/credit/schema";
import { problem } from "@/lib/http/problem";
import { readBody, route } from "@/lib/http/route";

/** Puts back what somebody redeemed by mistake. Sent again, it is done once. */
export const POST = route("decisions:write", async ({ request, actor }) => {
  if (actor.kind !== "employee" || !mayEnter(actor.role, "desk")) return problem("not_allowed");
  const { redemption } = await readBody(request, undoRedemptionSchema);
  const { organizationId, employeeId } = actor;
  const answer = await undoRedemption({
    organizationId,
    redemptionId: redemption,
    employeeId,
    actor: auditActor(actor),
    now: new Date(),
  });
  if (answer.ok) return new Response(null, { status: 204 });
  return problem(answer.code === "too_late" ? "redemption_final" : answer.code);
});
