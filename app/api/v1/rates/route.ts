import { auditActor } from "@/lib/audit/mutations";
import { currencySchema } from "@/lib/decisions/schema";
import { pagingSchema } from "@/lib/http/paging";
import { problem } from "@/lib/http/problem";
import { readBody, readQuery, route } from "@/lib/http/route";
import { listRates } from "@/lib/rates/data";
import { setRates } from "@/lib/rates/mutations";
import { RATES_BODY_MAX_BYTES, rateCursorSchema, ratesBodySchema } from "@/lib/rates/schema";
import { toRateView } from "@/lib/rates/views";

const querySchema = pagingSchema.extend({
  currency: currencySchema.optional(),
  cursor: rateCursorSchema.optional(),
});

export const GET = route("policies:read", async ({ actor, url }) => {
  const { limit, currency, cursor } = readQuery(url, querySchema);
  const page = await listRates(actor.organizationId, { limit, currency, after: cursor });
  return Response.json({ data: page.data.map(toRateView), nextCursor: page.nextCursor });
});

export const PUT = route("policies:write", async ({ request, actor }) => {
  const { rates } = await readBody(request, ratesBodySchema, { maxBytes: RATES_BODY_MAX_BYTES });
  const answer = await setRates({
    organizationId: actor.organizationId,
    rates,
    writer: auditActor(actor),
    at: new Date(),
  });
  if (answer.ok) {
    const { created, updated, unchanged } = answer;
    return Response.json({ created, updated, unchanged });
  }
  if (answer.code === "moved") throw new Error("A call names no rate that it saw.");
  const errors = answer.faults.map(({ index, field, message }) => ({
    path: `rates.${index}.${field}`,
    message,
  }));
  return problem("invalid", { errors });
});
