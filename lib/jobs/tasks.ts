import { z } from "zod";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";

const payloadSchema = z.object({ organizationId: z.uuid(), decisionId: z.uuid() });

/**
 * The steps that the worker owes a decision. Each may run more than once: what it does is a conditional step in the
 * database, so that the second run finds nothing to do.
 */
export const TASKS = {
  /** No provider moves money for any remedy, so a person does: the decision says so from here on. */
  async execute(payload: unknown): Promise<void> {
    const { organizationId, decisionId } = payloadSchema.parse(payload);
    await pool().query("select execute_by_hand($1, $2, $3)", [organizationId, decisionId, new Date()]);
  },
  /** Gives back what a handover held when its deadline passed unanswered. */
  async expire_handover(payload: unknown): Promise<void> {
    const { organizationId, decisionId } = payloadSchema.parse(payload);
    const now = new Date();
    await pool().query("select expire_handover($1, $2, $3, $4)", [
      organizationId,
      decisionId,
      now,
      newId(now),
    ]);
  },
} as const;
