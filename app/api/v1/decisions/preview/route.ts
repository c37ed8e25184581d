import { preview } from "@/lib/decisions/decide";
import { decisionInputSchema } from "@/lib/decisions/schema";
import { refusalProblem } from "@/lib/http/problem";
import { actingEmployee, deskRoute, readBody } from "@/lib/http/route";

export const POST = deskRoute("decisions:write", async ({ request, actor }) => {
  actingEmployee(actor);
  const input = await readBody(request, decisionInputSchema);
  const answer = await preview({ actor, input, now: new Date() });
  return answer.ok ? Response.json(answer.decision) : refusalProblem(answer);
});
