import { headers } from "next/headers";
import type { z } from "zod";
import { isAdmin } from "@/lib/auth/ability";
import { currentActor } from "@/lib/auth/actor";
import type { EmployeeActor } from "@/lib/auth/types";
import { isSameOrigin } from "@/lib/http/origin";
import { fieldErrors } from "@/lib/http/problem";

/** Why whoever asks for something that only admins do is not listened to. */
export type NotAdmin =
  | { ok: false; code: "signed_out" | "not_allowed" }
  | { ok: false; code: "invalid"; errors: ReturnType<typeof fieldErrors> };

/**
 * Proves on a server action that an admin signed in, from a page of ours, and reads what they ask. Whoever was signed out
 * meanwhile gets an answer and not another page, so that what they typed stays.
 */
export async function asAdmin<T extends z.ZodType, Answer>(
  request: z.input<T>,
  schema: T,
  act: (actor: EmployeeActor, input: z.output<T>) => Promise<Answer>,
): Promise<Answer | NotAdmin> {
  const actor = await currentActor();
  if (!actor || actor.passwordOneTime) return { ok: false, code: "signed_out" };
  if (!isAdmin(actor.role) || !isSameOrigin(await headers())) return { ok: false, code: "not_allowed" };
  const parsed = schema.safeParse(request);
  if (!parsed.success) return { ok: false, code: "invalid", errors: fieldErrors(parsed.error.issues) };
  return act(actor, parsed.data);
}
