"use server";

import { z } from "zod";
import { asEditor } from "@/lib/policies/editor";
import type { DoneAnswer, EditRefusal } from "@/lib/policies/types";
import * as simulations from "@/lib/simulations/mutations";
import { spanSchema } from "@/lib/simulations/schema";

const requestSchema = z.strictObject({ version: z.int().min(1), span: spanSchema });
const cancelSchema = z.strictObject({ id: z.uuid() });

export type SimulateAnswer = { ok: true; id: string } | EditRefusal | { ok: false; code: "no_policy" };

/** Asks the worker to replay history under a version. */
export async function requestSimulation(request: z.input<typeof requestSchema>): Promise<SimulateAnswer> {
  return asEditor(request, requestSchema, (actor, { version, span }) =>
    simulations.requestSimulation({
      organizationId: actor.organizationId,
      version,
      span,
      timeZone: actor.timeZone,
      askedBy: actor.employeeId,
      now: new Date(),
    }),
  );
}

/** Stops a replay that waits or runs. */
export async function cancelSimulation(request: z.input<typeof cancelSchema>): Promise<DoneAnswer> {
  return asEditor(request, cancelSchema, async (actor, { id }): Promise<DoneAnswer> => {
    const stopped = await simulations.cancelSimulation(actor.organizationId, id, new Date());
    return stopped ? { ok: true } : { ok: false, code: "not_found" };
  });
}
