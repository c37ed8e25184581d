"use server";

import { revalidatePath } from "next/cache";
import { headers } from "next/headers";
import type { z } from "zod";
import { currentActor } from "@/lib/auth/actor";
import { mayNoteCauses } from "@/lib/cause-ledger/ability";
import * as ledger from "@/lib/cause-ledger/mutations";
import { causeNoteSchema } from "@/lib/cause-ledger/schema";
import type { NoteCauseAnswer } from "@/lib/cause-ledger/types";
import { isSameOrigin } from "@/lib/http/origin";
import { fieldErrors } from "@/lib/http/problem";

/** Writes down who sees to a cause and what is being done about it. */
export async function noteCause(request: z.input<typeof causeNoteSchema>): Promise<NoteCauseAnswer> {
  const actor = await currentActor();
  if (!actor || actor.passwordOneTime) return { ok: false, code: "signed_out" };
  if (!mayNoteCauses(actor.role) || !isSameOrigin(await headers())) return { ok: false, code: "not_allowed" };
  const parsed = causeNoteSchema.safeParse(request);
  if (!parsed.success) return { ok: false, code: "invalid", errors: fieldErrors(parsed.error.issues) };
  const answer = await ledger.noteCause({ ...parsed.data, actor, now: new Date() });
  if (answer.ok) {
    revalidatePath("/floor/causes");
    return answer;
  }
  if (answer.code === "moved") return answer;
  return {
    ok: false,
    code: "invalid",
    errors: [{ path: "ownerId", message: "Choose somebody who works here." }],
  };
}
