import { z } from "zod";
import { expireEverywhere } from "@/lib/credit/mutations";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { workOn } from "@/lib/execution/work";
import { makePartitionsAhead } from "@/lib/partitions/mutations";
import { publishScheduled } from "@/lib/policies/mutations";
import { requestNightly, runReconciliation } from "@/lib/reconciliation/mutations";
import { enforceEverywhere } from "@/lib/retention/mutations";
import { requestVerifications, runVerification, sealEverything } from "@/lib/seals/mutations";
import { runSimulation } from "@/lib/simulations/mutations";
import { sumUpEverywhere } from "@/lib/sums/mutations";
import { endTrial } from "@/lib/trials/mutations";

const payloadSchema = z.object({ organizationId: z.uuid(), decisionId: z.uuid() });
const versionSchema = z.object({ organizationId: z.uuid(), version: z.int() });
const trialSchema = z.object({ organizationId: z.uuid(), trialId: z.uuid() });
const reconciliationSchema = z.object({ organizationId: z.uuid(), reconciliationId: z.uuid() });
const simulationSchema = z.object({ organizationId: z.uuid(), simulationId: z.uuid() });
const verificationSchema = z.object({ organizationId: z.uuid(), verificationId: z.uuid() });

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
  /** Carries a decision out, looks what became of it, or takes it back: whatever is next. */
  async execute(payload: unknown, { abortSignal }: TaskHelpers): Promise<void> {
    const { organizationId, decisionId } = payloadSchema.parse(payload);
    await workOn({ organizationId, decisionId, signal: abortSignal });
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
  /** Removes what is kept no longer, of every organization. */
  async enforce_retention(_payload: unknown, { abortSignal }: TaskHelpers): Promise<void> {
    await enforceEverywhere({ at: new Date(), signal: abortSignal });
  },
  /** Seals what waits, in every organization, and publishes the seals. */
  async seal_history(_payload: unknown, { abortSignal }: TaskHelpers): Promise<void> {
    await sealEverything({ signal: abortSignal });
  },
  /** Holds history against its seals, because somebody asked for it. */
  async verify_seals(payload: unknown, { abortSignal }: TaskHelpers): Promise<void> {
    const { organizationId, verificationId: id } = verificationSchema.parse(payload);
    await runVerification({ organizationId, id, signal: abortSignal });
  },
  /** The same for every organization. */
  async verify_history(): Promise<void> {
    await requestVerifications(new Date());
  },
  /** Holds everything that is kept twice against each other. */
  async reconcile(payload: unknown, { abortSignal }: TaskHelpers): Promise<void> {
    const { organizationId, reconciliationId: id } = reconciliationSchema.parse(payload);
    await runReconciliation({ organizationId, id, now: new Date(), signal: abortSignal });
  },
  /** The same for every organization, one after the other. */
  async reconcile_all(): Promise<void> {
    await requestNightly(new Date());
  },
  /** Lets store credit expire that is past its day. */
  async expire_credit(_payload: unknown, { abortSignal }: TaskHelpers): Promise<void> {
    await expireEverywhere({ at: new Date(), signal: abortSignal });
  },
  /** Sums up the days that have changed, for the dashboards. */
  async sum_up_days(_payload: unknown, { abortSignal }: TaskHelpers): Promise<void> {
    await sumUpEverywhere({ signal: abortSignal });
  },
  /** Makes the months to come ready, before anybody decides in them. */
  async make_partitions(): Promise<void> {
    await makePartitionsAhead(new Date());
  },
} as const;
