import { check, readJson, readQuery, route } from "@/lib/http/route";
import { maySeeVersion } from "@/lib/policies/ability";
import { findPolicy, listPolicies, publishedVersion } from "@/lib/policies/data";
import { saveDraft } from "@/lib/policies/mutations";
import { authorOf, policyProblem, requireBase } from "@/lib/policies/rest";
import {
  draftSchemaFor,
  POLICY_MAX_BYTES,
  POLICY_STATUSES,
  policyListSchema,
  wrappedDraftSchema,
} from "@/lib/policies/schema";
import { toRest, toSaved } from "@/lib/policies/views";

export const GET = route("policies:read", async ({ actor, url }) => {
  const { limit, cursor, status } = readQuery(url, policyListSchema);
  // What was thrown away is listed for who asks for it alone.
  const wanted = status ? [status] : POLICY_STATUSES.filter((each) => each !== "discarded");
  const page = await listPolicies(actor.organizationId, {
    limit,
    before: cursor,
    status: wanted.filter((each) => maySeeVersion(actor, each)),
  });
  return Response.json({ data: page.data.map(toRest), nextCursor: page.nextCursor });
});

export const POST = route("policies:write", async ({ request, actor }) => {
  const { organizationId } = actor;
  const author = authorOf(actor);
  const body = await readJson(request, { maxBytes: POLICY_MAX_BYTES });
  const schema = draftSchemaFor(body);
  const { document, note, base: given } = check(schema, body);
  const base = given === undefined ? await publishedVersion(organizationId) : given;
  await requireBase(organizationId, base);
  const answer = await saveDraft({
    organizationId,
    version: null,
    revision: null,
    base,
    document,
    note: note || null,
    author,
    now: new Date(),
  });
  if (!answer.ok) return policyProblem(answer, schema === wrappedDraftSchema ? { path: "document" } : {});
  const saved = await findPolicy(organizationId, answer.version);
  if (!saved) throw new Error(`Version ${answer.version} is gone.`);
  return Response.json(toSaved(saved, answer.examples), {
    status: 201,
    headers: { Location: `/api/v1/policies/${answer.version}` },
  });
});
