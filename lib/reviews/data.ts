import { leastIdAt } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type { DecisionStatus } from "@/lib/decisions/types";
import type { Remedy, Verdict } from "@/lib/discretion/schema";
import type { Explanation } from "@/lib/discretion/types";
import { DAY_MS } from "@/lib/discretion/windows";
import { SAMPLED, sampleReasons } from "@/lib/reviews/sample";
import { FIRST_RULE, QUEUE_DAYS, type ReviewRule, type ReviewVerdict } from "@/lib/reviews/schema";
import type { OwnReview, QueueItem, ReviewStory, RuleDoubt, Whose } from "@/lib/reviews/types";

/** By what rule decisions are put before those who review. */
export async function readRule(organizationId: string): Promise<ReviewRule> {
  const row = await tenantDb(organizationId).reviewRule.findUnique({ where: { organizationId } });
  if (!row) return FIRST_RULE;
  const { sharePercent, bends, fromAmount, newDays } = row;
  return { sharePercent, bends, fromAmount: fromAmount === null ? null : Number(fromAmount), newDays };
}

interface QueueRow {
  id: string;
  at: Date;
  employee_id: string;
  employee: string;
  customer_id: string;
  customer: string;
  team: string | null;
  remedy: string;
  amount: string;
  counted_amount: string | null;
  currency: string;
  verdict: string;
  status: string;
  cause: string | null;
  note: string | null;
  happened: string | null;
  need: string | null;
  explanation: Explanation;
  days_since_start: number | null;
}

export interface QueueQuery {
  organizationId: string;
  rule: ReviewRule;
  /** Who looks back: never at their own here. */
  reviewerId: string;
  whose: Whose;
  limit: number;
  timeZone: string;
  now: Date;
}

/**
 * What waits to be looked back at, the newest first: what was given at once in the last days, is still given, was chosen
 * by the rule and not looked at by anybody yet.
 */
export async function listQueue(query: QueueQuery): Promise<{ items: QueueItem[]; more: boolean }> {
  const { organizationId, rule, reviewerId, whose, limit, timeZone, now } = query;
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<QueueRow>(
      `with page as materialized (
         select d.*, (d.created_at at time zone $6)::date - e.started_on as days_since_start, e.name as employee
         from decisions d join employees e on e.organization_id = $1 and e.id = d.employee_id
         where d.organization_id = $1 and d.id >= $7::uuid and d.verdict in ('allow', 'bend') and d.status = 'posted'
           and d.employee_id <> $8::uuid
           and ${SAMPLED}
           ${whose === "mine" ? "and d.employee_id = any (array(select m.id from employees m where m.organization_id = $1 and m.manager_id = $8::uuid))" : ""}
           and not exists (select from reviews r where r.organization_id = $1 and r.decision_id = d.id)
         order by d.id desc limit $9
       )
       select d.id, d.created_at as at, d.employee_id, d.employee, d.customer_id, c.name as customer, t.name as team, d.remedy,
         d.amount, d.counted_amount, d.currency, d.verdict, d.status, coalesce(n.name, d.cause) as cause, d.note, k.happened, k.need, d.explanation,
         d.days_since_start
       from page d
       join customers c on c.organization_id = $1 and c.id = d.customer_id
       left join teams t on t.organization_id = $1 and t.id = d.team_id
       left join cases k on k.organization_id = $1 and k.id = d.case_id
       left join causes n on n.organization_id = $1 and n.key = d.cause
       order by d.id desc`,
      [
        organizationId,
        rule.sharePercent,
        rule.bends,
        rule.fromAmount,
        rule.newDays,
        timeZone,
        leastIdAt(now.getTime() - QUEUE_DAYS * DAY_MS),
        reviewerId,
        limit + 1,
      ],
    ),
  );
  return { items: rows.slice(0, limit).map((row) => toItem(row, rule)), more: rows.length > limit };
}

function toItem(row: QueueRow, rule: ReviewRule): QueueItem {
  const binding = row.explanation.checks.find(({ id }) => id === row.explanation.binding);
  const verdict = row.verdict as Verdict;
  return {
    id: row.id,
    at: row.at.toISOString(),
    employee: { id: row.employee_id, name: row.employee },
    customer: { id: row.customer_id, name: row.customer },
    team: row.team,
    remedy: row.remedy as Remedy,
    amount: Number(row.amount),
    currency: row.currency,
    verdict,
    status: row.status as DecisionStatus,
    cause: row.cause,
    happened: row.happened,
    need: row.need,
    note: row.note,
    binding: binding ? { id: binding.id, why: binding.why } : null,
    reasons: sampleReasons(
      {
        id: row.id,
        verdict,
        countedAmount: row.counted_amount === null ? null : Number(row.counted_amount),
        daysSinceStart: row.days_since_start,
      },
      rule,
    ),
  };
}

