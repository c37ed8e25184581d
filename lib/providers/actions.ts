"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { asAdmin } from "@/lib/auth/admin";
import type { EmployeeActor } from "@/lib/auth/types";
import { env } from "@/lib/env";
import { readProviders } from "@/lib/providers/data";
import * as providers from "@/lib/providers/mutations";
import { enabledSchema, kindSchema, stripeFormSchema, webhookFormSchema } from "@/lib/providers/schema";
import { tryProvider } from "@/lib/providers/trying";
import type { ProvidersAnswer, TestAnswer } from "@/lib/providers/types";

const PAGE = "/settings/providers";

const SECRET_MISSING = "Paste the secret key: none is stored yet, or it can't be read any more.";

function changeBy(actor: EmployeeActor) {
  return { organizationId: actor.organizationId, writer: auditActor(actor), at: new Date() };
}

async function changed({ organizationId }: EmployeeActor, secret?: string): Promise<ProvidersAnswer> {
  revalidatePath(PAGE);
  return { ok: true, providers: await readProviders(organizationId), ...(secret ? { secret } : {}) };
}

/** Sets the account at Stripe up, by an admin. */
export async function saveStripe(request: z.input<typeof stripeFormSchema>): Promise<ProvidersAnswer> {
  return asAdmin(request, stripeFormSchema, async (actor, form): Promise<ProvidersAnswer> => {
    const answer = await providers.saveStripe({ ...changeBy(actor), form });
    if (answer.ok) return changed(actor);
    if (answer.code === "no_encryption_key") return { ok: false, code: "no_encryption_key" };
    return { ok: false, code: "invalid", errors: [{ path: "secretKey", message: SECRET_MISSING }] };
  });
}

/** Sets the signed webhook up, by an admin. Its secret is in the answer that made it, and in no other. */
export async function saveWebhook(
  request: z.input<ReturnType<typeof webhookFormSchema>>,
): Promise<ProvidersAnswer> {
  const schema = webhookFormSchema(env.LEEWAY_WEBHOOK_REACH);
  return asAdmin(request, schema, async (actor, { url, renew }): Promise<ProvidersAnswer> => {
    const answer = await providers.saveWebhook({ ...changeBy(actor), url, renew });
    return answer.ok ? changed(actor, answer.secret) : { ok: false, code: "no_encryption_key" };
  });
}

/** Turns a provider on or off, by an admin. */
export async function setEnabled(request: z.input<typeof enabledSchema>): Promise<ProvidersAnswer> {
  return asAdmin(request, enabledSchema, async (actor, input): Promise<ProvidersAnswer> => {
    const isThere = await providers.setEnabled({ ...changeBy(actor), ...input });
    return isThere ? changed(actor) : { ok: false, code: "not_set_up" };
  });
}

/** Has what a provider said and was set aside tried again, by an admin. The worker does it within a second or so. */
export async function hearAgain(request: z.input<typeof kindSchema>): Promise<ProvidersAnswer> {
  return asAdmin(request, kindSchema, async (actor, { kind }): Promise<ProvidersAnswer> => {
    await providers.hearAgain({ ...changeBy(actor), kind });
    return changed(actor);
  });
}

/** Removes a provider and its secrets, by an admin. */
export async function removeProvider(request: z.input<typeof kindSchema>): Promise<ProvidersAnswer> {
  return asAdmin(request, kindSchema, async (actor, { kind }): Promise<ProvidersAnswer> => {
    await providers.removeProvider({ ...changeBy(actor), kind });
    return changed(actor);
  });
}

/** Asks a provider whether it would do, for an admin. Nothing moves. */
export async function testProvider(request: z.input<typeof kindSchema>): Promise<TestAnswer> {
  return asAdmin(request, kindSchema, async (actor, { kind }): Promise<TestAnswer> => {
    const finding = await tryProvider(actor.organizationId, kind);
    revalidatePath(PAGE);
    return finding ? { ok: true, finding } : { ok: false, code: "not_set_up" };
  });
}
