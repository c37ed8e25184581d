import type pg from "pg";
import { z } from "zod";
import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { FAILURE_CODES, type ProviderEvent, type ProviderKind } from "@/lib/execution/provider";
import type { DisputeNews } from "@/lib/execution/stripe/messages";

const reference = z.string().nullable();
const outcomeSchema = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("succeeded"), reference }),
  z.object({ outcome: z.literal("pending"), reference }),
  z.object({ outcome: z.literal("failed"), code: z.enum(FAILURE_CODES), detail: z.string(), reference }),
  z.object({ outcome: z.literal("unknown"), detail: z.string() }),
]);

/**
 * Keeps what a provider says of decisions until it is applied to their executions, for which the worker looks. The same
 * message again is ignored, and so is one about a decision that isn't this organization's: two installations may share an
 * account at a provider. Answers how many were new. When it answers, they are on the disk.
 */
export async function applyProviderEvents(
  organizationId: string,
  provider: ProviderKind,
  events: readonly ProviderEvent[],
  now = new Date(),
): Promise<{ kept: number }> {
  if (events.length === 0) return { kept: 0 };
  const rows = events.map(({ id, decisionId, of, outcome, at }) => ({ id, decisionId, of, outcome, at }));
  return withTenant(organizationId, async (client) => {
    const { rowCount } = await client.query(
      `insert into provider_events (organization_id, provider, event_id, decision_id, concerns, outcome, happened_at, received_at)
       select $1, $2, x.id, x."decisionId", x.of, x.outcome, x.at, $4
       from jsonb_to_recordset($3::jsonb) as x (id text, "decisionId" uuid, of text, outcome jsonb, at timestamptz)
       where exists (select from decisions d where d.organization_id = $1 and d.id = x."decisionId")
       on conflict (organization_id, provider, event_id) do nothing`,
      [organizationId, provider, JSON.stringify(rows), now],
    );
    return { kept: rowCount ?? 0 };
  });
}

/** What an execution has yet to hear. */
export interface WaitingEvent extends ProviderEvent {
  provider: ProviderKind;
}

interface Row {
  provider: ProviderKind;
  event_id: string;
  decision_id: string;
  concerns: ProviderEvent["of"];
  outcome: unknown;
  happened_at: Date;
}

/**
 * Hands what waits to `apply`, the oldest first, and marks it as heard in the same transaction: what `apply` writes with the
 * client and the mark are there together or not at all. Events that somebody else has at hand are left to them. Answers
 * how many there were.
 */
export async function consumeProviderEvents(
  organizationId: string,
  apply: (client: pg.PoolClient, event: WaitingEvent) => Promise<void>,
  { limit = 50, now = new Date() }: { limit?: number; now?: Date } = {},
): Promise<number> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<Row>(
      `select provider, event_id, decision_id, concerns, outcome, happened_at from provider_events
       where organization_id = $1 and applied_at is null
       order by received_at, happened_at limit $2 for update skip locked`,
      [organizationId, limit],
    );
    for (const row of rows) {
      await apply(client, {
        provider: row.provider,
        id: row.event_id,
        decisionId: row.decision_id,
        of: row.concerns,
        outcome: outcomeSchema.parse(row.outcome),
        at: row.happened_at,
      });
      await client.query(
        "update provider_events set applied_at = $4 where organization_id = $1 and provider = $2 and event_id = $3",
        [organizationId, row.provider, row.event_id, now],
      );
    }
    return rows.length;
  });
}

/** The organizations in which something waits to be applied. */
export async function organizationsWithProviderEvents(): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>("select organizations_with_provider_events() as id");
  return rows.map(({ id }) => id);
}

/** Keeps how disputes stand. What is older than what is known changes nothing; at the same second an end stands. */
export async function noteDisputes(
  organizationId: string,
  disputes: readonly DisputeNews[],
  now = new Date(),
): Promise<void> {
  if (disputes.length === 0) return;
  await withTenant(organizationId, async (client) => {
    for (const { id, paymentRefs, isOpen, at } of disputes) {
      if (paymentRefs.length === 0) continue;
      await client.query(
        `insert into payment_disputes as d (organization_id, provider, dispute_id, payment_refs, is_open, as_of, received_at)
         values ($1, 'stripe', $2, $3, $4, $5, $6)
         on conflict (organization_id, provider, dispute_id) do update
           set payment_refs = excluded.payment_refs, is_open = excluded.is_open, as_of = excluded.as_of,
             received_at = excluded.received_at
         where excluded.as_of > d.as_of or (excluded.as_of = d.as_of and not excluded.is_open)`,
        [organizationId, id, paymentRefs, isOpen, at, now],
      );
    }
  });
}
