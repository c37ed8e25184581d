import { z } from "zod";
import type { Actor } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import type { TenantTransaction } from "@/lib/db/prisma";

const fields = z.strictObject({ fields: z.array(z.string()) });
const providerKind = z.strictObject({ kind: z.string() });
const nothing = z.strictObject({});

/**
 * Everything that is written down besides decisions, with what is said of it. Data holds ids, keys and names of fields:
 * never names of people or how to reach them, which have to be erasable.
 */
const EVENTS = {
  "api_key.created": { subject: "api_key", data: z.strictObject({ scopes: z.array(z.string()) }) },
  "cause.noted": { subject: "cause", data: fields },
  "cause.created": { subject: "cause", data: fields },
  "cause.updated": { subject: "cause", data: fields },
  "customer.created": { subject: "customer", data: fields },
  "customer.updated": { subject: "customer", data: fields },
  "customer.exported": { subject: "customer", data: nothing },
  "customers.imported": {
    subject: "organization",
    data: z.strictObject({ created: z.int(), updated: z.int() }),
  },
  "decisions.exported": {
    subject: "organization",
    data: z.strictObject({ filters: z.array(z.string()), columns: z.array(z.string()) }),
  },
  "duty.set": {
    subject: "employee",
    data: z.strictObject({ onDuty: z.boolean(), deputyId: z.uuid().nullable() }),
  },
  "embed.allowed": { subject: "session", data: z.strictObject({ origin: z.string() }) },
  "embed_origin.added": { subject: "organization", data: z.strictObject({ origin: z.string() }) },
  "embed_origin.removed": { subject: "organization", data: z.strictObject({ origin: z.string() }) },
  "employee.created": { subject: "employee", data: fields },
  "employee.exported": { subject: "employee", data: nothing },
  "employee.updated": { subject: "employee", data: fields },
  "execution_provider.set": {
    subject: "organization",
    data: z.strictObject({ remedy: z.string(), provider: z.string(), before: z.string().nullable() }),
  },
  "order.created": { subject: "order", data: fields },
  "order.updated": { subject: "order", data: fields },
  "orders.imported": {
    subject: "organization",
    data: z.strictObject({ created: z.int(), updated: z.int(), customers: z.int() }),
  },
  "organization.created": { subject: "organization", data: nothing },
  "organization.updated": { subject: "organization", data: fields },
  "password.one_time": { subject: "employee", data: nothing },
  "password.replaced": { subject: "employee", data: nothing },
  "provider.disabled": { subject: "organization", data: providerKind },
  "provider.enabled": { subject: "organization", data: providerKind },
  "provider.heard_again": { subject: "organization", data: providerKind.extend({ events: z.int() }) },
  "provider.removed": { subject: "organization", data: providerKind },
  "provider.saved": { subject: "organization", data: providerKind.extend(fields.shape) },
  "rate.removed": { subject: "rate", data: z.strictObject({ before: z.string() }) },
  "rate.set": { subject: "rate", data: z.strictObject({ rate: z.string(), before: z.string().nullable() }) },
  "retention.enforced": { subject: "organization", data: z.record(z.string(), z.int()) },
  "review_rule.set": {
    subject: "organization",
    data: z.strictObject({
      sharePercent: z.int(),
      bends: z.boolean(),
      fromAmount: z.int().nullable(),
      newDays: z.int().nullable(),
    }),
  },
  "session.opened": { subject: "session", data: nothing },
  "signal.named": {
    subject: "organization",
    data: z.strictObject({ signal: z.string(), employees: z.array(z.uuid()), customers: z.array(z.uuid()) }),
  },
  "webhook.created": { subject: "webhook", data: z.strictObject({ kinds: z.array(z.string()) }) },
  "webhook.updated": { subject: "webhook", data: fields },
  "webhook.removed": { subject: "webhook", data: nothing },
  "webhook.disabled": { subject: "webhook", data: nothing },
  "webhook.replayed": { subject: "webhook", data: z.strictObject({ messages: z.int() }) },
  "notice.updated": {
    subject: "organization",
    data: z.strictObject({ remedy: z.string(), on: z.boolean() }),
  },
  "view.shared": { subject: "view", data: nothing },
  "view.removed": { subject: "view", data: nothing },
} as const;

export type AuditAction = keyof typeof EVENTS;

export interface AuditEvent<A extends AuditAction> {
  organizationId: string;
  actor: AuditActor;
  action: A;
  subjectId: string;
  data: z.input<(typeof EVENTS)[A]["data"]>;
  at: Date;
}

/** Who is written down as having done it. */
export interface AuditActor {
  kind: Actor["kind"];
  id: string | null;
}

/** The part of an actor that history keeps. */
export function auditActor(actor: Actor): AuditActor {
  switch (actor.kind) {
    case "employee":
      return { kind: "employee", id: actor.employeeId };
    case "api_key":
      return { kind: "api_key", id: actor.apiKeyId };
    case "system":
      return { kind: "system", id: null };
    default:
      return actor satisfies never;
  }
}

/**
 * Writes an event in the transaction of the change that it tells of: an event that can't be written undoes the change.
 */
export async function audit<A extends AuditAction>(
  tx: TenantTransaction,
  event: AuditEvent<A>,
): Promise<void> {
  await auditAll(tx, [event]);
}

/** As `audit`, for many changes of one kind. */
export async function auditAll<A extends AuditAction>(
  tx: TenantTransaction,
  events: readonly AuditEvent<A>[],
): Promise<void> {
  await tx.auditEvent.createMany({
    data: events.map((event) => {
      const { subject, data } = EVENTS[event.action];
      return {
        organizationId: event.organizationId,
        id: newId(event.at),
        actorKind: event.actor.kind,
        actorId: event.actor.id,
        action: event.action,
        subjectKind: subject,
        subjectId: event.subjectId,
        data: data.parse(event.data),
        createdAt: event.at,
      };
    }),
  });
}
