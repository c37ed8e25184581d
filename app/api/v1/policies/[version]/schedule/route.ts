import { problem } from "@/lib/http/problem";
import { route } from "@/lib/http/route";
import { findPolicy } from "@/lib/policies/data";
import { schedulePolicy } from "@/lib/policies/mutations";
import { authorOf, policyProblem, versionOf } from "@/lib/policies/rest";

/** Takes the time of a publication back; a draft without one stays as it is. */
export const DELETE = route<{ version: string }>("policies:write", async ({ actor, params }) => {
  const { organizationId } = actor;
  const version = versionOf(params);
  const author = authorOf(actor);
  const found = await findPolicy(organizationId, version);
  if (!found) return problem("not_found");
  if (found.status === "draft" && found.publishAt === null) return new Response(null, { status: 204 });
  const answer = await schedulePolicy({
    organizationId,
    version,
    revision: null,
    at: null,
    author,
    now: new Date(),
  });
  return answer.ok ? new Response(null, { status: 204 }) : policyProblem(answer);
});
