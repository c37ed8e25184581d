"use server";

import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import type { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { currentActor } from "@/lib/auth/actor";
import { asAdmin, type NotAdmin } from "@/lib/auth/admin";
import type { EmployeeActor } from "@/lib/auth/types";
import type { Role } from "@/lib/discretion/schema";
import { maySeeTo, maySettle } from "@/lib/execution/ability";
import { readByHandCsv } from "@/lib/execution/csv";
import {
  againSchema,
  assignSchema,
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
import { setOwner, settleByHand, settleList, settleUnknown } from "@/lib/execution/settle";
import type { QuoteAnswer, SettleAnswer, UploadAnswer } from "@/lib/execution/types";
import { isSameOrigin } from "@/lib/http/origin";
import { fieldErrors } from "@/lib/http/problem";

const SETTINGS = "/settings/execution";

/** Writes down that something was done by hand, or can't be: by whoever leads, or whoever sees to it. */
export async function settle(request: z.input<typeof settleSchema>): Promise<SettleAnswer> {
  return asSettler(request, settleSchema, maySeeTo, (actor, input) => settleByHand(input, settlerOf(actor)));
}

/** Sees to something oneself, by whoever leads; or gives back what one sees to. */
export async function own(request: z.input<typeof ownSchema>): Promise<SettleAnswer> {
  return asSettler(request, ownSchema, maySeeTo, async (actor, { decisionId, mine, from }) => {
    const { employeeId } = actor;
    if (!maySettle(actor.role) && (mine || from !== employeeId)) return { ok: false, code: "not_allowed" };
    return setOwner({ ...whoOf(actor), decisionId, ownerId: mine ? employeeId : null, from });
  });
}

/** Has somebody see to something, and says by when; by whoever leads. */
export async function assign(request: z.input<typeof assignSchema>): Promise<SettleAnswer> {
  return asSettler(request, assignSchema, maySettle, async (actor, { dueAt, ...about }) =>
    setOwner({ ...whoOf(actor), ...about, dueAt: dueAt === null ? null : new Date(dueAt) }),
  );
}

/**
 * Says of an execution that nobody knows the end of whether it moved, with how one knows; or of taking one back, which is for
 * a person to do where nobody has.
 */
export async function settleKnown(request: z.input<typeof knownSchema>): Promise<SettleAnswer> {
  return asSettler(request, knownSchema, maySettle, (actor, input) => settleUnknown(input, settlerOf(actor)));
}

/** Has a provider told again of what nobody took for days. */
export async function sendAgain(request: z.input<typeof againSchema>): Promise<SettleAnswer> {
  return asSettler(request, againSchema, maySettle, (actor, { decisionId }) =>
    settling.sendAgain({ ...whoOf(actor), decisionId }),
  );
}

/** Takes the list as somebody filled it in. */
export async function uploadByHand({ file }: { file: File }): Promise<UploadAnswer> {
  const actor = await settler(maySettle);
  if ("ok" in actor) return actor;
  if (file.size > UPLOAD_BYTES_MAX) return { ok: false, code: "too_long" };
  const list = readByHandCsv(await file.text());
  if (!list.ok) return list;
  const done = await settleList(list, settlerOf(actor));
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
  may: (role: Role) => boolean,
  act: (actor: EmployeeActor, input: z.output<T>) => Promise<SettleAnswer>,
): Promise<SettleAnswer> {
  const actor = await settler(may);
  if ("ok" in actor) return actor;
  const parsed = schema.safeParse(request);
  if (!parsed.success) return { ok: false, code: "invalid", errors: fieldErrors(parsed.error.issues) };
  const answer = await act(actor, parsed.data);
  revalidatePath("/floor", "layout");
  revalidatePath("/desk", "layout");
  return answer;
}

async function settler(
  may: (role: Role) => boolean,
): Promise<EmployeeActor | { ok: false; code: "signed_out" | "not_allowed" }> {
  const actor = await currentActor();
  if (!actor || actor.passwordOneTime) return { ok: false, code: "signed_out" };
  return may(actor.role) && isSameOrigin(await headers()) ? actor : { ok: false, code: "not_allowed" };
}

/** Whoever leads says what came of anything; others of what they see to. */
function settlerOf(actor: EmployeeActor) {
  return { ...whoOf(actor), employeeId: actor.employeeId, mustOwn: !maySettle(actor.role) };
}

function whoOf(actor: EmployeeActor) {
  return { organizationId: actor.organizationId, actor: auditActor(actor), now: new Date() };
}
