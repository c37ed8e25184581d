import { auditActor } from "@/lib/audit/mutations";
import { readCustomer } from "@/lib/customers/data";
import { upsertCustomer } from "@/lib/customers/mutations";
import { customerInputSchema, externalRefSchema } from "@/lib/customers/schema";
import { problem } from "@/lib/http/problem";
import { check, deskRoute, readBody, route } from "@/lib/http/route";

/** The path names the customer by id or external reference. */
export const GET = deskRoute<{ id: string }>("customers:read", async ({ actor, params }) => {
  const customer = await readCustomer(actor.organizationId, params.id);
  return customer ? Response.json(customer) : problem("not_found");
});

/** The path names the customer by their external reference. */
export const PUT = route<{ id: string }>("customers:write", async ({ request, actor, params }) => {
  const externalRef = check(externalRefSchema, params.id);
  const input = await readBody(request, customerInputSchema);
  const { outcome, customer } = await upsertCustomer({
    organizationId: actor.organizationId,
    externalRef,
    input,
    writer: auditActor(actor),
    at: new Date(),
  });
  return Response.json(customer, { status: outcome === "created" ? 201 : 200 });
});
