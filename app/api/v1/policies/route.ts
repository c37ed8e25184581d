import { z } from "zod";
import { pagingSchema } from "@/lib/http/paging";
import { readQuery, route } from "@/lib/http/route";
import { listPolicies } from "@/lib/policies/data";

const querySchema = pagingSchema.extend({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, "This is no cursor. Take nextCursor of the page before.")
    .transform(Number)
    .optional(),
});

export const GET = route("policies:read", async ({ actor, url }) => {
  const { limit, cursor } = readQuery(url, querySchema);
  const page = await listPolicies(actor.organizationId, { limit, before: cursor });
  return Response.json({
    data: page.data.map(({ author, ...version }) => ({ ...version, author: author?.id ?? null })),
    nextCursor: page.nextCursor,
  });
});
