import { findHandover } from "@/lib/handovers/data";
import { problem } from "@/lib/http/problem";
import { deskRoute } from "@/lib/http/route";

export const GET = deskRoute<{ id: string }>("handovers:read", async ({ actor, params }) => {
  const handover = await findHandover(actor.organizationId, params.id);
  return handover ? Response.json(handover) : problem("not_found");
});
