import type { AuditActor } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { callRecording } from "@/lib/db/recording";
import type { ReviewAnswer } from "@/lib/reviews/types";

interface Writer {
  organizationId: string;
  employeeId: string;
  writer: AuditActor;
  at: Date;
}

/**
 * Makes a precedent of a decision that was reviewed, in words that somebody wrote for others; nothing in it says whose it
 * was. The same id again is the same precedent.
 */
export async function makePrecedent(
  options: Writer & { id: string; decisionId: string; happened: string; done: string },
): Promise<ReviewAnswer> {
  const { organizationId, employeeId, writer, at } = options;
  const { answer } = await callRecording<{
    answer: { outcome: "recorded" | "missing" | "not_allowed" | "not_reviewed" };
  }>({
    text: "select make_precedent($1, $2, $3, $4, $5, $6, $7, $8, $9) as answer",
    values: [
      organizationId,
      options.id,
      options.decisionId,
      options.happened,
      options.done,
      employeeId,
      JSON.stringify(writer),
      newId(at),
      at,
    ],
  });
  return answer.outcome === "recorded" ? { ok: true } : { ok: false, code: answer.outcome };
}

/** Takes a precedent away for good. */
export async function removePrecedent(options: Writer & { id: string }): Promise<ReviewAnswer> {
  const { organizationId, employeeId, writer, at, id } = options;
  const { answer } = await callRecording<{ answer: { outcome: "removed" | "missing" | "not_allowed" } }>({
    text: "select remove_precedent($1, $2, $3, $4, $5, $6) as answer",
    values: [organizationId, id, employeeId, JSON.stringify(writer), newId(at), at],
  });
  return answer.outcome === "removed" ? { ok: true } : { ok: false, code: answer.outcome };
}
