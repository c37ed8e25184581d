import { z } from "zod";
import { STATUSES } from "@/lib/decisions/types";
import { REMEDIES, VERDICTS } from "@/lib/discretion/schema";
import { HANDOVER_STATUSES } from "@/lib/handovers/types";
import { groupOf, KINDS, type Kind, type KindGroup, PING } from "@/lib/webhooks/kinds";

/** A decision as endpoints are told of it: how it stands when the message is written. */
export const decisionStateSchema = z.strictObject({
  id: z.uuid(),
  verdict: z.enum(VERDICTS),
  status: z.enum(STATUSES),
  remedy: z.enum(REMEDIES),
  amount: z.int().describe("What was asked for, in minor units of the currency."),
  currency: z.string(),
  employee: z.uuid(),
  customer: z.uuid(),
  order: z.uuid().nullable(),
  policyVersion: z.int(),
  cause: z.string().nullable(),
});
export type DecisionState = z.output<typeof decisionStateSchema>;

/** The same of a handover. */
export const handoverStateSchema = z.strictObject({
  id: z.uuid(),
  status: z.enum(HANDOVER_STATUSES),
  askedBy: z.uuid(),
  waitingFor: z.uuid().nullable(),
  answeredBy: z.uuid().nullable(),
  granted: z.int().nullable().describe("Minor units; null while nothing is granted."),
});
export type HandoverState = z.output<typeof handoverStateSchema>;

const about = {
  event: z.uuid().describe("The event of the audit trail; also the message's id."),
  organization: z.uuid(),
  actor: z.strictObject({ kind: z.enum(["employee", "api_key", "system"]), id: z.uuid().nullable() }),
};
const detail = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .describe("What the event says besides: numbers, ids and states, by name. A later version may say more.");

const ofDecision = z.strictObject({ ...about, decision: decisionStateSchema.nullable(), detail });

/** The data of a message, by what it happened to. */
export const TOLD = {
  decision: ofDecision,
  handover: z.strictObject({ ...ofDecision.shape, handover: handoverStateSchema.nullable() }),
  execution: ofDecision,
  policy: z.strictObject({ ...about, policy: z.string().describe("The version's number."), detail }),
  review: ofDecision,
} satisfies Record<KindGroup, z.ZodObject>;

/** The data of a test. */
const pingSchema = z.strictObject({ organization: z.uuid(), endpoint: z.uuid() });

/** Every kind of message that an endpoint may get. */
export const TOLD_KINDS: readonly (Kind | typeof PING)[] = [...Object.values(KINDS).flat(), PING];

/** The data of a kind of message. */
export function dataSchemaOf(kind: Kind | typeof PING): z.ZodObject {
  const group = kind === PING ? null : groupOf(kind);
  return group === null ? pingSchema : TOLD[group];
}
