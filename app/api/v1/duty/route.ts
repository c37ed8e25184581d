import { auditActor } from "@/lib/audit/mutations";
import { readDuty } from "@/lib/duty/data";
import { setDuty } from "@/lib/duty/mutations";
import { dutySchema } from "@/lib/duty/schema";
import { problem } from "@/lib/http/problem";
import { actingEmployee, activeEmployee, readBody, route } from "@/lib/http/route";

/** Whether somebody is on duty, and who stands in for them. */
export const GET = route("handovers:read", async ({ actor }) =>
  Response.json(await readDuty(actor.organizationId, actingEmployee(actor))),
);

/** Says that somebody is on duty or away. */
export const PUT = route("handovers:write", async ({ request, actor }) => {
  const employeeId = activeEmployee(actor);
  const input = await readBody(request, dutySchema);
  const { organizationId } = actor;
  const answer = await setDuty({
    organizationId,
    employeeId,
    input,
    actor: auditActor(actor),
    now: new Date(),
  });
  return answer.ok ? Response.json(answer.duty) : problem(answer.code);
});
