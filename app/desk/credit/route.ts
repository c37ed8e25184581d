import { mayEnter } from "@/lib/auth/ability";
import { answerRedemption } from "@/lib/credit/rest";
import { deskRedemptionSchema } from "@/lib/credit/schema";
import { idempotencyKey } from "@/lib/http/idempotency";
import { problem } from "@/lib/http/problem";
import { readBody, route } from "@/lib/http/route";

/** Redeems a customer's credit on the desk. Sent again under its key, it is the same redemption. */
export const POST = route("decisions:write", async ({ request, actor }) => {
  if (actor.kind !== "employee" || !mayEnter(actor.role, "desk")) return problem("not_allowed");
  const key = idempotencyKey(request);
  const { customer, ...input } = await readBody(request, deskRedemptionSchema);
  return answerRedemption({ actor, customerId: customer, input, idempotencyKey: key });
});
