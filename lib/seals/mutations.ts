import { isDatabaseAway } from "@/lib/db/health";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { log } from "@/lib/log";
import { publishSeals } from "@/lib/seals/publish";
import { listOrganizations, sealHistory } from "@/lib/seals/sealer";
import type { VerificationPhase, VerificationResult } from "@/lib/seals/types";
import { verifyHistory } from "@/lib/seals/verify";

/** How often a verification writes down how far it is. */
const NOTE_MS = 500;

/**
 * Seals what waits in every organization, and publishes what was sealed. What breaks in one of them is told in the log
 * and keeps nothing from the others.
 */
export async function sealEverything(
  options: { now?: () => Date; signal?: AbortSignal } = {},
): Promise<void> {
  for (const organizationId of await listOrganizations()) {
    if (options.signal?.aborted) return;
    try {
      await sealHistory({ organizationId, ...options });
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      log.error({ err: error, organization: organizationId }, "history could not be sealed");
    }
    try {
      await publishSeals(organizationId);
    } catch (error) {
      log.error({ err: error, organization: organizationId }, "seals could not be published");
    }
  }
}

/** Asks the worker to verify an organization's history, unless it is about to; answers which verification that is. */
export async function requestVerification(options: {
  organizationId: string;
  askedBy: string | null;
  now: Date;
}): Promise<{ id: string }> {
  const { organizationId, askedBy, now } = options;
  const { rows } = await pool().query<{ id: string }>("select request_verification($1, $2, $3, $4) as id", [
    organizationId,
    newId(now),
    askedBy,
    now,
  ]);
  if (!rows[0]) throw new Error("No verification was asked for.");
  return rows[0];
}

/**
 * Does a verification that was asked for, and keeps what it found. One that was broken off begins anew; one that is over
 * is left alone.
 *
 * What breaks is noted at the verification. Only a stop of the worker and a database that is away are thrown, for the
 * queue to try again.
 */
export async function runVerification(options: {
  organizationId: string;
  id: string;
  signal?: AbortSignal;
}): Promise<VerificationResult | null> {
  const { organizationId, id, signal } = options;
  const begun = await update(organizationId, id, {
    status: "running",
    phase: "seals",
    processed: 0,
    total: null,
    result: null,
  });
  if (!begun) return null;
  let notedAt = 0;
  try {
    const result = await verifyHistory({
      organizationId,
      signal,
      onProgress: async ({ phase, processed, total }) => {
        if (Date.now() - notedAt < NOTE_MS) return;
        notedAt = Date.now();
        await update(organizationId, id, { status: "running", phase, processed, total, result: null });
      },
    });
    const { state, events, decisions, entries } = result;
    const processed = events * 2 + decisions + entries;
    await update(organizationId, id, { status: "done", phase: null, processed, total: processed, result });
    if (state !== "whole") {
      log.error(
        { organization: organizationId, state, break: result.break, doubts: result.doubts.slice(0, 3) },
        "history is not whole",
      );
    }
    return result;
  } catch (error) {
    if (signal?.aborted || isDatabaseAway(error)) throw error;
    log.error({ err: error, verification: id }, "a verification broke");
    await update(organizationId, id, {
      status: "failed",
      phase: null,
      processed: 0,
      total: null,
      result: null,
    });
    return null;
  }
}

interface Noted {
  status: "running" | "done" | "failed";
  phase: VerificationPhase | null;
  processed: number;
  total: number | null;
  result: VerificationResult | null;
}

/** Answers whether there was one that isn't over. */
async function update(organizationId: string, id: string, noted: Noted): Promise<boolean> {
  const { status, phase, processed, total, result } = noted;
  return withTenant(organizationId, async (client) => {
    const { rowCount } = await client.query(
      `update seal_verifications set status = $3, phase = $4, processed = $5, total = $6, result = $7,
         started_at = coalesce(started_at, clock_timestamp()),
         finished_at = case when $3 in ('done', 'failed') then clock_timestamp() end
       where organization_id = $1 and id = $2 and status in ('queued', 'running')`,
      [organizationId, id, status, phase, processed, total, result && JSON.stringify(result)],
    );
    return (rowCount ?? 0) > 0;
  });
}

/** Asks for a verification of every organization. */
export async function requestVerifications(now: Date): Promise<void> {
  for (const organizationId of await listOrganizations()) {
    await requestVerification({ organizationId, askedBy: null, now });
  }
}
