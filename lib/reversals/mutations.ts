import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { auditActor } from "@/lib/audit/mutations";
import type { ApiKeyActor, EmployeeActor } from "@/lib/auth/types";
import { isId, newId } from "@/lib/db/ids";
import { callRecording } from "@/lib/db/recording";
import type { DecisionStatus } from "@/lib/decisions/types";

/** Why a decision was not reversed. Each is expected, so it is returned, not thrown. */
export type ReversalRefusal =
  | {
      ok: false;
      code:
        | "not_found"
        | "not_allowed"
        | "idempotency_mismatch"
        /** Too late for an undo: somebody begins to carry it out. */
        | "execution_started"
        /** Nobody knows whether the money moved, so what it holds stays held until somebody does. */
        | "execution_unknown";
    }
  | { ok: false; code: "not_posted"; status: DecisionStatus };

export type ReverseAnswer = { ok: true; replayed: boolean } | ReversalRefusal;

/**
 * Gives what a posted decision counted back, in the windows that it came from, once.
 *
 * Without a `reason` it is an undo: possible until somebody begins to carry the decision out, which nobody then does.
 * With one it is a reversal, whenever it comes. Managers and admins may reverse anybody's; everybody else their own of
 * the same local day. The same key with the same wish does nothing more. Nobody reverses a reversal.
 */
export async function reverseDecision(options: {
  actor: EmployeeActor | ApiKeyActor;
  decisionId: string;
  /** Null: an undo. */
  reason: string | null;
  idempotencyKey: string;
  now: Date;
}): Promise<ReverseAnswer> {
  const { actor, decisionId, reason, now } = options;
  const by = actor.kind === "employee" ? actor.employeeId : actor.employee?.id;
  if (!by) return { ok: false, code: "not_allowed" };
  if (!isId(decisionId)) return { ok: false, code: "not_found" };
  const kind = reason === null ? "undo" : "reversal";
  const hash = createHash("sha256")
    .update(JSON.stringify([kind, decisionId.toLowerCase(), reason]))
    .digest("hex");
  const answer = await onceKnown({
    text: "select reverse_decision($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as answer",
    values: [
      actor.organizationId,
      decisionId,
      options.idempotencyKey,
      hash,
      kind,
      reason,
      by,
      JSON.stringify(auditActor(actor)),
      newId(now),
      now,
    ],
  });
  switch (answer.outcome) {
    case "reversed":
      return { ok: true, replayed: false };
    case "replayed":
      return { ok: true, replayed: true };
    case "mismatch":
      return { ok: false, code: "idempotency_mismatch" };
    case "missing":
      return { ok: false, code: "not_found" };
    case "not_allowed":
    case "execution_started":
    case "execution_unknown":
      return { ok: false, code: answer.outcome };
    case "not_posted":
      return { ok: false, code: "not_posted", status: answer.status };
    default:
      throw new Error(`reverse_decision answered ${JSON.stringify(answer satisfies never)}.`);
  }
}

type Recorded =
  | { outcome: "reversed" | "replayed" | "mismatch" | "missing" | "not_allowed" | "execution_started" }
  | { outcome: "execution_unknown"; execution: string | null }
  | { outcome: "not_posted"; status: DecisionStatus };

const LOOKS = 6;
const PAUSE_MS = 250;

/** What is being carried out at this very moment is known in the next: whoever reverses then need not ask again. */
async function onceKnown(query: pg.QueryConfig): Promise<Recorded> {
  for (let look = 1; ; look++) {
    const { answer } = await callRecording<{ answer: Recorded }>(query);
    const isUnderWay = answer.outcome === "execution_unknown" && answer.execution === "processing";
    if (!isUnderWay || look === LOOKS) return answer;
    await sleep(PAUSE_MS);
  }
}
