import { problem } from "@/lib/http/problem";
import { actingEmployee, readBody, route } from "@/lib/http/route";
import { listTeamsWithIds } from "@/lib/insights/data";
import { timeZoneOf } from "@/lib/organizations/data";
import { findPolicy } from "@/lib/policies/data";
import { authorOf, policyProblem, versionOf } from "@/lib/policies/rest";
import { trialEndFault, trialSchema } from "@/lib/policies/schema";
import { listTrials } from "@/lib/trials/data";
import { endTrial, startTrial, trialEnd } from "@/lib/trials/mutations";
import { toRestTrial } from "@/lib/trials/views";

type Params = { version: string };

/** Puts a draft in force for one team, beside the published version. */
export const POST = route<Params>("policies:write", async ({ request, actor, params }) => {
  const { organizationId } = actor;
  const version = versionOf(params);
  const author = { ...authorOf(actor), employeeId: actingEmployee(actor) };
  const input = await readBody(request, trialSchema);
  const found = await findPolicy(organizationId, version);
  if (!found) return problem("not_found");
  const now = new Date();
  const endsAt =
    input.endsAt === undefined
      ? trialEnd(input.days ?? 1, now, await timeZoneOf(actor))
      : new Date(input.endsAt);
  const fault = input.endsAt === undefined ? null : trialEndFault(endsAt, now);
  if (fault) return problem("invalid", { errors: [{ path: "endsAt", message: fault }] });
  const team = (await listTeamsWithIds(organizationId)).find(
    ({ id, key }) => id === input.team || key === input.team,
  );
  if (!team) return problem("team_not_found", { errors: [{ path: "team", message: NO_TEAM }] });

  const answer = await startTrial({
    organizationId,
    version,
    revision: input.revision ?? null,
    teamId: team.id,
    endsAt,
    author,
    now,
  });
  if (answer.ok) {
    const trials = await listTrials(organizationId, { version, limit: 1, now });
    return Response.json(trials.map(toRestTrial)[0], {
      status: 201,
      headers: { Location: `/api/v1/policies/${version}/trials` },
    });
  }
  switch (answer.code) {
    case "no_policy":
      return problem("no_policy");
    case "team_not_found":
      return problem("team_not_found", { errors: [{ path: "team", message: NO_TEAM }] });
    case "team_on_trial": {
      const message = `The team tries version ${answer.version}. End that trial first.`;
      return problem("team_on_trial", { errors: [{ path: "team", message }] });
    }
    default:
      return policyProblem(answer, { document: found.document });
  }
});

const NO_TEAM = "There is no such team here. Name it by id or key.";

/** Ends the trial of a version, if one runs: the team is back under the published version at once. */
export const DELETE = route<Params>("policies:write", async ({ actor, params }) => {
  const { organizationId } = actor;
  const version = versionOf(params);
  const author = authorOf(actor);
  const now = new Date();
  if (!(await findPolicy(organizationId, version))) return problem("not_found");
  const trials = await listTrials(organizationId, { version, limit: 1, now });
  const running = trials.find(({ endedAt }) => endedAt === null);
  if (running) await endTrial({ organizationId, trialId: running.id, author, now });
  return new Response(null, { status: 204 });
});
