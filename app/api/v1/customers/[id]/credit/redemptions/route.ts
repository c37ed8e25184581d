import { answerRedemption } from "@/lib/credit/rest";
import { redemptionSchema } from "@/lib/credit/schema";
import { readCustomer } from "@/lib/customers/data";
import { idempotencyKey } from "@/lib/http/idempotency";
import { problem } from "@/lib/http/problem";
import { readBody, route, writerOf } from "@/lib/http/route";

/** Spends credit of the customer of the path, once for each key. */
export const POST = route<{ id: string }>("customers:write", async ({ request, actor, params }) => {
  const key = idempotencyKey(request);
  writerOf(actor);
  const input = await readBody(request, redemptionSchema);
  const customer = await readCustomer(actor.organizationId, params.id);
  if (!customer) return problem("not_found");
  return answerRedemption({ actor, customerId: customer.id, input, idempotencyKey: key });
});
