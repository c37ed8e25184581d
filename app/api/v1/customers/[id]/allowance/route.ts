import { readAllowance } from "@/lib/decisions/data";
import { refusalProblem } from "@/lib/http/problem";
import { actingEmployee, deskRoute } from "@/lib/http/route";

export const GET = deskRoute<{ id: string }>("customers:read", async ({ actor, params }) => {
  const answer = await readAllowance({
    organizationId: actor.organizationId,
    employeeId: actingEmployee(actor),
    customer: params.id,
    now: new Date(),
  });
  return answer.ok ? Response.json(answer.allowance) : refusalProblem(answer);
});
