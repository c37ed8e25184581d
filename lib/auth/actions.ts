"use server";

import { headers } from "next/headers";
import { unauthorized } from "next/navigation";
import { currentActor } from "@/lib/auth/actor";
import { replacePassword } from "@/lib/auth/mutations";
import { countSignIn, forgetSignIns } from "@/lib/auth/rate-limit";
import { changePasswordSchema } from "@/lib/auth/schema";
import { isSameOrigin } from "@/lib/http/origin";

export interface ChangePasswordState {
  ok?: true;
  /** By field: `current`, `password`, `repeat`. */
  errors?: Record<string, string>;
}

/** Replaces the signed-in person's password. Guesses at the current one count as attempts to sign in. */
export async function changePassword(
  _state: ChangePasswordState,
  form: FormData,
): Promise<ChangePasswordState> {
  const actor = await currentActor();
  if (!actor || !isSameOrigin(await headers())) unauthorized();
  const parsed = changePasswordSchema.safeParse(Object.fromEntries(form));
  if (!parsed.success) {
    const errors: Record<string, string> = {};
    for (const issue of parsed.error.issues) errors[issue.path.join(".")] ??= issue.message;
    return { errors };
  }
  const subject = `password:${actor.organizationId}/${actor.employeeId}`;
  const counted = await countSignIn(subject);
  if (!counted.ok) {
    const minutes = Math.ceil(counted.retryAfterSeconds / 60);
    return { errors: { current: `Too many attempts. Try again in ${minutes} min.` } };
  }
  const answer = await replacePassword({ ...actor, ...parsed.data, at: new Date() });
  if (!answer.ok) return { errors: { current: "This is not your current password." } };
  await forgetSignIns(subject);
  return { ok: true };
}
