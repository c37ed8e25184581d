import { isId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import type { FailureCode, ProviderKind } from "@/lib/execution/provider";

/** Something that happened to a decision, as the audit log has it. */
export interface TimelineEvent {
  action: string;
  at: string;
  /** Who did it, or whom the key did it for; null where Leeway did, or a key for nobody. */
  actor: string | null;
  /** The key by which it came in. */
  key: string | null;
  /** The customer whom it counts for since, where records were merged or parted. */
  countsFor: string | null;
  /** Whom a handover, or what is to be done by hand, went to. */
  goesTo: string | null;
  /** By when whoever sees to it should be done, where that was said with it. */
  dueAt: string | null;
  /** Of a step of an execution: at which provider, under what reference, at which try, and why it failed. */
  execution: ExecutionNote | null;
}

export interface ExecutionNote {
  provider: ProviderKind;
  reference: string | null;
  attempt: number;
  code: FailureCode | null;
  /** Somebody said so in the provider's place. */
  byPerson: boolean;
  /** How the person who said so knows, or why it can't be done; gone with the customer, or with time. */
  reason: string | null;
}

/** What a person said came of an execution, with their reason, as it stands beside the execution. */
export interface SettledNote {
  at: Date;
  of: "execution" | "reversal";
  reason: string | null;
}

interface EventRow {
  actorKind: string;
  actorId: string | null;
  action: string;
  data: unknown;
  createdAt: Date;
}

/** What an event says of people and records, by their ids. */
interface Said {
  employeeId: string | null;
  keyId: string | null;
  customerId: string | null;
  toId: string | null;
}

function saidBy(event: EventRow): Said {
  const data = (event.data ?? {}) as Record<string, unknown>;
  const id = (value: unknown) => (typeof value === "string" && isId(value) ? value : null);
  return {
    employeeId: event.actorKind === "employee" ? event.actorId : id(data.by ?? data.employeeId),
    keyId: event.actorKind === "api_key" ? event.actorId : null,
    customerId: event.action.startsWith("decision.customer_") ? id(data.to) : null,
    toId: event.action === "handover.routed" || event.action === "execution.owned" ? id(data.to) : null,
  };
}

function isStepOf({ action, createdAt }: EventRow, { of, at }: SettledNote): boolean {
  const prefix = of === "execution" ? "execution." : "execution_reversal.";
  return action.startsWith(prefix) && createdAt.getTime() === at.getTime();
}

/** What happens to an execution and leaves it where it is. */
const NO_STEPS: readonly string[] = ["execution.owned", "execution.sent_again"];

function executionNote(event: EventRow, settled: SettledNote | null): ExecutionNote | null {
  const { action, data } = event;
  if (!/^execution(_reversal)?\./.test(action) || NO_STEPS.includes(action)) return null;
  const { provider, reference, attempt, code, via } = (data ?? {}) as Record<string, unknown>;
  return {
    provider: provider as ProviderKind,
    reference: typeof reference === "string" ? reference : null,
    attempt: typeof attempt === "number" ? attempt : 0,
    code: typeof code === "string" ? (code as FailureCode) : null,
    byPerson: via === "person",
    reason: settled && isStepOf(event, settled) ? settled.reason : null,
  };
}

function dueBy({ action, data }: EventRow): string | null {
  const { due } = (data ?? {}) as Record<string, unknown>;
  return action === "execution.owned" && typeof due === "string" ? new Date(due).toISOString() : null;
}

/** The events in words for people: ids become the names that they have today. */
export async function toTimeline(
  organizationId: string,
  events: readonly EventRow[],
  settled: SettledNote | null,
): Promise<TimelineEvent[]> {
  const db = tenantDb(organizationId);
  const said = events.map(saidBy);
  const among = (ids: (string | null)[]) => ({
    where: { organizationId, id: { in: ids.filter((id): id is string => id !== null) } },
    select: { id: true, name: true },
  });
  const [employees, keys, customers] = await Promise.all([
    db.employee.findMany(among(said.flatMap(({ employeeId, toId }) => [employeeId, toId]))),
    db.apiKey.findMany(among(said.map(({ keyId }) => keyId))),
    db.customer.findMany(among(said.map(({ customerId }) => customerId))),
  ]);
  const name = (rows: readonly { id: string; name: string }[], id: string | null) =>
    rows.find((row) => row.id === id)?.name ?? null;
  return events.map((event, index) => ({
    action: event.action,
    at: event.createdAt.toISOString(),
    actor: name(employees, said[index]?.employeeId ?? null),
    key: name(keys, said[index]?.keyId ?? null),
    countsFor: name(customers, said[index]?.customerId ?? null),
    goesTo: name(employees, said[index]?.toId ?? null),
    dueAt: dueBy(event),
    execution: executionNote(event, settled),
  }));
}
