"use server";

import { headers } from "next/headers";
import { mayEnter } from "@/lib/auth/ability";
import { currentActor } from "@/lib/auth/actor";
import { isSameOrigin } from "@/lib/http/origin";
import * as seals from "@/lib/seals/mutations";

export type VerifyAnswer = { ok: true; id: string } | { ok: false; code: "signed_out" | "not_allowed" };

/** Asks the worker to verify the history. It changes nothing of it, so an auditor may ask too. */
export async function requestVerification(): Promise<VerifyAnswer> {
  const actor = await currentActor();
  if (!actor || actor.passwordOneTime) return { ok: false, code: "signed_out" };
  if (!mayEnter(actor.role, "settings") || !isSameOrigin(await headers())) {
    return { ok: false, code: "not_allowed" };
  }
  const { organizationId, employeeId } = actor;
  const { id } = await seals.requestVerification({ organizationId, askedBy: employeeId, now: new Date() });
  return { ok: true, id };
}
