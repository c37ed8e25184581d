import type pg from "pg";
import {
  consumeProviderEvent,
  organizationsWithProviderEvents,
  type WaitingEvent,
} from "@/lib/execution/inbound";
import { noteProviderEvent } from "@/lib/execution/mutations";
import { log } from "@/lib/log";
import { countExecution } from "@/lib/metrics/registry";

/**
 * Applies what providers of an organization said by themselves, each message in a transaction with the mark that it was heard, so that
 * no two executions wait for each other. What another provider says than the one that carries it out is nothing to it.
 * Answers how many were heard.
 */
export async function applyNews(organizationId: string, now: () => Date = () => new Date()): Promise<number> {
  for (let heard = 0; ; ) {
    const came = await consumeProviderEvent(
      organizationId,
      (client, event) => applyEvent(client, organizationId, event, now()),
      now(),
    );
    if (came === "none") return heard;
    if (came === "applied") heard += 1;
  }
}

async function applyEvent(
  client: pg.PoolClient,
  organizationId: string,
  event: WaitingEvent,
  now: Date,
): Promise<void> {
  const { decisionId: decision, provider, of, outcome } = event;
  const { rows } = await client.query<{ provider: string }>(
    "select provider from executions where organization_id = $1 and decision_id = $2",
    [organizationId, decision],
  );
  if (rows[0]?.provider !== provider) return;
  const noted = await noteProviderEvent(organizationId, event, now, client);
  if (noted.outcome === "noted") countExecution(provider, of, outcome.outcome);
  log.info(
    {
      organization: organizationId,
      decision,
      provider,
      of,
      outcome: outcome.outcome,
      noted: noted.outcome,
    },
    "a provider said what came of a decision",
  );
}

/** The same in every organization in which something is due; one that it fails for keeps it from no other. */
export async function applyAllNews(): Promise<void> {
  for (const organizationId of await organizationsWithProviderEvents()) {
    await applyNews(organizationId).catch((error: unknown) =>
      log.error({ organization: organizationId, err: error }, "what providers said could not be applied"),
    );
  }
}
