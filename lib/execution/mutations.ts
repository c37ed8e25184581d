import type pg from "pg";
import type { AuditActor } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { callRecording } from "@/lib/db/recording";
import type {
  FailureCode,
  Instruction,
  Outcome,
  ProviderEvent,
  ProviderKind,
} from "@/lib/execution/provider";
import type { ExecutionState, ReversalState, Via } from "@/lib/execution/types";

export const SYSTEM_ACTOR: AuditActor = { kind: "system", id: null };

/** What is to be done next of a decision, taken up. */
export type Begun =
  | {
      outcome: "begun" | "resumed" | "look" | "reverse";
      provider: ProviderKind;
      status: ExecutionState | ReversalState;
      attempt: number;
      /** When it was begun with; of a reversal, when it last moved. */
      since: string;
    }
  | { outcome: "by_hand" | "early" | "nothing" };

/**
 * Takes up what is to be done next. When this has answered, it is written down that a provider may be called; an undo that
 * comes later is refused, and one that came before leaves nothing to do.
 */
export async function beginExecution(organizationId: string, decisionId: string, now: Date): Promise<Begun> {
  const { answer } = await callRecording<{ answer: Begun }>({
    text: "select begin_execution($1, $2, $3, $4) as answer",
    values: [organizationId, decisionId, newId(now), now],
  });
  return answer;
}

export interface Noted {
  /**
   * `noted`: it is a step, and was taken. `same`: it stands so already. `refused`: from how it stands no such step leads.
   * `missing`: there is no such execution.
   */
  outcome: "noted" | "same" | "refused" | "missing";
  status?: ExecutionState | ReversalState;
  /** What it counted was given back with this step. */
  givenBack?: boolean;
}

interface Step {
  organizationId: string;
  decisionId: string;
  of: ProviderEvent["of"];
  to: ExecutionState | ReversalState;
  via: Via;
  reference?: string | null;
  code?: FailureCode | null;
  detail?: string | null;
  /** When the provider says that it happened. */
  saidAt?: Date | null;
  /** When it is looked at again, null: not by itself. Left out: ever more rarely, up to each hour. */
  next?: Date | null | undefined;
  actor?: AuditActor;
  now: Date;
  /** A transaction that this is to be part of. */
  client?: pg.PoolClient | undefined;
}

/** Writes a step down, with its event and what follows from it, whole or not at all. */
export async function takeExecutionStep(step: Step): Promise<Noted> {
  const { organizationId, decisionId, now } = step;
  const said = {
    ...saidOf(step),
    via: step.via,
    at: step.saidAt?.toISOString() ?? null,
    ...(step.next === undefined ? {} : { next: step.next?.toISOString() ?? null }),
  };
  const query = {
    text: "select note_execution($1, $2, $3, $4, $5, $6, $7, $8) as answer",
    values: [
      organizationId,
      decisionId,
      step.of,
      step.to,
      JSON.stringify(said),
      JSON.stringify(step.actor ?? SYSTEM_ACTOR),
      newId(now),
      now,
    ],
  };
  if (!step.client) return (await callRecording<{ answer: Noted }>(query)).answer;
  const { rows } = await step.client.query<{ answer: Noted }>(query);
  if (!rows[0]) throw new Error(`${query.text} gave no row.`);
  return rows[0].answer;
}

function saidOf({ reference, code, detail }: Pick<Step, "reference" | "code" | "detail">) {
  return {
    reference: reference ?? null,
    code: code ?? null,
    detail: detail?.slice(0, DETAIL_MAX) ?? null,
  };
}

/**
 * Writes down what a person says came of it, and who they are; with `mustOwn` only where they see to it themselves, else it is
 * `missing`.
 */
export async function settleExecution(
  step: Omit<Step, "via" | "saidAt" | "next" | "client" | "actor"> & {
    by: string;
    mustOwn: boolean;
    actor: AuditActor;
  },
): Promise<Noted> {
  const { organizationId, decisionId, of, to, by, mustOwn, actor, now } = step;
  const { answer } = await callRecording<{ answer: Noted }>({
    text: "select settle_execution($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as answer",
    values: [
      ...[organizationId, decisionId, of, to, JSON.stringify(saidOf(step))],
      ...[by, mustOwn, JSON.stringify(actor), newId(now), now],
    ],
  });
  return answer;
}

/** Keeps what a provider is told, the first time; answers what it is told, which is the same each time. */
export async function keepInstruction(instruction: Instruction): Promise<Instruction> {
  const { organizationId, decisionId } = instruction;
  const { kept } = await callRecording<{ kept: Instruction }>({
    text: "select keep_instruction($1, $2, $3) as kept",
    values: [organizationId, decisionId, JSON.stringify(instruction)],
  });
  return kept;
}

const DETAIL_MAX = 1_000;

/**
 * Writes down what a provider said became of it. An execution that failed gives the allowance back, once; what a provider
 * could not take back is left to a person.
 */
export async function noteOutcome(
  about: Pick<Step, "organizationId" | "decisionId" | "of" | "via" | "saidAt" | "next" | "now" | "client"> & {
    outcome: Outcome;
  },
): Promise<Noted> {
  const { outcome, ...step } = about;
  switch (outcome.outcome) {
    case "succeeded":
    case "pending":
      return takeExecutionStep({ ...step, to: outcome.outcome, reference: outcome.reference });
    case "failed": {
      const { code, detail, reference } = outcome;
      return takeExecutionStep({
        ...step,
        to: step.of === "execution" ? "failed" : "by_hand",
        code,
        detail,
        reference,
      });
    }
    case "unknown":
      return takeExecutionStep({ ...step, to: "unknown", detail: outcome.detail });
    default:
      return outcome satisfies never;
  }
}

/**
 * What a provider told by itself. Messages may come twice, late and in any order: what doesn't lead on from what is known,
 * which the steps of an execution say, changes nothing. `client`: the transaction that this is to be part of.
 */
export async function noteProviderEvent(
  organizationId: string,
  event: ProviderEvent,
  now: Date,
  client?: pg.PoolClient,
): Promise<Noted> {
  const { decisionId, of, outcome, at } = event;
  return noteOutcome({ organizationId, decisionId, of, outcome, via: "message", saidAt: at, now, client });
}
