import { isId } from "@/lib/db/ids";
import { proposeLimits } from "@/lib/handovers/proposal";
import { withdrawalSchema } from "@/lib/handovers/schema";
import { problem } from "@/lib/http/problem";
import { activeEmployee, readBody, route } from "@/lib/http/route";

/** "Next time you need not ask": a policy draft with the limits that would have let it pass, and its simulation. */
export const POST = route<{ id: string }>("handovers:write", async ({ request, actor, params }) => {
  activeEmployee(actor);
  await readBody(request, withdrawalSchema, { optional: true });
  if (!isId(params.id)) return problem("not_found");
  const answer = await proposeLimits({ actor, handoverId: params.id, now: new Date() });
  if (answer.ok) return Response.json(answer.proposal, { status: 201 });
  switch (answer.code) {
    case "handover_not_found":
      return problem("not_found");
    case "invalid":
      return problem("invalid", { errors: answer.errors });
    default:
      return problem(answer.code);
  }
});
