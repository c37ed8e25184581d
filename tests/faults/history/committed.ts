import type { Remedy } from "@/lib/discretion/schema";
import type { Explanation } from "@/lib/discretion/types";
import { testDatabase } from "../../setup/database";

/** One thing that the database committed, in the order in which it did. */
export interface Committed {
  action: string;
  subject: string;
  /** Who did it; null where it was the app itself. */
  by: string | null;
  data: { into?: string; mergeId?: string };
  /** The world's time. */
  at: number;
  /** When it was committed, epoch milliseconds. */
  committedAt: number;
}

export interface RecordedDecision {
  id: string;
  key: string;
  employee: string;
  customer: string;
  order: string | null;
  remedy: Remedy;
  amount: number;
  verdict: string;
  status: string;
  version: number;
  explanation: Explanation;
  at: number;
}

export interface RecordedHandover {
  id: string;
  decision: string;
  askedBy: string;
  status: string;
  deadlineAt: number;
  answeredBy: string | null;
  granted: number | null;
  explanation: Explanation | null;
  version: number | null;
}

/** These are written beside the step that made them; and how a decision is carried out is no step of its own. */
const BESIDE = [
  "decision.counted",
  "decision.customer_merged",
  "decision.customer_unmerged",
  "customer.created",
  "order.created",
];

/**
 * What was committed, in order. Whoever waits for a lock commits after whoever held it, so among those that met the order
 * of their moments is the order in which they were; those that did not meet may stand either way.
 */
export async function committedInOrder(organizationId: string): Promise<Committed[]> {
  const { rows } = await testDatabase().pool.query<Omit<Committed, "at"> & { at: Date }>(
    `select e.action, e.subject_id as subject, e.actor_id as by, e.data, e.created_at as at,
       (extract(epoch from pg_xact_commit_timestamp(e.xmin)) * 1000)::double precision as "committedAt"
     from audit_events e where e.organization_id = $1 and not e.action = any ($2) and e.action not like 'execution%'
     order by pg_xact_commit_timestamp(e.xmin), e.id`,
    [organizationId, BESIDE],
  );
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}

export async function recordedDecisions(organizationId: string): Promise<Map<string, RecordedDecision>> {
  const { rows } = await testDatabase().pool.query<
    Omit<RecordedDecision, "amount" | "at"> & { amount: string; at: Date }
  >(
    `select d.id, i.key, d.employee_id as employee, d.customer_id as customer, d.order_id as "order", d.remedy, d.amount,
       d.verdict, d.status, d.policy_version as version, d.explanation, d.created_at as at
     from decisions d
     join audit_events e on e.organization_id = d.organization_id and e.subject_id = d.id::text and e.action = 'decision.recorded'
     -- A reversal has a key of its own; this one was written with the decision.
     join idempotency_keys i on i.organization_id = d.organization_id and i.decision_id = d.id and i.xmin = e.xmin
     where d.organization_id = $1`,
    [organizationId],
  );
  return new Map(
    rows.map((row) => [row.id, { ...row, amount: Number(row.amount), at: row.at.getTime() }] as const),
  );
}

/** By their decisions. */
export async function recordedHandovers(organizationId: string): Promise<Map<string, RecordedHandover>> {
  const { rows } = await testDatabase().pool.query<
    Omit<RecordedHandover, "granted" | "deadlineAt"> & { granted: string | null; deadlineAt: Date }
  >(
    `select id, decision_id as decision, asked_by as "askedBy", status, deadline_at as "deadlineAt",
       answered_by as "answeredBy", granted_amount as granted, answer_explanation as explanation,
       answer_policy_version as version
     from handovers where organization_id = $1`,
    [organizationId],
  );
  return new Map(
    rows.map((row) => [
      row.decision,
      {
        ...row,
        granted: row.granted === null ? null : Number(row.granted),
        deadlineAt: row.deadlineAt.getTime(),
      },
    ]),
  );
}

/** What the counters come to, slots together: by definition, scope and bucket, leaving out what came to nothing. */
export async function countersAtLast(organizationId: string): Promise<Map<string, number[]>> {
  const { rows } = await testDatabase().pool.query<{ name: string; sums: string[] }>(
    `select definition || ' ' || scope_key || ' ' || bucket as name,
       array[sum(posted_amount), sum(reserved_amount), sum(posted_count), sum(reserved_count)]::text[] as sums
     from counters where organization_id = $1 group by definition, scope_key, bucket
     having sum(posted_count + reserved_count) > 0`,
    [organizationId],
  );
  return new Map(rows.map(({ name, sums }) => [name, sums.map(Number)]));
}
