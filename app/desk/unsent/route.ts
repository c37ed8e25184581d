import { problem } from "@/lib/http/problem";
import { readBody, route } from "@/lib/http/route";
import { keepUnsent } from "@/lib/unsent/mutations";
import { unsentSchema } from "@/lib/unsent/schema";

/** What somebody was about to ask for on the desk and did not send. Answers the same whether or not it was kept. */
export const POST = route("decisions:write", async ({ request, actor }) => {
  // Only the desk knows what it showed to a person.
  if (actor.kind !== "employee") return problem("not_allowed");
  const input = await readBody(request, unsentSchema);
  await keepUnsent({ actor, input, now: new Date() });
  return new Response(null, { status: 204 });
});
