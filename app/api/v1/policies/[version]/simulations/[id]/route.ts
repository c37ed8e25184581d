import { isId } from "@/lib/db/ids";
import { problem } from "@/lib/http/problem";
import { route } from "@/lib/http/route";
import { maySeeDrafts } from "@/lib/policies/ability";
import { versionOf } from "@/lib/policies/rest";
import { findSimulation } from "@/lib/simulations/data";
import { cancelSimulation } from "@/lib/simulations/mutations";
import { toRestSimulation } from "@/lib/simulations/views";

type Params = { version: string; id: string };

export const GET = route<Params>("policies:read", async ({ actor, params }) => {
  const found = maySeeDrafts(actor) ? await find(actor.organizationId, params) : null;
  return found ? Response.json(toRestSimulation(found)) : problem("not_found");
});

/** Stops a replay that waits or runs; one that was stopped already stays so. */
export const DELETE = route<Params>("policies:write", async ({ actor, params }) => {
  const { organizationId } = actor;
  if (!(await find(organizationId, params))) return problem("not_found");
  await cancelSimulation(organizationId, params.id, new Date());
  const left = await find(organizationId, params);
  return left?.status === "cancelled" ? new Response(null, { status: 204 }) : problem("simulation_over");
});

async function find(organizationId: string, params: Params) {
  const version = versionOf(params);
  const found = isId(params.id) ? await findSimulation(organizationId, params.id) : null;
  return found?.version === version ? found : null;
}
