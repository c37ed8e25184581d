import { consumeProviderEvents, organizationsWithProviderEvents } from "@/lib/execution/inbound";
import { noteProviderEvent } from "@/lib/execution/mutations";
import { log } from "@/lib/log";
import { countExecution } from "@/lib/metrics/registry";

/**
 * Applies what providers of an organization said by themselves, each message in a transaction with the mark that it was heard, so that
 * no two executions wait for each other. What another provider says than the one that carries it out is nothing to it.
 * Answers how many there were.
 */
export async function applyNews(organizationId: string, now: () => Date = () => new Date()): Promise<number> {
  for (let heard = 0; ; heard++) {
    const count = await consumeProviderEvents(
      organizationId,
      async (client, event) => {
        const { rows } = await client.query<{ provider: string }>(
          "select provider from executions where organization_id = $1 and decision_id = $2",
          [organizationId, event.decisionId],
        );
        if (rows[0]?.provider !== event.provider) return;
        const noted = await noteProviderEvent(organizationId, event, now(), client);
        const { decisionId: decision, provider, of, outcome } = event;
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
      },
      { limit: 1, now: now() },
    );
    if (count === 0) return heard;
  }
}

/** The same in every organization in which something waits; one whose news can't be applied doesn't hold up the others. */
export async function applyAllNews(): Promise<void> {
  for (const organizationId of await organizationsWithProviderEvents()) {
    await applyNews(organizationId).catch((error: unknown) =>
      log.error({ organization: organizationId, err: error }, "what a provider said could not be applied"),
    );
  }
}
