import { mayEnter } from "@/lib/auth/ability";
import { problem } from "@/lib/http/problem";
import { deskRoute, readQuery } from "@/lib/http/route";
import { readSimilar } from "@/lib/precedents/data";
import { similarSchema } from "@/lib/precedents/schema";

/** What others did when the same went wrong, without anybody in it. */
export const GET = deskRoute("decisions:read", async ({ actor, url }) => {
  if (actor.kind !== "employee" || !mayEnter(actor.role, "desk")) return problem("not_allowed");
  const { organizationId, timeZone } = actor;
  return Response.json(
    await readSimilar(organizationId, readQuery(url, similarSchema), { now: new Date(), timeZone }),
  );
});
