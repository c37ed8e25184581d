import { auditActor } from "@/lib/audit/mutations";
import { isId } from "@/lib/db/ids";
import { withdrawHandover } from "@/lib/handovers/mutations";
import { handoverProblem } from "@/lib/handovers/rest";
import { withdrawalSchema } from "@/lib/handovers/schema";
import { problem } from "@/lib/http/problem";
import { activeEmployee, deskRoute, readBody } from "@/lib/http/route";

/** Takes a waiting handover back, by who asked; what it held is free again. */
export const POST = deskRoute<{ id: string }>("handovers:write", async ({ request, actor, params }) => {
  const employeeId = activeEmployee(actor);
  await readBody(request, withdrawalSchema, { optional: true });
  if (!isId(params.id)) return problem("not_found");
  const answer = await withdrawHandover({
    organizationId: actor.organizationId,
    handoverId: params.id,
    employeeId,
    actor: auditActor(actor),
    now: new Date(),
  });
  if (answer.ok) return Response.json(answer.handover);
  return answer.code === "not_allowed"
    ? problem("not_allowed", { detail: "Only whoever asked takes a handover back." })
    : handoverProblem(answer);
});
