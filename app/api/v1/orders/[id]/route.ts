import { auditActor } from "@/lib/audit/mutations";
import { externalRefSchema } from "@/lib/customers/schema";
import { problem } from "@/lib/http/problem";
import { check, readBody, route } from "@/lib/http/route";
import { findOrder } from "@/lib/orders/data";
import { upsertOrder } from "@/lib/orders/mutations";
import { orderInputSchema } from "@/lib/orders/schema";

/** The path names the order by id or external reference. */
export const GET = route<{ id: string }>("customers:read", async ({ actor, params }) => {
  const order = await findOrder(actor.organizationId, params.id);
  return order ? Response.json(order) : problem("not_found");
});

/** The path names the order by its external reference. */
export const PUT = route<{ id: string }>("orders:write", async ({ request, actor, params }) => {
  const externalRef = check(externalRefSchema, params.id);
  const input = await readBody(request, orderInputSchema);
  const answer = await upsertOrder({
    organizationId: actor.organizationId,
    externalRef,
    input,
    writer: auditActor(actor),
    at: new Date(),
  });
  if (answer.ok) return Response.json(answer.order, { status: answer.outcome === "created" ? 201 : 200 });
  if (answer.code === "customer_not_found") {
    return problem("customer_not_found", {
      errors: [{ path: "customer", message: "There is no such customer here. Create the customer first." }],
    });
  }
  return problem("order_has_decisions");
});
