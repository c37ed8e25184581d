import type pg from "pg";
import { z } from "zod";
import { databaseTrouble } from "@/lib/db/health";
import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { FAILURE_CODES, type ProviderEvent, type ProviderKind } from "@/lib/execution/provider";
import type { DisputeNews } from "@/lib/execution/stripe/messages";
import { pauseAfter } from "@/lib/jobs/backoff";
import { log } from "@/lib/log";

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
  tries: number;
}

/** After so many tries that came to nothing, over a quarter of an hour or so, a message is set aside. */
export const TRIES = 5;

/**
 * Hands the oldest message that is due to `apply`, and marks it as heard in the same transaction: what `apply` writes with the
 * client and the mark are there together or not at all. A message that others have at hand is left to them, and so is
 * one before which another of its decision waits.
 *
 * One that can't be applied (`failed`) keeps no other decision waiting: it is tried again ever more rarely, then set aside until
 * somebody says `hearAgain`. `none`: nothing is due.
 *
 * @throws what keeps every message from being applied, such as a database that is away.
 */
export async function consumeProviderEvent(
  organizationId: string,
  apply: (client: pg.PoolClient, event: WaitingEvent) => Promise<void>,
  now = new Date(),
): Promise<"applied" | "failed" | "none"> {
  const at: { hand?: Row } = {};
  try {
    return await withTenant(organizationId, async (client) => {
      const row = await takeNext(client, organizationId, now);
      if (!row) return "none";
      at.hand = row;
      await apply(client, {
        provider: row.provider,
        id: row.event_id,
        decisionId: row.decision_id,
        of: row.concerns,
        outcome: outcomeSchema.parse(row.outcome),
        at: row.happened_at,
      });
      await client.query(
        `update provider_events set applied_at = $4, next_try_at = null, fault = null
         where organization_id = $1 and provider = $2 and event_id = $3`,
        [organizationId, row.provider, row.event_id, now],
      );
      return "applied";
    });
  } catch (error) {
    if (!at.hand || databaseTrouble(error) !== null) throw error;
    await noteTry(organizationId, at.hand, error, now);
    return "failed";
  }
}

async function takeNext(client: pg.PoolClient, organizationId: string, now: Date): Promise<Row | undefined> {
  const { rows } = await client.query<Row>(
    `select provider, event_id, decision_id, concerns, outcome, happened_at, tries from provider_events e
     where organization_id = $1 and applied_at is null and set_aside_at is null and (next_try_at is null or next_try_at <= $2)
       and not exists (
         select from provider_events b
         where b.organization_id = $1 and b.decision_id = e.decision_id and b.applied_at is null and b.set_aside_at is null
           and (b.received_at, b.happened_at, b.event_id) < (e.received_at, e.happened_at, e.event_id))
     order by received_at, happened_at, event_id limit 1 for update skip locked`,
    [organizationId, now],
  );
  return rows[0];
}

/** Writes down that a message was tried in vain. */
async function noteTry(organizationId: string, row: Row, error: unknown, now: Date): Promise<void> {
  const tries = row.tries + 1;
  const isOver = tries >= TRIES;
  const about = { organization: organizationId, decision: row.decision_id, provider: row.provider, tries };
  log.error(
    { ...about, event: row.event_id, err: error },
    isOver ? "what a provider said was set aside" : "what a provider said could not be applied",
  );
  await withTenant(organizationId, (client) =>
    client.query(
      `update provider_events set tries = $4, fault = $5, next_try_at = $6, set_aside_at = $7
       where organization_id = $1 and provider = $2 and event_id = $3 and applied_at is null`,
      [
        organizationId,
        row.provider,
        row.event_id,
        tries,
        codeOf(error),
        isOver ? null : new Date(now.getTime() + pauseAfter(tries)),
        isOver ? now : null,
      ],
    ),
  );
}

/** What went wrong, by a code of the database's or by its kind: the words of an error may be about somebody. */
function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return String(code ?? name ?? "").slice(0, 200) || "unknown";
}

/** The organizations in which something is to be applied by then. */
export async function organizationsWithProviderEvents(now = new Date()): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>("select organizations_with_provider_events($1) as id", [
    now,
  ]);
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
