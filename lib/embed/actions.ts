"use server";

import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import type { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { currentActor } from "@/lib/auth/actor";
import { asAdmin } from "@/lib/auth/admin";
import { issuePass, PASS_SECONDS } from "@/lib/auth/embed-passes";
import { listOrigins } from "@/lib/embed/data";
import * as list from "@/lib/embed/mutations";
import { originPlaceSchema, passRequestSchema } from "@/lib/embed/schema";
import type { GivePassAnswer, OriginsAnswer } from "@/lib/embed/types";
import { isSameOrigin } from "@/lib/http/origin";

const PAGE = "/settings/embed";

/** Lets a site show the organization's desk, by an admin. */
export async function addOrigin(request: z.input<typeof originPlaceSchema>): Promise<OriginsAnswer> {
  return asAdmin(request, originPlaceSchema, async (actor, { origin }): Promise<OriginsAnswer> => {
    const { organizationId } = actor;
    const answer = await list.addOrigin({
      organizationId,
      origin,
      writer: auditActor(actor),
      at: new Date(),
    });
    if (!answer.ok) return answer;
    revalidatePath(PAGE);
    return { ok: true, origins: await listOrigins(organizationId) };
  });
}

/** Takes a site off the list, by an admin: its frames show nothing any more. */
export async function removeOrigin(request: z.input<typeof originPlaceSchema>): Promise<OriginsAnswer> {
  return asAdmin(request, originPlaceSchema, async (actor, { origin }): Promise<OriginsAnswer> => {
    const { organizationId } = actor;
    await list.removeOrigin({ organizationId, origin, writer: auditActor(actor), at: new Date() });
    revalidatePath(PAGE);
    return { ok: true, origins: await listOrigins(organizationId) };
  });
}

/** Gives a frame a pass for whoever is signed in in the pop-up. */
export async function givePass(request: z.input<typeof passRequestSchema>): Promise<GivePassAnswer> {
  const actor = await currentActor();
  if (!actor || actor.passwordOneTime || !isSameOrigin(await headers())) {
    return { ok: false, code: "signed_out" };
  }
  const parsed = passRequestSchema.safeParse(request);
  if (!parsed.success) return { ok: false, code: "invalid" };
  const { organization, origin, confirmed } = parsed.data;
  if (organization !== actor.organizationId) return { ok: false, code: "other_organization" };
  const answer = await issuePass({ actor, origin, confirmed, at: new Date() });
  if (!answer.ok) return answer;
  const { employeeId, name } = actor;
  return { ok: true, token: answer.token, seconds: PASS_SECONDS, employeeId, name };
}
