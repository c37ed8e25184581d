"use server";

import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import type { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { currentActor } from "@/lib/auth/actor";
import { asAdmin, type NotAdmin } from "@/lib/auth/admin";
import type { EmployeeActor } from "@/lib/auth/types";
import { maySettle } from "@/lib/execution/ability";
import { takeExecutionStep } from "@/lib/execution/mutations";
import {
  againSchema,
  knownSchema,
  numbersSchema,
  ownSchema,
  providerChoiceSchema,
  providerTestSchema,
  settleSchema,
  UPLOAD_BYTES_MAX,
} from "@/lib/execution/schema";
import * as settings from "@/lib/execution/settings";
import * as settling from "@/lib/execution/settle";
import { readByHandCsv, setOwner, settleByHand, settleList } from "@/lib/execution/settle";
import type { QuoteAnswer, SettleAnswer, UploadAnswer } from "@/lib/execution/types";
import { isSameOrigin } from "@/lib/http/origin";
import { fieldErrors } from "@/lib/http/problem";

const SETTINGS = "/settings/execution";

/** Writes down that something was done by hand, or can't be, by whoever leads. */
export async function settle(request: z.input<typeof settleSchema>): Promise<SettleAnswer> {
  return asSettler(request, settleSchema, async (actor, input) => {
    const answer = await settleByHand(input, whoOf(actor));
    revalidatePath("/floor", "layout");
    return answer;
  });
}

/** Sees to something oneself, or gives it back. */
export async function own(request: z.input<typeof ownSchema>): Promise<SettleAnswer> {
  return asSettler(request, ownSchema, async (actor, { decisionId, mine }) => {
    const answer = await setOwner({ ...whoOf(actor), decisionId, ownerId: mine ? actor.employeeId : null });
    revalidatePath("/floor", "layout");
    return answer;
  });
}

/**
 * Says of an execution that nobody knows the end of whether it moved, with how one knows; or of taking one back, which is for
 * a person to do where nobody has.
 */
export async function settleKnown(request: z.input<typeof knownSchema>): Promise<SettleAnswer> {
  return asSettler(request, knownSchema, async (actor, { decisionId, of, moved, reason }) => {
    const { organizationId } = actor;
    const noted = await takeExecutionStep({
      ...{ organizationId, decisionId, of, via: "person", actor: auditActor(actor), now: new Date() },
      ...(moved
        ? { to: "succeeded" as const }
        : { to: of === "execution" ? ("failed" as const) : ("by_hand" as const), code: "refused" as const }),
      detail: reason,
    });
    revalidatePath("/floor", "layout");
    return noted.outcome === "noted" ? { ok: true } : { ok: false, code: "gone" };
  });
}

/** Has a provider told again of what nobody took for days. */
export async function sendAgain(request: z.input<typeof againSchema>): Promise<SettleAnswer> {
  return asSettler(request, againSchema, async (actor, { decisionId }) => {
    const answer = await settling.sendAgain({ ...whoOf(actor), decisionId });
    revalidatePath("/floor", "layout");
    return answer;
  });
}

/** Takes the list as somebody filled it in. */
export async function uploadByHand({ file }: { file: File }): Promise<UploadAnswer> {
  const actor = await settler();
  if ("ok" in actor) return actor;
  if (file.size > UPLOAD_BYTES_MAX) return { ok: false, code: "too_long" };
  const list = readByHandCsv(await file.text());
  if (!list.ok) return list;
  const done = await settleList(list, whoOf(actor));
  revalidatePath("/floor", "layout");
  return { ok: true, ...done };
}

/** Has a provider serve a remedy, by an admin. */
export async function chooseProvider(
  request: z.input<typeof providerChoiceSchema>,
): Promise<{ ok: true } | { ok: false; code: "cannot" } | NotAdmin> {
  return asAdmin(request, providerChoiceSchema, async (actor, { remedy, provider }) => {
    const { organizationId, employeeId } = actor;
    const writer = auditActor(actor);
    const answer = await settings.chooseProvider({
      ...{ organizationId, employeeId, writer, at: new Date() },
      ...{ remedy, provider },
    });
    revalidatePath(SETTINGS);
    return answer;
  });
}

/** Asks the provider of a remedy what it would do, by an admin. Nothing moves. */
export async function testProvider(
  request: z.input<typeof providerTestSchema>,
): Promise<QuoteAnswer | NotAdmin> {
  return asAdmin(request, providerTestSchema, async ({ organizationId, currency }, { remedy }) =>
    settings.testProvider({ organizationId, remedy, currency }),
  );
}

/** Keeps the numbers, by an admin. */
export async function setNumbers(request: z.input<typeof numbersSchema>): Promise<{ ok: true } | NotAdmin> {
  return asAdmin(request, numbersSchema, async (actor, numbers): Promise<{ ok: true }> => {
    const { organizationId } = actor;
    await settings.setNumbers({ organizationId, numbers, writer: auditActor(actor), at: new Date() });
    revalidatePath(SETTINGS);
    return { ok: true };
  });
}

async function asSettler<T extends z.ZodType>(
  request: z.input<T>,
  schema: T,
  act: (actor: EmployeeActor, input: z.output<T>) => Promise<SettleAnswer>,
): Promise<SettleAnswer> {
  const actor = await settler();
  if ("ok" in actor) return actor;
  const parsed = schema.safeParse(request);
  if (!parsed.success) return { ok: false, code: "invalid", errors: fieldErrors(parsed.error.issues) };
  return act(actor, parsed.data);
}

async function settler(): Promise<EmployeeActor | { ok: false; code: "signed_out" | "not_allowed" }> {
  const actor = await currentActor();
  if (!actor || actor.passwordOneTime) return { ok: false, code: "signed_out" };
  const may = maySettle(actor.role) && isSameOrigin(await headers());
  return may ? actor : { ok: false, code: "not_allowed" };
}

function whoOf(actor: EmployeeActor) {
  return { organizationId: actor.organizationId, actor: auditActor(actor), now: new Date() };
}
