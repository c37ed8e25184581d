"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { asAdmin } from "@/lib/auth/admin";
import * as catalogue from "@/lib/causes/mutations";
import { causeChangeSchema, newCauseSchema } from "@/lib/causes/schema";
import type { SaveCauseAnswer } from "@/lib/causes/types";

/** Adds a cause to the catalogue that the desk offers. */
export async function addCause(request: z.input<typeof newCauseSchema>): Promise<SaveCauseAnswer> {
  return asAdmin(request, newCauseSchema, async (actor, cause): Promise<SaveCauseAnswer> => {
    const { organizationId } = actor;
    const answer = await catalogue.addCause({
      organizationId,
      writer: auditActor(actor),
      at: new Date(),
      ...cause,
    });
    if (answer.ok) revalidatePath("/settings/causes");
    return answer;
  });
}

/** Changes a cause of the catalogue, for who saw it as it is. */
export async function changeCause(request: z.input<typeof causeChangeSchema>): Promise<SaveCauseAnswer> {
  return asAdmin(request, causeChangeSchema, async (actor, change): Promise<SaveCauseAnswer> => {
    const { organizationId } = actor;
    const answer = await catalogue.changeCause({
      organizationId,
      writer: auditActor(actor),
      at: new Date(),
      ...change,
    });
    if (answer.ok) revalidatePath("/settings/causes");
    return answer;
  });
}
