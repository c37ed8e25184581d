"use server";

import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import { z } from "zod";
import { roleHasScope } from "@/lib/auth/ability";
import { currentActor } from "@/lib/auth/actor";
import { text } from "@/lib/decisions/schema";
import { isSameOrigin } from "@/lib/http/origin";
import { currentPolicy } from "@/lib/policies/data";
import { publishPolicy } from "@/lib/policies/mutations";
import type { SaveAnswer } from "@/lib/policies/types";
import { toLine } from "@/lib/policies/views";

const NOTE_MAX_LENGTH = 1000;

const requestSchema = z.strictObject({
  /** The version that was edited; null for the first. */
  base: z.int().min(1).nullable(),
  document: z.unknown(),
  note: text(NOTE_MAX_LENGTH),
});

/**
 * Puts an edited policy in force as the next version, at once. Whoever is signed out meanwhile gets an answer and not
 * another page, so that what they typed stays.
 */
export async function savePolicy(request: z.input<typeof requestSchema>): Promise<SaveAnswer> {
  const actor = await currentActor();
  if (!actor || actor.passwordOneTime) return { ok: false, code: "signed_out" };
  if (!roleHasScope(actor.role, "policies:write") || !isSameOrigin(await headers())) {
    return { ok: false, code: "not_allowed" };
  }
  const parsed = requestSchema.safeParse(request);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    return { ok: false, code: "invalid", errors };
  }
  const { base, document, note } = parsed.data;
  const { organizationId, employeeId: authorId } = actor;
  const answer = await publishPolicy({
    organizationId,
    base,
    document,
    note: note || null,
    authorId,
    now: new Date(),
  });
  if (!answer.ok && answer.code === "stale") {
    const current = await currentPolicy(organizationId);
    return {
      ok: false,
      code: "stale",
      current: current && { ...toLine(current), document: current.document },
    };
  }
  // Pages that the browser keeps would otherwise begin from the version before.
  if (answer.ok) revalidatePath("/settings", "layout");
  return answer;
}
