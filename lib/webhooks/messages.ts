import type pg from "pg";
import { isId } from "@/lib/db/ids";
import type { NewsEvent } from "@/lib/feed/news";
import { messageBody } from "@/lib/http/signed";
import type { DecisionState, HandoverState } from "@/lib/webhooks/told";

/** What endpoints are told of one event. */
export interface Message {
  id: string;
  type: string;
  decisionId: string | null;
  body: string;
  at: Date;
}

/** A state or a key, as Leeway itself writes them; nothing that a person has typed looks like that by chance alone. */
const TOKEN = /^[a-z][a-z0-9_]{0,60}$/;
/** What a provider calls something: an id of theirs. */
const REFERENCE = /^[\w:.-]{1,200}$/;

/**
 * Puts events into words for other systems, as `told.ts` says that they are: ids, states and amounts, and no name, no contact and no text that somebody
 * wrote. The states are those of now: of what happened in between there are events of its own.
 */
export async function writeMessages(
  client: pg.PoolClient,
  organizationId: string,
  events: readonly NewsEvent[],
): Promise<Message[]> {
  const ids = [...new Set(events.map(decisionOf).filter((id) => id !== null))];
  const [decisions, handovers] =
    ids.length > 0 ? await readStates(client, organizationId, ids) : [new Map(), new Map()];
  return events.map((event) => {
    const decisionId = decisionOf(event);
    const isHandover = event.action.startsWith("handover.");
    const data = {
      event: event.id,
      organization: organizationId,
      actor: { kind: event.actorKind, id: event.actorId },
      ...(decisionId === null
        ? { [event.subjectKind]: event.subjectId }
        : { decision: decisions.get(decisionId) ?? null }),
      ...(decisionId !== null && isHandover ? { handover: handovers.get(decisionId) ?? null } : {}),
      detail: detailOf(event.data),
    };
    return {
      id: event.id,
      type: event.action,
      decisionId,
      body: messageBody(event.action, event.at, data),
      at: event.at,
    };
  });
}

function decisionOf({ subjectKind, subjectId, data }: NewsEvent): string | null {
  if (subjectKind === "decision" && isId(subjectId)) return subjectId;
  return typeof data.decisionId === "string" && isId(data.decisionId) ? data.decisionId : null;
}

/** What an event says besides: numbers, ids and states. Everything else stays inside. */
function detailOf(data: Record<string, unknown>): Record<string, string | number | boolean> {
  const told = Object.entries(data).filter(
    (entry): entry is [string, string | number | boolean] =>
      typeof entry[1] === "number" ||
      typeof entry[1] === "boolean" ||
      (typeof entry[1] === "string" &&
        (isId(entry[1]) || TOKEN.test(entry[1]) || (entry[0] === "reference" && REFERENCE.test(entry[1])))),
  );
  return Object.fromEntries(told);
}

async function readStates(
  client: pg.PoolClient,
  organizationId: string,
  ids: readonly string[],
): Promise<[Map<string, DecisionState>, Map<string, HandoverState>]> {
  const decisions = await client.query<{ state: DecisionState }>(
    `select jsonb_build_object('id', d.id, 'verdict', d.verdict, 'status', d.status, 'remedy', d.remedy, 'amount', d.amount,
       'currency', d.currency, 'employee', d.employee_id, 'customer', d.customer_id, 'order', d.order_id,
       'policyVersion', d.policy_version, 'cause', d.cause) as state, d.created_at as at
     from decisions d where d.organization_id = $1 and d.id = any ($2)`,
    [organizationId, ids],
  );
  const handovers = await client.query<{ decision: string; state: HandoverState }>(
    `select h.decision_id as decision, jsonb_build_object('id', h.id, 'status', h.status, 'askedBy', h.asked_by,
       'waitingFor', h.waiting_for, 'answeredBy', h.answered_by, 'granted', h.granted_amount) as state
     from handovers h where h.organization_id = $1 and h.decision_id = any ($2)`,
    [organizationId, ids],
  );
  return [
    new Map(decisions.rows.map(({ state }) => [state.id, state])),
    new Map(handovers.rows.map(({ decision, state }) => [decision, state])),
  ];
}
