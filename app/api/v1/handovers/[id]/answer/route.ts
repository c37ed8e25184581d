import { isId } from "@/lib/db/ids";
import { answerHandover } from "@/lib/handovers/mutations";
import { handoverProblem } from "@/lib/handovers/rest";
import { answerSchema } from "@/lib/handovers/schema";
import { problem } from "@/lib/http/problem";
import { activeEmployee, readBody, route } from "@/lib/http/route";

/** Answers a handover: the first answer stands. */
export const POST = route<{ id: string }>("handovers:write", async ({ request, actor, params }) => {
  activeEmployee(actor);
  const input = await readBody(request, answerSchema);
  if (!isId(params.id)) return problem("not_found");
  const answer = await answerHandover({ actor, handoverId: params.id, input, now: new Date() });
  return answer.ok ? Response.json(answer.handover) : handoverProblem(answer);
});
