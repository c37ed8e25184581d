import { withTenant } from "@/lib/db/tenant";
import { DAY_MS } from "@/lib/discretion/windows";
import type { ProviderKind } from "@/lib/execution/provider";
import type { ExecutionState } from "@/lib/execution/types";
import { lookAt } from "@/lib/execution/work";

/** How long what is over is still asked about: refunds come back for weeks. */
const RECENT_MS = 35 * DAY_MS;
/** How many are asked about in one run, those that are open first. */
const AT_MOST = 5_000;

/** What a provider says of an execution and what we hold of it, where no step leads from the one to the other. */
export interface ProviderDifference {
  decisionId: string;
  provider: ProviderKind;
  expected: string;
  found: ExecutionState;
}

/**
 * Asks the providers that are elsewhere about what is open, and about what was over lately. What is new is written down as
 * they say it, a failure giving the allowance back; what contradicts us is answered.
 */
export async function askProviders(options: {
  organizationId: string;
  now: Date;
  signal?: AbortSignal | undefined;
}): Promise<{ asked: number; differences: ProviderDifference[] }> {
  const { organizationId, now, signal } = options;
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ id: string; provider: ProviderKind; status: ExecutionState }>(
      `select decision_id as id, provider, status from executions
       where organization_id = $1 and provider not in ('by_hand', 'store_credit')
         and (status in ('pending', 'unknown') or (status in ('succeeded', 'failed') and moved_at > $2 and moved_at < $3))
       order by status in ('pending', 'unknown') desc, moved_at limit ${AT_MOST}`,
      // What moved this moment the provider may not tell of yet.
      [organizationId, new Date(now.getTime() - RECENT_MS), new Date(now.getTime() - 60_000)],
    ),
  );
  const differences: ProviderDifference[] = [];
  for (const { id: decisionId, provider, status } of rows) {
    signal?.throwIfAborted();
    const { outcome } = await lookAt({
      organizationId,
      decisionId,
      provider,
      now: new Date(),
      ...(signal ? { signal } : {}),
    });
    const contradicts =
      (status === "failed" && (outcome === "succeeded" || outcome === "pending")) ||
      (status === "succeeded" && (outcome === "absent" || outcome === "pending"));
    if (contradicts) differences.push({ decisionId, provider, expected: outcome, found: status });
  }
  return { asked: rows.length, differences };
}
