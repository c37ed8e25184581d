import type pg from "pg";
import { leastIdAt, newId } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import type { FieldError } from "@/lib/decisions/types";
import { limitApplies } from "@/lib/discretion/applies";
import { counterDefinition, counterKey } from "@/lib/discretion/counters";
import { type Limit, type Policy, policySchema } from "@/lib/discretion/schema";
import type { DecisionRequest, Facts } from "@/lib/discretion/types";
import { windowStartInstant } from "@/lib/discretion/windows";
import { fieldErrors } from "@/lib/http/problem";
import { sawPolicy } from "@/lib/policies/data";

export type PublishAnswer =
  | { ok: true; version: number }
  /** The document doesn't fit; every fault at once. */
  | { ok: false; code: "invalid"; errors: FieldError[] }
  /** Somebody else published meanwhile; `current` is the version in force. */
  | { ok: false; code: "stale"; current: number | null };

/** How many decisions of the past are read at once while new limits count them. */
const BATCH = 2_000;

/**
 * Puts a policy in force as the organization's next version, at once.
 *
 * `base` is the version that the author started from, null for the first. Limits that the version in force doesn't
 * know count what happened before in their window, under one lock with the publication: no decision falls between.
 */
export async function publishPolicy(options: {
  organizationId: string;
  base: number | null;
  document: unknown;
  note: string | null;
  authorId: string | null;
  now: Date;
}): Promise<PublishAnswer> {
  const { organizationId, base, note, authorId, now } = options;
  const parsed = policySchema.safeParse(options.document);
  if (!parsed.success) return { ok: false, code: "invalid", errors: fieldErrors(parsed.error.issues) };
  const policy = parsed.data;
  // Postgres keeps no NUL in a document, wherever in it somebody has pasted one.
  if (JSON.stringify(policy).includes("\\u0000")) {
    return { ok: false, code: "invalid", errors: [{ path: "", message: "Leave out the NUL character." }] };
  }

  const answer = await withTenant(organizationId, async (client): Promise<PublishAnswer> => {
    await client.query("select pg_advisory_xact_lock(policy_lock_key($1))", [organizationId]);
    const current = await inForce(client, organizationId);
    if ((current?.version ?? null) !== base)
      return { ok: false, code: "stale", current: current?.version ?? null };
    const faults = await organizationFaults(client, organizationId, policy);
    if (faults.length > 0) return { ok: false, code: "invalid", errors: faults };

    const backfill = await backfillOf(client, organizationId, policy, current?.document ?? null, now);
    const { rows } = await client.query<{ answer: { outcome: "published" | "stale"; version: number } }>(
      "select publish_policy($1, $2, $3, $4, $5, $6, $7, $8) as answer",
      [
        organizationId,
        base,
        JSON.stringify(policy),
        authorId,
        note,
        JSON.stringify(backfill),
        newId(now),
        now,
      ],
    );
    const published = rows[0]?.answer;
    if (!published) throw new Error("publish_policy gave no row.");
    return published.outcome === "published"
      ? { ok: true, version: published.version }
      : { ok: false, code: "stale", current: published.version };
  });
  if (answer.ok) sawPolicy(organizationId, answer.version);
  return answer;
}

async function inForce(
  client: pg.PoolClient,
  organizationId: string,
): Promise<{ version: number; document: Policy } | null> {
  const { rows } = await client.query<{ version: number; document: unknown }>(
    "select version, document from policies where organization_id = $1 and status = 'published'",
    [organizationId],
  );
  const row = rows[0];
  return row ? { version: row.version, document: policySchema.parse(row.document) } : null;
}

/** What doesn't fit this organization, though it is a policy. */
async function organizationFaults(
  client: pg.PoolClient,
  organizationId: string,
  policy: Policy,
): Promise<FieldError[]> {
  const { rows } = await client.query<{ currency: string; time_zone: string }>(
    "select currency, time_zone from organizations where id = $1",
    [organizationId],
  );
  const organization = rows[0];
  if (!organization) throw new Error("A policy of no organization.");
  const faults: FieldError[] = [];
  if (policy.currency !== organization.currency) {
    faults.push({
      path: "currency",
      message: `The organization counts in ${organization.currency}. Write the policy in ${organization.currency}.`,
    });
  }
  if (policy.timeZone !== organization.time_zone) {
    faults.push({
      path: "timeZone",
      message: `The organization's days begin in ${organization.time_zone}. Write that time zone.`,
    });
  }
  return faults;
}

interface BackfillEntry {
  decisionId: string;
  definition: string;
  scopeKey: string;
  bucket: string;
  limitIds: string[];
  amount: number;
  kind: "post" | "reserve";
}

interface PastDecision {
  id: string;
  remedy: DecisionRequest["remedy"];
  amount: string;
  currency: string;
  counted_amount: string | null;
  status: "posted" | "reserved";
  cause: string | null;
  channel: string | null;
  case_id: string | null;
  facts: Facts;
  created_at: Date;
  definitions: string[];
}

/** What the limits that are new in a policy have to count of the decisions that stand in their window. */
async function backfillOf(
  client: pg.PoolClient,
  organizationId: string,
  policy: Policy,
  current: Policy | null,
  now: Date,
): Promise<BackfillEntry[]> {
  if (!current) return [];
  const known = new Set(current.limits.map((limit) => counterDefinition(limit, current)));
  const limits = policy.limits.filter(
    (limit) => limit.window !== "decision" && !known.has(counterDefinition(limit, policy)),
  );
  if (limits.length === 0) return [];
  const since = Math.min(
    ...limits.map((limit) => windowStartInstant(limit.window, now.getTime(), policy.timeZone) ?? 0),
  );

  const entries: BackfillEntry[] = [];
  for (let after = leastIdAt(since); ; ) {
    const { rows } = await client.query<PastDecision>(
      `select d.id, d.remedy, d.amount, d.currency, d.counted_amount, d.status, d.cause, d.channel, d.case_id, d.facts,
         d.created_at, array(
           select l.definition from ledger_entries l
           where l.organization_id = d.organization_id and l.decision_id = d.id
         ) as definitions
       from decisions d
       where d.organization_id = $1 and d.id > $2 and d.status in ('posted', 'reserved')
       order by d.id limit ${BATCH}`,
      [organizationId, after],
    );
    for (const row of rows) entries.push(...entriesOf(row, limits, policy));
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return entries;
    after = last.id;
  }
}

function entriesOf(row: PastDecision, limits: readonly Limit[], policy: Policy): BackfillEntry[] {
  const request: DecisionRequest = {
    remedy: row.remedy,
    amount: Number(row.amount),
    currency: row.currency,
    cause: row.cause,
    channel: row.channel,
    caseId: row.case_id,
    at: row.created_at.getTime(),
  };
  const entries = new Map<string, BackfillEntry>();
  for (const limit of limits) {
    const definition = counterDefinition(limit, policy);
    // A limit that was taken out and comes back has counted this decision in its first life.
    if (row.definitions.includes(definition)) continue;
    const known = entries.get(definition);
    if (known) {
      known.limitIds.push(limit.id);
      continue;
    }
    if (row.counted_amount === null || !limitApplies(limit, policy, request, row.facts)) continue;
    const key = counterKey(limit, policy, request, row.facts);
    if (!key) continue;
    entries.set(definition, {
      decisionId: row.id,
      definition,
      scopeKey: key.scopeKey,
      bucket: key.bucket,
      limitIds: [limit.id],
      amount: Number(row.counted_amount),
      kind: row.status === "posted" ? "post" : "reserve",
    });
  }
  return [...entries.values()];
}
