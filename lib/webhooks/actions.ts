"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { asAdmin } from "@/lib/auth/admin";
import type { EmployeeActor } from "@/lib/auth/types";
import { findEndpoint } from "@/lib/webhooks/data";
import * as webhooks from "@/lib/webhooks/mutations";
import {
  endpointChangeSchema,
  endpointSchema,
  newEndpointSchema,
  replaySchema,
  switchSchema,
} from "@/lib/webhooks/schema";
import type { AddAnswer, ChangeAnswer, PingAnswer, ReplayAnswer, SecretAnswer } from "@/lib/webhooks/types";

const by = (actor: EmployeeActor) => ({
  organizationId: actor.organizationId,
  writer: auditActor(actor),
  at: new Date(),
});

function again() {
  revalidatePath("/settings/webhooks", "layout");
}

/** Adds an endpoint, by an admin. The answer has its secret, which is not shown again. */
export async function addEndpoint(request: z.input<typeof newEndpointSchema>): Promise<AddAnswer> {
  return asAdmin(request, newEndpointSchema, async (actor, input): Promise<AddAnswer> => {
    const answer = await webhooks.addEndpoint({ ...by(actor), ...input });
    if (!answer.ok) return answer;
    again();
    const endpoint = await findEndpoint(actor.organizationId, answer.id);
    if (!endpoint) throw new Error("The endpoint that was just added is gone.");
    return { ok: true, endpoint, secret: answer.secret };
  });
}

/** Changes an endpoint, by an admin. */
export async function changeEndpoint(request: z.input<typeof endpointChangeSchema>): Promise<ChangeAnswer> {
  return asAdmin(request, endpointChangeSchema, async (actor, input): Promise<ChangeAnswer> => {
    const answer = await webhooks.changeEndpoint({ ...by(actor), ...input });
    if (answer.ok) again();
    return answer;
  });
}

/** Gives an endpoint another secret, by an admin. */
export async function replaceSecret(request: z.input<typeof endpointSchema>): Promise<SecretAnswer> {
  return asAdmin(request, endpointSchema, async (actor, { id }): Promise<SecretAnswer> => {
    return webhooks.replaceSecret({ ...by(actor), id });
  });
}

/** Pauses an endpoint or has it told again, by an admin. */
export async function switchEndpoint(request: z.input<typeof switchSchema>): Promise<ChangeAnswer> {
  return asAdmin(request, switchSchema, async (actor, input): Promise<ChangeAnswer> => {
    const answer = await webhooks.switchEndpoint({ ...by(actor), ...input });
    if (answer.ok) again();
    return answer;
  });
}

/** Takes an endpoint away, by an admin. */
export async function removeEndpoint(request: z.input<typeof endpointSchema>): Promise<ChangeAnswer> {
  return asAdmin(request, endpointSchema, async (actor, { id }): Promise<ChangeAnswer> => {
    const answer = await webhooks.removeEndpoint({ ...by(actor), id });
    again();
    return answer;
  });
}

/** Sends a test, by an admin. */
export async function pingEndpoint(request: z.input<typeof endpointSchema>): Promise<PingAnswer> {
  return asAdmin(request, endpointSchema, async (actor, { id }): Promise<PingAnswer> => {
    const answer = await webhooks.ping({ ...by(actor), id });
    if (!answer.ok) return answer;
    again();
    const { ok: delivered, code, fault, latencyMs } = answer.attempt;
    return { ok: true, delivered, code, fault, latencyMs };
  });
}

/** Sends one message again, or all that were put aside, by an admin. */
export async function replayMessages(request: z.input<typeof replaySchema>): Promise<ReplayAnswer> {
  return asAdmin(request, replaySchema, async (actor, input): Promise<ReplayAnswer> => {
    const answer = await webhooks.replay({ ...by(actor), ...input });
    if (answer.ok) again();
    return answer;
  });
}
