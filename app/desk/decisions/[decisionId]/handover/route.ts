import { mayEnter } from "@/lib/auth/ability";
import { loadStory } from "@/lib/handovers/loaders";
import { problem } from "@/lib/http/problem";
import { deskRoute } from "@/lib/http/route";

/** How a decision's handover stands, for the desk that waits for its answer. */
export const GET = deskRoute<{ decisionId: string }>("handovers:read", async ({ actor, params }) => {
  if (actor.kind !== "employee" || !mayEnter(actor.role, "desk")) return problem("not_found");
  const told = await loadStory(actor, params.decisionId);
  return told ? Response.json(told) : problem("not_found");
});
