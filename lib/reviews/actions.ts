"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { asPersonIn } from "@/lib/auth/place";
import type { EmployeeActor } from "@/lib/auth/types";
import { maySetReviewRule } from "@/lib/reviews/ability";
import * as reviews from "@/lib/reviews/mutations";
import { replySchema, reviewRuleSchema, reviewSchema } from "@/lib/reviews/schema";
import type { ReviewAnswer } from "@/lib/reviews/types";

function writerOf(actor: EmployeeActor) {
  const { organizationId, employeeId } = actor;
  return { organizationId, employeeId, writer: auditActor(actor), at: new Date() };
}

/** Writes how a decision looks to whoever leads. */
export async function recordReview(request: z.input<typeof reviewSchema>): Promise<ReviewAnswer> {
  return asPersonIn("floor", request, reviewSchema, async (actor, { decisionId, verdict, note }) =>
    reviews.recordReview({ ...writerOf(actor), decisionId, verdict, note }),
  );
}

/** Writes what the employee says to a review of their own decision. */
export async function answerReview(request: z.input<typeof replySchema>): Promise<ReviewAnswer> {
  return asPersonIn("desk", request, replySchema, async (actor, { reviewId, text }) =>
    reviews.answerReview({ ...writerOf(actor), reviewId, text }),
  );
}

/** Says by what rule decisions are put before those who review. */
export async function setReviewRule(request: z.input<typeof reviewRuleSchema>): Promise<ReviewAnswer> {
  return asPersonIn("floor", request, reviewRuleSchema, async (actor, rule): Promise<ReviewAnswer> => {
    if (!maySetReviewRule(actor.role)) return { ok: false, code: "not_allowed" };
    await reviews.setRule({ ...writerOf(actor), rule });
    revalidatePath("/floor/reviews");
    return { ok: true };
  });
}
