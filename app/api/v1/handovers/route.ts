import { listableHandovers } from "@/lib/handovers/ability";
import { listHandovers } from "@/lib/handovers/data";
import { handoverFilterSchema } from "@/lib/handovers/schema";
import { pagingSchema } from "@/lib/http/paging";
import { deskRoute, readQuery } from "@/lib/http/route";

export const GET = deskRoute("handovers:read", async ({ actor, url }) => {
  const { limit, cursor, ...filter } = readQuery(url, pagingSchema.extend(handoverFilterSchema.shape));
  const concerning = listableHandovers(actor);
  return Response.json(
    await listHandovers(actor.organizationId, { ...filter, concerning }, { limit, cursor }),
  );
});
