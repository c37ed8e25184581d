import { listableFilter } from "@/lib/decisions/ability";
import { listDecisions } from "@/lib/decisions/data";
import { decide } from "@/lib/decisions/decide";
import { decisionFilterSchema, decisionInputSchema } from "@/lib/decisions/schema";
import { toListed } from "@/lib/decisions/views";
import { idempotencyKey } from "@/lib/http/idempotency";
import { pagingSchema } from "@/lib/http/paging";
import { refusalProblem } from "@/lib/http/problem";
import { actingEmployee, readBody, readQuery, route } from "@/lib/http/route";
import { timeZoneOf } from "@/lib/organizations/data";

export const POST = route("decisions:write", async ({ request, actor }) => {
  const key = idempotencyKey(request);
  actingEmployee(actor);
  const input = await readBody(request, decisionInputSchema);
  const answer = await decide({ actor, input, idempotencyKey: key, now: new Date() });
  if (!answer.ok) return refusalProblem(answer);
  const headers = { Location: `/api/v1/decisions/${answer.decision.id}` };
  return Response.json(answer.decision, {
    status: 201,
    headers: answer.replayed ? { ...headers, "Idempotency-Replayed": "true" } : headers,
  });
});

export const GET = route("decisions:read", async ({ actor, url }) => {
  const { limit, cursor, ...filter } = readQuery(url, pagingSchema.extend(decisionFilterSchema.shape));
  const page = await listDecisions(actor.organizationId, listableFilter(actor, filter), {
    limit,
    cursor,
    timeZone: await timeZoneOf(actor),
  });
  return Response.json({ data: page.data.map(toListed), nextCursor: page.nextCursor });
});
