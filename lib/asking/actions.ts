"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import * as asking from "@/lib/asking/mutations";
import { answerMinutesSchema } from "@/lib/asking/schema";
import { auditActor } from "@/lib/audit/mutations";
import { asAdmin, type NotAdmin } from "@/lib/auth/admin";

/** Keeps how long an answer takes, as an admin says. */
export async function setAnswerMinutes(
  request: z.input<typeof answerMinutesSchema>,
): Promise<{ ok: true } | NotAdmin> {
  return asAdmin(request, answerMinutesSchema, async (actor, { minutes }): Promise<{ ok: true }> => {
    await asking.setAnswerMinutes({
      organizationId: actor.organizationId,
      minutes,
      writer: auditActor(actor),
      at: new Date(),
    });
    revalidatePath("/floor", "layout");
    return { ok: true };
  });
}
