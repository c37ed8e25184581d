import { auditActor } from "@/lib/audit/mutations";
import { problem } from "@/lib/http/problem";
import { route } from "@/lib/http/route";
import { findRate } from "@/lib/rates/data";
import { removeRate } from "@/lib/rates/mutations";
import { ratePlaceSchema } from "@/lib/rates/schema";
import { toRateView } from "@/lib/rates/views";

/** What is listed under the day itself; an earlier rate that still holds then has an address of its own. */
export const GET = route<{ currency: string; day: string }>("policies:read", async ({ actor, params }) => {
  const place = ratePlaceSchema.safeParse(params).data;
  const rate = place && (await findRate(actor.organizationId, place.currency, place.day));
  return rate ? Response.json(toRateView(rate)) : problem("not_found");
});

export const DELETE = route<{ currency: string; day: string }>(
  "policies:write",
  async ({ actor, params }) => {
    const place = ratePlaceSchema.safeParse(params).data;
    const { organizationId } = actor;
    const answer =
      place && (await removeRate({ organizationId, ...place, writer: auditActor(actor), at: new Date() }));
    return answer?.ok ? new Response(null, { status: 204 }) : problem("not_found");
  },
);
