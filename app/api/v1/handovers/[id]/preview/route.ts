import { isId } from "@/lib/db/ids";
import { previewAnswer } from "@/lib/handovers/mutations";
import { handoverProblem } from "@/lib/handovers/rest";
import { answerPreviewSchema } from "@/lib/handovers/schema";
import { problem } from "@/lib/http/problem";
import { activeEmployee, readBody, route } from "@/lib/http/route";

/** What an answer would be based on: the answerer's own verdict. Writes nothing. */
export const POST = route<{ id: string }>("handovers:write", async ({ request, actor, params }) => {
  activeEmployee(actor);
  const { amount = null } = await readBody(request, answerPreviewSchema, { optional: true });
  if (!isId(params.id)) return problem("not_found");
  const answer = await previewAnswer({ actor, handoverId: params.id, amount, now: new Date() });
  return answer.ok ? Response.json(answer.preview) : handoverProblem(answer);
});
