"use server";

import { headers } from "next/headers";
import { z } from "zod";
import { currentActor } from "@/lib/auth/actor";
import type { EmployeeActor } from "@/lib/auth/types";
import type { Role } from "@/lib/discretion/schema";
import { isSameOrigin } from "@/lib/http/origin";
import { mayReadReconciliation, mayReconcile } from "@/lib/reconciliation/ability";
import * as reconciliation from "@/lib/reconciliation/mutations";
import type { LookAnswer, ReconcileAnswer } from "@/lib/reconciliation/types";

const requestSchema = z.strictObject({ repairs: z.boolean() });
const lookSchema = z.strictObject({ id: z.uuid() });

/** Asks the worker to compare everything that is kept twice, and with `repairs` to rebuild the counters that differ. */
export async function requestReconciliation(
  request: z.input<typeof requestSchema>,
): Promise<ReconcileAnswer> {
  const { repairs } = requestSchema.parse(request);
  const actor = await proven(mayReconcile);
  if (typeof actor === "string") return { ok: false, code: actor };
  const answer = await reconciliation.requestReconciliation({
    organizationId: actor.organizationId,
    origin: "asked",
    repairs,
    askedBy: actor.employeeId,
    now: new Date(),
  });
  return answer.ok ? answer : { ok: false, code: "underway" };
}

/** Notes that somebody has seen what a run found; it is no alert any more then. */
export async function lookAtReconciliation(request: z.input<typeof lookSchema>): Promise<LookAnswer> {
  const { id } = lookSchema.parse(request);
  const actor = await proven(mayReadReconciliation);
  if (typeof actor === "string") return { ok: false, code: actor };
  const { organizationId, employeeId } = actor;
  // Somebody else may have looked at it a moment ago, which is as good.
  await reconciliation.lookAtReconciliation({ organizationId, id, employeeId, now: new Date() });
  return { ok: true };
}

async function proven(mayDo: (role: Role) => boolean): Promise<EmployeeActor | "signed_out" | "not_allowed"> {
  const actor = await currentActor();
  if (!actor || actor.passwordOneTime) return "signed_out";
  return mayDo(actor.role) && isSameOrigin(await headers()) ? actor : "not_allowed";
}
