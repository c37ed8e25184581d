"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { asPersonIn } from "@/lib/auth/place";
import type { ReviewAnswer } from "@/lib/reviews/types";
import * as precedents from "@/lib/teachable/mutations";
import { choosePrecedentSchema, precedentSchema } from "@/lib/teachable/schema";

/** Makes a precedent of a decision that was reviewed. */
export async function makePrecedent(request: z.input<typeof precedentSchema>): Promise<ReviewAnswer> {
  return asPersonIn("floor", request, precedentSchema, async (actor, input) => {
    const { organizationId, employeeId } = actor;
    return precedents.makePrecedent({
      organizationId,
      employeeId,
      writer: auditActor(actor),
      at: new Date(),
      ...input,
    });
  });
}

/** Takes a precedent away for good. */
export async function removePrecedent(request: z.input<typeof choosePrecedentSchema>): Promise<ReviewAnswer> {
  return asPersonIn("floor", request, choosePrecedentSchema, async (actor, { id }) => {
    const { organizationId, employeeId } = actor;
    const answer = await precedents.removePrecedent({
      organizationId,
      employeeId,
      writer: auditActor(actor),
      at: new Date(),
      id,
    });
    if (answer.ok) revalidatePath("/floor/reviews/precedents");
    return answer;
  });
}
