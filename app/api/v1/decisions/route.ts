import { listableFilter } from "@/lib/decisions/ability";
import { listDecisions } from "@/lib/decisions/data";
import { postDecision } from "@/lib/decisions/rest";
import { decisionFilterSchema } from "@/lib/decisions/schema";
import { toListed } from "@/lib/decisions/views";
import { toResponse } from "@/lib/http/answer";
import { incomingOf } from "@/lib/http/incoming";
import { pagingSchema } from "@/lib/http/paging";
import { caughtResponse, proveActor, readQuery, route } from "@/lib/http/route";
import { timeZoneOf } from "@/lib/organizations/data";

export async function POST(request: Request, _context?: unknown): Promise<Response> {
  const incoming = incomingOf(request);
  try {
    return toResponse(await postDecision(incoming, () => proveActor(incoming, request)));
  } catch (error) {
    return caughtResponse(error, request);
  }
}

export const GET = route("decisions:read", async ({ actor, url }) => {
  const { limit, cursor, ...filter } = readQuery(url, pagingSchema.extend(decisionFilterSchema.shape));
  const page = await listDecisions(actor.organizationId, listableFilter(actor, filter), {
    limit,
    cursor,
    timeZone: await timeZoneOf(actor),
  });
  return Response.json({ data: page.data.map(toListed), nextCursor: page.nextCursor });
});
