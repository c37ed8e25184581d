import { problem } from "@/lib/http/problem";
import { route } from "@/lib/http/route";
import { maySeeVersion } from "@/lib/policies/ability";
import { findPolicy } from "@/lib/policies/data";
import { versionOf } from "@/lib/policies/rest";
import { listTrials } from "@/lib/trials/data";
import { toRestTrial } from "@/lib/trials/views";

/** A version is on trial once at most, so that one page holds them all. */
const ALL = 200;

export const GET = route<{ version: string }>("policies:read", async ({ actor, params }) => {
  const { organizationId } = actor;
  const version = versionOf(params);
  const found = await findPolicy(organizationId, version);
  if (!found || !maySeeVersion(actor, found.status)) return problem("not_found");
  const trials = await listTrials(organizationId, { version, limit: ALL, now: new Date() });
  return Response.json({ data: trials.map(toRestTrial), nextCursor: null });
});
