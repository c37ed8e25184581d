import { findDecision } from "@/lib/decisions/data";
import { toWhole } from "@/lib/decisions/views";
import { problem } from "@/lib/http/problem";
import { route } from "@/lib/http/route";

export const GET = route<{ id: string }>("decisions:read", async ({ actor, params }) => {
  const decision = await findDecision(actor.organizationId, params.id);
  return decision ? Response.json(toWhole(decision)) : problem("not_found");
});
