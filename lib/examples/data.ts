import { isId, leastIdAt } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import type { DecisionOnRecord, PastOnRecord } from "@/lib/discretion/examples";
import { EXAMPLE_HISTORY_MAX, type Policy, type Remedy, type Verdict } from "@/lib/discretion/schema";
import type { Explanation, Facts } from "@/lib/discretion/types";
import { windowStartInstant } from "@/lib/discretion/windows";

interface DecisionRow {
  remedy: Remedy;
  amount: string;
  currency: string;
  cause: string | null;
  channel: string | null;
  verdict: Verdict;
  explanation: Explanation;
  facts: Facts;
  created_at: Date;
}

interface PastRow {
  remedy: Remedy;
  amount: string;
  currency: string;
  rate: string | null;
  same_employee: boolean;
  same_customer: boolean;
  same_order: boolean;
  same_case: boolean;
  cause: string | null;
  channel: string | null;
  created_at: Date;
}

/**
 * A decision with what counted before it for the employee and for the customer, as far back as the longest window of a
 * policy reaches: of what still stands the newest. Null where the organization has no such decision.
 */
export async function readOnRecord(
  organizationId: string,
  decisionId: string,
  policy: Policy,
): Promise<Omit<DecisionOnRecord, "id"> | null> {
  if (!isId(decisionId)) return null;
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<DecisionRow>(
      `select remedy, amount, currency, cause, channel, verdict, explanation, facts, created_at
       from decisions where organization_id = $1 and id = $2`,
      [organizationId, decisionId],
    );
    const [decision] = rows;
    if (!decision) return null;
    // Both halves follow an index from the decision backwards; together they may name a decision twice. Records that
    // were merged are one customer.
    const { rows: past } = await client.query<PastRow>(
      `with d as (select * from decisions where organization_id = $1 and id = $2),
       records as (select array(select merged_customers($1, standing_customer($1, d.customer_id)) from d) as ids),
       near as (
         (select p.id from decisions p, d
           where p.organization_id = $1 and p.employee_id = d.employee_id and p.id < d.id and p.id >= $3
             and p.status in ('posted', 'reserved') order by p.id desc limit $4)
         union
         (select p.id from decisions p, d
           where p.organization_id = $1 and p.customer_id = any((select ids from records)::uuid[]) and p.id < d.id
             and p.id >= $3 and p.status in ('posted', 'reserved') order by p.id desc limit $4)
       )
       select p.remedy, p.amount, p.currency, p.explanation #>> '{exchange,rate}' as rate, p.cause, p.channel,
         p.created_at, p.employee_id = d.employee_id as same_employee,
         p.customer_id = any((select ids from records)::uuid[]) as same_customer,
         coalesce(p.order_id = d.order_id, false) as same_order, coalesce(p.case_id = d.case_id, false) as same_case
       from near join decisions p on p.organization_id = $1 and p.id = near.id, d
       order by p.id desc limit $4`,
      [organizationId, decisionId, leastIdAt(reachOf(policy, decision.created_at)), EXAMPLE_HISTORY_MAX],
    );
    const { explanation } = decision;
    return {
      decision: {
        remedy: decision.remedy,
        amount: Number(decision.amount),
        currency: decision.currency,
        rate: explanation.exchange?.rate ?? null,
        cause: decision.cause,
        channel: decision.channel,
        verdict: decision.verdict,
        binding: explanation.binding,
        at: decision.created_at.getTime(),
      },
      facts: decision.facts,
      past: past.map(toPast),
      timeZone: policy.timeZone,
    };
  });
}

/** The first instant (epoch milliseconds) that any limit still looks at: the beginning of time for what never ends. */
function reachOf({ limits, timeZone }: Policy, at: Date): number {
  const starts = limits
    .filter(({ window }) => window !== "decision")
    .map(({ window }) => windowStartInstant(window, at.getTime(), timeZone) ?? 0);
  return Math.min(at.getTime(), ...starts);
}

function toPast(row: PastRow): PastOnRecord {
  return {
    at: row.created_at.getTime(),
    remedy: row.remedy,
    amount: Number(row.amount),
    currency: row.currency,
    rate: row.rate,
    sameEmployee: row.same_employee,
    sameCustomer: row.same_customer,
    sameOrder: row.same_order,
    sameCase: row.same_case,
    cause: row.cause,
    channel: row.channel,
  };
}
