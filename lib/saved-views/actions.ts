"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { asPersonIn } from "@/lib/auth/place";
import type { EmployeeActor } from "@/lib/auth/types";
import * as views from "@/lib/saved-views/mutations";
import { chooseViewSchema, firstViewSchema, saveViewSchema } from "@/lib/saved-views/schema";
import type { ChangeViewAnswer, SaveViewAnswer } from "@/lib/saved-views/types";

function keeperOf(actor: EmployeeActor) {
  const { organizationId, employeeId, role } = actor;
  return { organizationId, employeeId, role, writer: auditActor(actor), at: new Date() };
}

/** Keeps what the list shows under a name. */
export async function saveView(request: z.input<typeof saveViewSchema>): Promise<SaveViewAnswer> {
  return asPersonIn("floor", request, saveViewSchema, async (actor, input) => {
    const answer = await views.saveView({ ...keeperOf(actor), input });
    if (answer.ok) revalidatePath("/floor");
    return answer;
  });
}

/** Says with which view the person begins. */
export async function chooseFirstView(request: z.input<typeof firstViewSchema>): Promise<ChangeViewAnswer> {
  return asPersonIn("floor", request, firstViewSchema, async (actor, { id }) => {
    const answer = await views.chooseFirstView({ ...keeperOf(actor), id });
    if (answer.ok) revalidatePath("/floor");
    return answer;
  });
}

/** Takes a view away. */
export async function removeView(request: z.input<typeof chooseViewSchema>): Promise<ChangeViewAnswer> {
  return asPersonIn("floor", request, chooseViewSchema, async (actor, { id }) => {
    const answer = await views.removeView({ ...keeperOf(actor), id });
    if (answer.ok) revalidatePath("/floor");
    return answer;
  });
}
