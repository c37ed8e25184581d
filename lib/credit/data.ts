import type { CreditKind, CreditMovement, CustomerCredit, Redemption } from "@/lib/credit/types";
import { withTenant } from "@/lib/db/tenant";

const LATEST = 50;

/** What a customer may spend now, of all records that stand for them, and the latest movements. */
export async function readCredit(
  organizationId: string,
  customerId: string,
  now: Date,
): Promise<CustomerCredit> {
  return withTenant(organizationId, async (client) => {
    const { rows: records } = await client.query<{ standing: string; records: string[] }>(
      `select s.id as standing, array(select merged_customers($1, s.id)) as records
       from (select standing_customer($1, $2) as id) as s`,
      [organizationId, customerId],
    );
    const whose = records[0] ?? { standing: customerId, records: [customerId] };
    // What is past its day is spent by nobody, whether or not it was swept.
    const { rows: lots } = await client.query<{ currency: string; left: string; expires_at: Date | null }>(
      `select a.currency, l.left_amount as left, l.expires_at
       from credit_accounts a join credit_lots l on l.organization_id = $1 and l.account_id = a.id and l.left_amount > 0
       where a.organization_id = $1 and a.customer_id = any ($2) and (l.expires_at is null or l.expires_at > $3)
       order by a.currency, l.expires_at nulls last, l.id`,
      [organizationId, whose.records, now],
    );
    const { rows: movements } = await client.query<{
      id: string;
      kind: CreditKind;
      amount: string;
      currency: string;
      decision_id: string | null;
      reference: string | null;
      note: string | null;
      created_at: Date;
    }>(
      `select id, kind, amount, currency, decision_id, reference, note, created_at from credit_transactions
       where organization_id = $1 and customer_id = any ($2) order by id desc limit ${LATEST}`,
      [organizationId, whose.records],
    );
    return {
      customer: whose.standing,
      balances: [...new Set(lots.map(({ currency }) => currency))].map((currency) => {
        const own = lots.filter((lot) => lot.currency === currency);
        return {
          currency,
          balance: own.reduce((sum, { left }) => sum + Number(left), 0),
          expiring: own.flatMap(({ left, expires_at }) =>
            expires_at ? [{ amount: Number(left), expiresAt: expires_at.toISOString() }] : [],
          ),
        };
      }),
      movements: movements.map(
        (row): CreditMovement => ({
          id: row.id,
          kind: row.kind,
          amount: (row.kind === "grant" || row.kind === "undo" ? 1 : -1) * Number(row.amount),
          currency: row.currency,
          decision: row.decision_id,
          reference: row.reference,
          note: row.note,
          createdAt: row.created_at.toISOString(),
        }),
      ),
    };
  });
}

/** A redemption as it was answered when it was made; null where there is none of that id. */
export async function findRedemption(organizationId: string, id: string): Promise<Redemption | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{
      id: string;
      customer_id: string;
      amount: string;
      currency: string;
      reference: string | null;
      note: string | null;
      left_after: string;
      created_at: Date;
    }>(
      `select id, customer_id, amount, currency, reference, note, left_after, created_at from credit_transactions
       where organization_id = $1 and id = $2 and kind = 'redemption'`,
      [organizationId, id],
    ),
  );
  const [row] = rows;
  if (!row) return null;
  return {
    id: row.id,
    customer: row.customer_id,
    amount: Number(row.amount),
    currency: row.currency,
    reference: row.reference,
    note: row.note,
    left: Number(row.left_after),
    createdAt: row.created_at.toISOString(),
  };
}
