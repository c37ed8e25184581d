import { mayEnter } from "@/lib/auth/ability";
import { loadExecution } from "@/lib/execution/loaders";
import { problem } from "@/lib/http/problem";
import { deskRoute } from "@/lib/http/route";

/** How far it is with carrying a decision out, for the desk that has just decided it; null where nothing is to be. */
export const GET = deskRoute<{ decisionId: string }>("decisions:read", async ({ actor, params }) => {
  if (actor.kind !== "employee" || !mayEnter(actor.role, "desk")) return problem("not_found");
  const told = await loadExecution(actor, params.decisionId);
  return told === undefined ? problem("not_found") : Response.json(told);
});
