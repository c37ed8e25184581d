import { readCredit } from "@/lib/credit/data";
import { readCustomer } from "@/lib/customers/data";
import { problem } from "@/lib/http/problem";
import { route } from "@/lib/http/route";

/** What the customer of the path may spend, by id or external reference, of all records that are theirs. */
export const GET = route<{ id: string }>("customers:read", async ({ actor, params }) => {
  const customer = await readCustomer(actor.organizationId, params.id);
  if (!customer) return problem("not_found");
  return Response.json(await readCredit(actor.organizationId, customer.id, new Date()));
});