interface StoryRow {
  id: string;
  verdict: string;
  note: string | null;
  own: boolean;
  reviewer_id: string;
  reviewer: string;
  created_at: Date;
  reply: string | null;
  replied_at: Date | null;
}

const STORY = `r.id, r.verdict, r.note, r.own, r.reviewer_id, w.name as reviewer, r.created_at, x.text as reply, x.created_at as replied_at`;

function toStory(row: StoryRow): ReviewStory {
  return {
    id: row.id,
    verdict: row.verdict as ReviewVerdict,
    note: row.note,
    own: row.own,
    reviewer: { id: row.reviewer_id, name: row.reviewer },
    createdAt: row.created_at.toISOString(),
    reply:
      row.reply === null || row.replied_at === null
        ? null
        : { text: row.reply, createdAt: row.replied_at.toISOString() },
  };
}

/** Every look back at a decision, the first one first. */
export async function listReviews(organizationId: string, decisionId: string): Promise<ReviewStory[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<StoryRow>(
      `select ${STORY} from reviews r
       join employees w on w.organization_id = $1 and w.id = r.reviewer_id
       left join review_replies x on x.organization_id = $1 and x.review_id = r.id
       where r.organization_id = $1 and r.decision_id = $2 order by r.id`,
      [organizationId, decisionId],
    ),
  );
  return rows.map(toStory);
}

interface OwnRow extends StoryRow {
  decision_id: string;
  at: Date;
  customer: string;
  remedy: string;
  amount: string;
  currency: string;
  decision_verdict: string;
  status: string;
  cause: string | null;
}

/** What others wrote about somebody's own decisions, the newest first; `before` is the id of the last one of a page. */
export async function listOwnReviews(
  organizationId: string,
  employeeId: string,
  page: { limit: number; before: string | null },
): Promise<{ items: OwnReview[]; next: string | null }> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<OwnRow>(
      `select ${STORY}, d.id as decision_id, d.created_at as at, c.name as customer, d.remedy, d.amount, d.currency,
         d.verdict as decision_verdict, d.status, coalesce(n.name, d.cause) as cause
       from reviews r
       join decisions d on d.organization_id = $1 and d.id = r.decision_id
       join customers c on c.organization_id = $1 and c.id = d.customer_id
       join employees w on w.organization_id = $1 and w.id = r.reviewer_id
       left join review_replies x on x.organization_id = $1 and x.review_id = r.id
       left join causes n on n.organization_id = $1 and n.key = d.cause
       where r.organization_id = $1 and r.employee_id = $2 and ($3::uuid is null or r.id < $3::uuid)
       order by r.id desc limit $4`,
      [organizationId, employeeId, page.before, page.limit + 1],
    ),
  );
  const shown = rows.slice(0, page.limit);
  return {
    items: shown.map((row) => ({
      ...toStory(row),
      decision: {
        id: row.decision_id,
        at: row.at.toISOString(),
        customer: row.customer,
        remedy: row.remedy as Remedy,
        amount: Number(row.amount),
        currency: row.currency,
        verdict: row.decision_verdict as Verdict,
        status: row.status as DecisionStatus,
        cause: row.cause,
      },
    })),
    next: rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

/**
 * The checks that reviews since a moment found wrong or unclear, those that most did first: by the limit or rule that
 * decided each decision.
 */
export async function listDoubts(organizationId: string, since: Date): Promise<RuleDoubt[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<RuleDoubt>(
      `select d.explanation ->> 'binding' as check,
         (count(*) filter (where r.verdict = 'limit_wrong'))::integer as wrong,
         (count(*) filter (where r.verdict = 'rule_unclear'))::integer as unclear,
         (array_agg(d.id order by r.id desc))[1:5] as decisions
       from reviews r join decisions d on d.organization_id = $1 and d.id = r.decision_id
       where r.organization_id = $1 and r.id >= $2::uuid and r.verdict in ('limit_wrong', 'rule_unclear')
       group by 1 order by count(*) desc, 1 limit 20`,
      [organizationId, leastIdAt(since.getTime())],
    ),
  );
  return rows;
}
