import { withTenant } from "@/lib/db/tenant";
import type { Remedy } from "@/lib/discretion/schema";

/** A decision that was sent in the place of a higher amount, and what it counts. Amounts are minor units. */
export interface SentDecision {
  id: string;
  employeeId: string;
  /** The record that stands for the customer by now. */
  customerId: string;
  orderId: string | null;
  remedy: Remedy;
  amount: number;
  currency: string;
  /** Where and how it was counted first; `bucket` is an ISO date. */
  counted: { definition: string; bucket: string; as: "posted" | "reserved"; amount: number }[];
}

/** One decision with what it counts, or null where the organization has none of that id. */
export async function findSentDecision(organizationId: string, id: string): Promise<SentDecision | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<Omit<SentDecision, "amount"> & { amount: string }>(
      `select d.id, d.employee_id as "employeeId", standing_customer(d.organization_id, d.customer_id) as "customerId",
         d.order_id as "orderId", d.remedy,
         d.amount, d.currency, coalesce((
           select jsonb_agg(jsonb_build_object('definition', l.definition, 'bucket', l.bucket, 'amount', l.amount,
             'as', case l.kind when 'post' then 'posted' else 'reserved' end) order by l.seq)
           from ledger_entries l
           where l.organization_id = d.organization_id and l.decision_id = d.id and l.kind in ('post', 'reserve')
         ), '[]') as counted
       from decisions d where d.organization_id = $1 and d.id = $2`,
      [organizationId, id],
    ),
  );
  return rows[0] ? { ...rows[0], amount: Number(rows[0].amount) } : null;
}
