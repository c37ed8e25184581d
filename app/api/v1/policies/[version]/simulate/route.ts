import { problem } from "@/lib/http/problem";
import { check, readBody, route } from "@/lib/http/route";
import { timeZoneOf } from "@/lib/organizations/data";
import { authorOf, versionOf } from "@/lib/policies/rest";
import { requestSimulation, spanDays } from "@/lib/simulations/mutations";
import { spanSchema } from "@/lib/simulations/schema";
import { toRestSimulation } from "@/lib/simulations/views";
import { isOver, waitForSimulation } from "@/lib/simulations/waiting";

/** How long a caller is kept waiting for the replay, before they are told where to look for it. */
const PATIENCE_MS = 20_000;

/** Has the worker replay recorded history under a version. */
export const POST = route<{ version: string }>("policies:write", async ({ request, actor, params }) => {
  const { organizationId } = actor;
  const version = versionOf(params);
  const { employeeId: askedBy } = authorOf(actor);
  const now = new Date();
  const timeZone = await timeZoneOf(actor);
  // A day that is left out is filled in first, so that the whole span is looked at.
  const span = check(
    spanSchema,
    spanDays(await readBody(request, spanSchema, { optional: true }), now, timeZone),
  );
  const answer = await requestSimulation({ organizationId, version, span, timeZone, askedBy, now });
  if (!answer.ok) return problem(answer.code);

  const { id } = answer;
  const { signal } = request;
  const found = await waitForSimulation({ organizationId, id, patienceMs: PATIENCE_MS, signal });
  if (!found) throw new Error(`Simulation ${id} is gone.`);
  if (found.status === "failed") {
    return problem(found.fault === "nothing" ? "nothing_to_simulate" : "unexpected");
  }
  const Location = `/api/v1/policies/${version}/simulations/${id}`;
  if (isOver(found)) return Response.json(toRestSimulation(found), { headers: { Location } });
  return Response.json(toRestSimulation(found), { status: 202, headers: { Location, "Retry-After": "5" } });
});
