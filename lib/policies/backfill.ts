import type pg from "pg";
import { leastIdAt } from "@/lib/db/ids";
import { limitApplies } from "@/lib/discretion/applies";
import { counterDefinition, counterKey } from "@/lib/discretion/counters";
import type { Limit, Policy } from "@/lib/discretion/schema";
import type { DecisionRequest, ExchangeRate, Facts } from "@/lib/discretion/types";
import { windowStartInstant } from "@/lib/discretion/windows";

/** What a counter that is new has to count of one decision of the past. */
export interface BackfillEntry {
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
  /** What was granted of it, where an answer adjusted the amount. */
  counted_amount: string | null;
  exchange: ExchangeRate | null;
  status: "posted" | "reserved";
  cause: string | null;
  channel: string | null;
  case_id: string | null;
  facts: Facts;
  created_at: Date;
  definitions: string[];
  /** The record that the customer was merged into; what was spent counts there. */
  stands_for: string | null;
}

/** How many decisions of the past are read at once. */
const BATCH = 2_000;

/**
 * What the limits of a policy have to count of the decisions that stand in their window, as far as nobody counted it.
 *
 * @param inForce every policy that somebody decides under: what they count is counted, because each decision counts on
 * all of them. Without any there was no decision.
 * @param client holds the lock that keeps decisions out until what is answered is written.
 */
export async function backfillOf(
  client: pg.PoolClient,
  organizationId: string,
  policy: Policy,
  inForce: readonly Policy[],
  now: Date,
): Promise<BackfillEntry[]> {
  if (inForce.length === 0) return [];
  const known = new Set(
    inForce.flatMap((other) => other.limits.map((limit) => counterDefinition(limit, other))),
  );
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
      `select d.id, d.remedy, coalesce(h.granted_amount, d.amount) as amount, d.currency,
         coalesce(h.granted_counted_amount, d.counted_amount) as counted_amount, d.explanation -> 'exchange' as exchange,
         d.status, d.cause, d.channel, d.case_id, d.facts, d.created_at, array(
           select l.definition from ledger_entries l
           where l.organization_id = d.organization_id and l.decision_id = d.id
         ) as definitions,
         case when c.merged_into is not null then standing_customer(d.organization_id, c.id) end as stands_for
       from decisions d
       join customers c on c.organization_id = d.organization_id and c.id = d.customer_id
       left join handovers h on h.organization_id = d.organization_id and h.decision_id = d.id
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
    rate: row.exchange,
    cause: row.cause,
    channel: row.channel,
    caseId: row.case_id,
    at: row.created_at.getTime(),
  };
  const facts = row.stands_for
    ? { ...row.facts, customer: { ...row.facts.customer, id: row.stands_for } }
    : row.facts;
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
    if (row.counted_amount === null || !limitApplies(limit, policy, request, facts)) continue;
    const key = counterKey(limit, policy, request, facts);
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
