import { headers } from "next/headers";
import type { z } from "zod";
import { mayEnter, type Place } from "@/lib/auth/ability";
import { currentActor } from "@/lib/auth/actor";
import type { EmployeeActor } from "@/lib/auth/types";
import { isSameOrigin } from "@/lib/http/origin";
import { fieldErrors } from "@/lib/http/problem";

/** Why whoever asks for something in a place is not listened to. */
export type NotInPlace =
  | { ok: false; code: "signed_out" | "not_allowed" }
  | { ok: false; code: "invalid"; errors: ReturnType<typeof fieldErrors> };

/**
 * As `asAdmin`, for what everybody may ask who may enter a place: proves on a server action that such a person signed in,
 * from a page of ours, and reads what they ask.
 */
export async function asPersonIn<T extends z.ZodType, Answer>(
  place: Place,
  request: z.input<T>,
  schema: T,
  act: (actor: EmployeeActor, input: z.output<T>) => Promise<Answer>,
): Promise<Answer | NotInPlace> {
  const actor = await currentActor();
  if (!actor || actor.passwordOneTime) return { ok: false, code: "signed_out" };
  if (!mayEnter(actor.role, place) || !isSameOrigin(await headers()))
    return { ok: false, code: "not_allowed" };
  const parsed = schema.safeParse(request);
  if (!parsed.success) return { ok: false, code: "invalid", errors: fieldErrors(parsed.error.issues) };
  return act(actor, parsed.data);
}
