import { mayEnter } from "@/lib/auth/ability";
import { tickPromise } from "@/lib/follow-ups/mutations";
import { tickSchema } from "@/lib/follow-ups/schema";
import { problem } from "@/lib/http/problem";
import { readBody, route } from "@/lib/http/route";

/** Ticks a promise, or takes the tick away. */
export const POST = route("decisions:write", async ({ request, actor }) => {
  if (actor.kind !== "employee" || !mayEnter(actor.role, "desk")) return problem("not_allowed");
  const { case: caseId, done } = await readBody(request, tickSchema);
  const followUp = await tickPromise({ actor, caseId, done, now: new Date() });
  return followUp ? Response.json(followUp) : problem("not_found");
});
