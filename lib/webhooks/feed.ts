import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { readNews } from "@/lib/feed/news";
import { log } from "@/lib/log";
import { isWanted, TOLD_BEGINNINGS } from "@/lib/webhooks/kinds";
import { writeMessages } from "@/lib/webhooks/messages";

/**
 * Makes a delivery of everything that has happened for each endpoint that chose it, in one transaction with the note
 * that it was read. Answers how many there are. An endpoint hears of what happens from the moment that it was added.
 */
export async function feedWebhooks(organizationId: string, now: Date): Promise<number> {
  for (let made = 0; ; ) {
    const round = await feedOnce(organizationId, now);
    made += round.made;
    if (!round.more) return made;
  }
}

async function feedOnce(organizationId: string, now: Date): Promise<{ made: number; more: boolean }> {
  return withTenant(organizationId, async (client) => {
    const { rows: endpoints } = await client.query<{ id: string; kinds: string[]; at: Date }>(
      "select id, kinds, created_at as at from webhook_endpoints where organization_id = $1",
      [organizationId],
    );
    if (endpoints.length === 0) return { made: 0, more: false };
    const news = await readNews(client, {
      organizationId,
      reader: "webhooks",
      beginnings: TOLD_BEGINNINGS,
      unlessRead:
        "exists (select from webhook_messages m where m.organization_id = e.organization_id and m.id = e.id)",
      now,
    });
    if (!news) return { made: 0, more: false };
    const wanted = news.events.map((event) => ({
      event,
      by: endpoints.filter(({ kinds, at }) => at <= event.at && isWanted(kinds, event.action)),
    }));
    const told = wanted.filter(({ by }) => by.length > 0);
    const messages = await writeMessages(
      client,
      organizationId,
      told.map(({ event }) => event),
    );
    if (messages.length > 0) {
      await client.query(
        `insert into webhook_messages (organization_id, id, type, decision_id, body, occurred_at, created_at)
         select $1, x.id, x.type, x.decision, x.body, x.at, $7
         from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::timestamptz[]) as x (id, type, decision, body, at)
         on conflict do nothing`,
        [
          organizationId,
          messages.map(({ id }) => id),
          messages.map(({ type }) => type),
          messages.map(({ decisionId }) => decisionId),
          messages.map(({ body }) => body),
          messages.map(({ at }) => at),
          now,
        ],
      );
    }
    const pairs = told.flatMap(({ event, by }) => by.map(({ id }) => ({ endpoint: id, message: event.id })));
    if (pairs.length > 0) {
      await client.query(
        `insert into webhook_deliveries (organization_id, endpoint_id, message_id, next_attempt_at, created_at)
         select $1, x.endpoint, x.message, $4, $4 from unnest($2::uuid[], $3::uuid[]) as x (endpoint, message)
         on conflict do nothing`,
        [organizationId, pairs.map(({ endpoint }) => endpoint), pairs.map(({ message }) => message), now],
      );
    }
    await news.advance();
    return { made: pairs.length, more: news.more };
  });
}

/** Does so for every organization that has an endpoint. One that it fails for keeps it from no other. */
export async function feedAllWebhooks(now: Date): Promise<void> {
  const { rows } = await pool().query<{ id: string }>("select organizations_with_webhooks() as id");
  for (const { id } of rows) {
    await feedWebhooks(id, now).catch((error: unknown) =>
      log.error({ err: error, organization: id }, "what happened could not be read for its webhooks"),
    );
  }
}
