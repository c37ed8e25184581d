import { createHash } from "node:crypto";
import { type AuditActor, auditActor } from "@/lib/audit/mutations";
import type { ApiKeyActor, EmployeeActor } from "@/lib/auth/types";
import { findRedemption } from "@/lib/credit/data";
import type { RedemptionInput } from "@/lib/credit/schema";
import type { RedeemAnswer, UndoRedemptionAnswer } from "@/lib/credit/types";
import { isId, newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { callRecording } from "@/lib/db/recording";

/**
 * Spends a customer's credit, what expires first first, never more than there is. The same key with the same wish is
 * answered as it was; with another one it is refused. What was refused for lack of credit is asked anew each time.
 */
export async function redeemCredit(options: {
  actor: EmployeeActor | ApiKeyActor;
  customerId: string;
  input: RedemptionInput;
  idempotencyKey: string;
  now: Date;
}): Promise<RedeemAnswer> {
  const { actor, customerId, input, now } = options;
  const { organizationId } = actor;
  const employee = actor.kind === "employee" ? actor.employeeId : (actor.employee?.id ?? null);
  const apiKey = actor.kind === "api_key" ? actor.apiKeyId : null;
  const id = newId(now);
  const { answer } = await callRecording<{
    answer:
      | { outcome: "redeemed" | "replayed"; id: string }
      | { outcome: "mismatch" | "missing" }
      | { outcome: "insufficient"; left: number };
  }>({
    text: "select redeem_credit($1, $2) as answer",
    values: [
      organizationId,
      JSON.stringify({
        id,
        customer: customerId,
        ...input,
        employee,
        apiKey,
        askedBy: employee ?? apiKey,
        key: options.idempotencyKey,
        hash: createHash("sha256")
          .update(JSON.stringify([customerId, input.amount, input.currency, input.reference, input.note]))
          .digest("hex"),
        event: newId(now),
        at: now,
        actor: auditActor(actor),
      }),
    ],
  });
  switch (answer.outcome) {
    case "redeemed":
    case "replayed": {
      const redemption = await findRedemption(organizationId, answer.id);
      if (!redemption) throw new Error(`Redemption ${answer.id} is gone.`);
      return { ok: true, replayed: answer.outcome === "replayed", redemption };
    }
    case "mismatch":
      return { ok: false, code: "idempotency_mismatch" };
    case "missing":
      return { ok: false, code: "customer_not_found" };
    case "insufficient":
      return { ok: false, code: "insufficient_credit", left: answer.left };
    default:
      throw new Error(`redeem_credit answered ${JSON.stringify(answer satisfies never)}.`);
  }
}

/** Puts back what somebody redeemed by mistake, soon after and once. */
export async function undoRedemption(options: {
  organizationId: string;
  redemptionId: string;
  employeeId: string;
  actor: AuditActor;
  now: Date;
}): Promise<UndoRedemptionAnswer> {
  const { organizationId, redemptionId, employeeId, actor, now } = options;
  if (!isId(redemptionId)) return { ok: false, code: "not_found" };
  const {
    answer: { outcome },
  } = await callRecording<{ answer: { outcome: "undone" | "missing" | "not_allowed" | "late" } }>({
    text: "select undo_redemption($1, $2, $3, $4, $5, $6, $7) as answer",
    values: [organizationId, redemptionId, newId(now), employeeId, JSON.stringify(actor), newId(now), now],
  });
  switch (outcome) {
    case "undone":
      return { ok: true };
    case "missing":
      return { ok: false, code: "not_found" };
    case "not_allowed":
      return { ok: false, code: "not_allowed" };
    case "late":
      return { ok: false, code: "too_late" };
    default:
      throw new Error(`undo_redemption answered ${outcome satisfies never}.`);
  }
}

/** How many lots expire in one transaction. */
const BATCH = 200;

/** Lets credit expire that is past its day, in every organization. Answers how much of it there was, in lots. */
export async function expireEverywhere({ at, signal }: { at: Date; signal?: AbortSignal | undefined }) {
  const { rows } = await pool().query<{ id: string }>("select list_organizations() as id");
  let expired = 0;
  for (const { id } of rows) {
    for (let now = BATCH; now === BATCH; expired += now) {
      signal?.throwIfAborted();
      ({ expired: now } = await callRecording<{ expired: number }>({
        text: "select expire_credit($1, $2, $3) as expired",
        values: [id, at, BATCH],
      }));
    }
  }
  return expired;
}
