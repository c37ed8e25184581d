import { auditActor } from "@/lib/audit/mutations";
import { isId } from "@/lib/db/ids";
import { giveFacts } from "@/lib/handovers/mutations";
import { handoverProblem } from "@/lib/handovers/rest";
import { factsSchema } from "@/lib/handovers/schema";
import { problem } from "@/lib/http/problem";
import { activeEmployee, deskRoute, readBody } from "@/lib/http/route";

/** Gives the facts that were asked for, by who handed over. */
export const POST = deskRoute<{ id: string }>("handovers:write", async ({ request, actor, params }) => {
  const employeeId = activeEmployee(actor);
  const { facts } = await readBody(request, factsSchema);
  if (!isId(params.id)) return problem("not_found");
  const answer = await giveFacts({
    organizationId: actor.organizationId,
    handoverId: params.id,
    employeeId,
    facts,
    actor: auditActor(actor),
    now: new Date(),
  });
  if (answer.ok) return Response.json(answer.handover);
  return answer.code === "not_allowed"
    ? problem("not_allowed", { detail: "Only whoever handed over gives the facts." })
    : handoverProblem(answer);
});
