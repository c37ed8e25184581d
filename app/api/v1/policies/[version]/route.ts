import { problem } from "@/lib/http/problem";
import { readBody, route } from "@/lib/http/route";
import { maySeeVersion } from "@/lib/policies/ability";
import { findPolicy } from "@/lib/policies/data";
import { discardDraft, saveDraft } from "@/lib/policies/mutations";
import { authorOf, policyProblem, requireBase, versionOf } from "@/lib/policies/rest";
import { POLICY_MAX_BYTES, replaceDraftSchema } from "@/lib/policies/schema";
import { toRest, toSaved } from "@/lib/policies/views";

type Params = { version: string };

export const GET = route<Params>("policies:read", async ({ actor, params }) => {
  const found = await findPolicy(actor.organizationId, versionOf(params));
  return found && maySeeVersion(actor, found.status) ? Response.json(toRest(found)) : problem("not_found");
});

/** Replaces a draft. What was typed by two at a time is never lost: the revision says which one was read. */
export const PUT = route<Params>("policies:write", async ({ request, actor, params }) => {
  const { organizationId } = actor;
  const version = versionOf(params);
  const author = authorOf(actor);
  const input = await readBody(request, replaceDraftSchema, { maxBytes: POLICY_MAX_BYTES });
  const found = await findPolicy(organizationId, version);
  if (!found) return problem("not_found");
  const base = input.base === undefined ? found.baseVersion : input.base;
  await requireBase(organizationId, base);
  const answer = await saveDraft({
    organizationId,
    version,
    revision: input.revision,
    base,
    document: input.document,
    note: input.note === undefined ? found.note : input.note || null,
    author,
    now: new Date(),
  });
  if (!answer.ok) return policyProblem(answer, { path: "document" });
  const saved = await findPolicy(organizationId, version);
  if (!saved) throw new Error(`Version ${version} is gone.`);
  return Response.json(toSaved(saved, answer.examples));
});

/** Throws a draft away; one that is gone already stays so. */
export const DELETE = route<Params>("policies:write", async ({ actor, params }) => {
  const answer = await discardDraft({
    organizationId: actor.organizationId,
    version: versionOf(params),
    discard: true,
    author: authorOf(actor),
    now: new Date(),
  });
  const isGone = answer.ok || (answer.code === "not_draft" && answer.status === "discarded");
  return isGone ? new Response(null, { status: 204 }) : policyProblem(answer);
});
