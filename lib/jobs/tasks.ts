import { z } from "zod";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { publishScheduled } from "@/lib/policies/mutations";
import { runSimulation } from "@/lib/simulations/mutations";
import { endTrial } from "@/lib/trials/mutations";

const payloadSchema = z.object({ organizationId: z.uuid(), decisionId: z.uuid() });
const versionSchema = z.object({ organizationId: z.uuid(), version: z.int() });
const trialSchema = z.object({ organizationId: z.uuid(), trialId: z.uuid() });
const simulationSchema = z.object({ organizationId: z.uuid(), simulationId: z.uuid() });

/** What a task needs of the worker that runs it. */
interface TaskHelpers {
  /** Aborted when the worker stops and doesn't wait any longer. */
  abortSignal?: AbortSignal;
}

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
  /** Publishes a draft at the moment that somebody set. */
  async publish_policy(payload: unknown): Promise<void> {
    const { organizationId, version } = versionSchema.parse(payload);
    await publishScheduled({ organizationId, version, now: new Date() });
  },
  /** Writes down that a trial is over; it has been since its end, whenever this runs. */
  async end_trial(payload: unknown): Promise<void> {
    const { organizationId, trialId } = trialSchema.parse(payload);
    await endTrial({ organizationId, trialId, author: null, now: new Date() });
  },
  /** Replays history under a draft. */
  async simulate_policy(payload: unknown, { abortSignal }: TaskHelpers): Promise<void> {
    const { organizationId, simulationId: id } = simulationSchema.parse(payload);
    await runSimulation({ organizationId, id, now: new Date(), signal: abortSignal });
  },
} as const;
