import type { ApiKeyActor, EmployeeActor } from "@/lib/auth/types";
import { redeemCredit } from "@/lib/credit/mutations";
import type { RedemptionInput } from "@/lib/credit/schema";
import { formatAmount } from "@/lib/format/money";
import { problem } from "@/lib/http/problem";

/** Redeems a customer's credit by REST or for a desk, once for each key. */
export async function answerRedemption(wish: {
  actor: EmployeeActor | ApiKeyActor;
  customerId: string;
  input: RedemptionInput;
  idempotencyKey: string;
}): Promise<Response> {
  const answer = await redeemCredit({ ...wish, now: new Date() });
  if (answer.ok) {
    return Response.json(answer.redemption, {
      status: 201,
      headers: answer.replayed ? { "Idempotency-Replayed": "true" } : {},
    });
  }
  switch (answer.code) {
    case "customer_not_found":
      return problem("not_found");
    case "idempotency_mismatch":
      return problem("idempotency_mismatch");
    case "insufficient_credit": {
      const { currency } = wish.input;
      const left = `${formatAmount(answer.left, currency)} ${currency}`;
      return problem("insufficient_credit", {
        detail: `The customer has ${left} of store credit left. Nothing was redeemed.`,
        left: answer.left,
      });
    }
    default:
      throw new Error(`A redemption was answered with ${JSON.stringify(answer satisfies never)}.`);
  }
}
