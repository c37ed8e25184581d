import { mayEnter } from "@/lib/auth/ability";
import { loadEmbeddedDesk } from "@/lib/embed/loaders";
import { problem } from "@/lib/http/problem";
import { deskRoute } from "@/lib/http/route";

/** A customer with everything that the desk in a frame shows of them, and what the person may still give. */
export const GET = deskRoute<{ id: string }>("customers:read", async ({ actor, params, url }) => {
  // A key is no person, and has no desk.
  if (actor.kind !== "employee") return problem("not_allowed");
  if (!mayEnter(actor.role, "desk")) return problem("not_found");
  const desk = await loadEmbeddedDesk(actor, params.id, url.searchParams.get("order"));
  return desk ? Response.json(desk) : problem("not_found");
});
