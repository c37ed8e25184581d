import { withTenant } from "@/lib/db/tenant";
import type { Outcome, Provider } from "@/lib/execution/provider";
import { log } from "@/lib/log";
import type { OutsideKind } from "@/lib/providers/types";

/** As long as it goes on the same way, that is written down no more often than this. */
const EVERY = "1 minute";

/** Writes down how a provider does, by what it was last asked. Whether that succeeds is nothing to whoever asked. */
export async function noteHealth(
  organizationId: string,
  kind: OutsideKind,
  fault: string | null,
  now = new Date(),
): Promise<void> {
  const state = fault === null ? "well" : "failing";
  await withTenant(organizationId, (client) =>
    client.query(
      `update execution_providers set last_outcome = $3, last_fault = $4, last_outcome_at = $5
       where organization_id = $1 and kind = $2
         and (last_outcome is distinct from $3 or last_fault is distinct from $4 or last_outcome_at < $5::timestamptz - $6::interval)`,
      [organizationId, kind, state, fault, now, EVERY],
    ),
  ).catch((error: Error) => log.warn({ reason: error.message }, "a provider's health was not written down"));
}

/** The provider, with each outcome noted: it fails where it can't be asked, not where it refuses. */
export function watched(organizationId: string, kind: OutsideKind, provider: Provider): Provider {
  const note = async <T extends Outcome | { outcome: "absent" }>(outcome: Promise<T>): Promise<T> => {
    const answered = await outcome;
    await noteHealth(organizationId, kind, faultOf(answered));
    return answered;
  };
  return {
    ...provider,
    execute: (instruction, options) => note(provider.execute(instruction, options)),
    reverse: (instruction, options) => note(provider.reverse(instruction, options)),
  };
}

function faultOf(outcome: Outcome | { outcome: "absent" }): string | null {
  if (outcome.outcome === "unknown") return outcome.detail;
  return outcome.outcome === "failed" && outcome.code === "not_configured" ? outcome.detail : null;
}
