import { type AuditActor, audit } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import { callRecording } from "@/lib/db/recording";
import type { ReviewRule, ReviewVerdict } from "@/lib/reviews/schema";
import type { ReviewAnswer } from "@/lib/reviews/types";

interface Writer {
  organizationId: string;
  /** Who writes. */
  employeeId: string;
  writer: AuditActor;
  at: Date;
}

type Outcome = { outcome: "recorded" | "missing" | "not_allowed" | "waiting" | "already" | "not_reviewed" };

function toAnswer({ outcome }: Outcome): ReviewAnswer {
  return outcome === "recorded" ? { ok: true } : { ok: false, code: outcome };
}

/**
 * Writes a look back at a decision, one from each who looks; it stays as it was written. Whoever leads may, at a decision
 * of their own too, which everybody then sees that it is. What still waits for an answer is not over yet.
 */
export async function recordReview(
  options: Writer & { decisionId: string; verdict: ReviewVerdict; note: string | null },
): Promise<ReviewAnswer> {
  const { organizationId, employeeId, writer, at, decisionId, verdict, note } = options;
  const { answer } = await callRecording<{ answer: Outcome }>({
    text: "select record_review($1, $2, $3, $4, $5, $6, $7, $8, $9) as answer",
    values: [
      organizationId,
      newId(at),
      decisionId,
      verdict,
      note || null,
      employeeId,
      JSON.stringify(writer),
      newId(at),
      at,
    ],
  });
  return toAnswer(answer);
}

/** Writes what the employee says to a review of their own decision, once; it stays as it was written. */
export async function answerReview(
  options: Writer & { reviewId: string; text: string },
): Promise<ReviewAnswer> {
  const { organizationId, employeeId, writer, at, reviewId, text } = options;
  const { answer } = await callRecording<{ answer: Outcome }>({
    text: "select answer_review($1, $2, $3, $4, $5, $6, $7) as answer",
    values: [organizationId, reviewId, text, employeeId, JSON.stringify(writer), newId(at), at],
  });
  return toAnswer(answer);
}

/** Says by what rule decisions are put before those who review, from now on; what was written before stays. */
export async function setRule(options: Writer & { rule: ReviewRule }): Promise<void> {
  const { organizationId, employeeId, writer, at, rule } = options;
  const kept = {
    sharePercent: rule.sharePercent,
    bends: rule.bends,
    fromAmount: rule.fromAmount,
    newDays: rule.newDays,
    updatedBy: employeeId,
    updatedAt: at,
  };
  await inTenant(organizationId, async (tx) => {
    await tx.reviewRule.upsert({
      where: { organizationId },
      create: { organizationId, ...kept },
      update: kept,
    });
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "review_rule.set",
      subjectId: organizationId,
      data: rule,
      at,
    });
  });
}
