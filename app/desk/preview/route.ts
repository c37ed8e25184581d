import { previewTogether } from "@/lib/decisions/decide";
import { togetherSchema } from "@/lib/decisions/schema";
import { problem, refusalProblem } from "@/lib/http/problem";
import { deskRoute, readBody } from "@/lib/http/route";

/** What several remedies of one case would come to, each after the ones before it. Writes nothing. */
export const POST = deskRoute("decisions:write", async ({ request, actor }) => {
  if (actor.kind !== "employee") return problem("not_allowed");
  const { requests } = await readBody(request, togetherSchema);
  const answer = await previewTogether({ actor, inputs: requests, now: new Date() });
  return answer.ok ? Response.json({ decisions: answer.decisions }) : refusalProblem(answer);
});
