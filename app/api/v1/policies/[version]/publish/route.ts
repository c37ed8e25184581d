import { problem } from "@/lib/http/problem";
import { readBody, route } from "@/lib/http/route";
import { findPolicy } from "@/lib/policies/data";
import { publishVersion, schedulePolicy } from "@/lib/policies/mutations";
import { authorOf, policyProblem, versionOf } from "@/lib/policies/rest";
import { publishSchema } from "@/lib/policies/schema";
import { toRest } from "@/lib/policies/views";

/** Puts a version in force: now, or (`at`) has a draft published at a moment to come. */
export const POST = route<{ version: string }>("policies:write", async ({ request, actor, params }) => {
  const { organizationId } = actor;
  const version = versionOf(params);
  const author = authorOf(actor);
  const { at, base, revision = null, ...input } = await readBody(request, publishSchema, { optional: true });
  const note = input.note || null;
  const now = new Date();
  const asked = { organizationId, version, revision, note, author, now };

  const found = await findPolicy(organizationId, version);
  if (at === undefined) {
    const answer = await publishVersion({ ...asked, base: base ?? null });
    if (!answer.ok) return policyProblem(answer, { document: found?.document });
    return Response.json(await shown(organizationId, answer.version));
  }
  const moment = new Date(at);
  const fault = scheduleFault(moment, base ?? null, now);
  if (fault) return problem("invalid", { errors: [fault] });
  const answer = await schedulePolicy({ ...asked, at: moment });
  if (!answer.ok) return policyProblem(answer, { document: found?.document });
  return Response.json(await shown(organizationId, version), {
    status: 202,
    headers: { Location: `/api/v1/policies/${version}` },
  });
});

function scheduleFault(at: Date, base: number | null, now: Date) {
  if (at <= now) return { path: "at", message: "This moment has passed. Give one to come, or leave it out." };
  if (base === null) return null;
  const message =
    "A draft that is published later is held against the version that it was saved with. Leave the base out.";
  return { path: "base", message };
}

async function shown(organizationId: string, version: number) {
  const found = await findPolicy(organizationId, version);
  if (!found) throw new Error(`Version ${version} is gone.`);
  return toRest(found);
}
