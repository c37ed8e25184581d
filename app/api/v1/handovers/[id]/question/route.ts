import { isId } from "@/lib/db/ids";
import { askBack } from "@/lib/handovers/mutations";
import { handoverProblem } from "@/lib/handovers/rest";
import { questionSchema } from "@/lib/handovers/schema";
import { problem } from "@/lib/http/problem";
import { activeEmployee, readBody, route } from "@/lib/http/route";

/** Asks whoever handed over for more facts; the clock stands meanwhile. */
export const POST = route<{ id: string }>("handovers:write", async ({ request, actor, params }) => {
  activeEmployee(actor);
  const { question } = await readBody(request, questionSchema);
  if (!isId(params.id)) return problem("not_found");
  const answer = await askBack({ actor, handoverId: params.id, question, now: new Date() });
  return answer.ok ? Response.json(answer.handover) : handoverProblem(answer);
});
