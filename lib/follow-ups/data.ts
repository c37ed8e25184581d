import { withTenant } from "@/lib/db/tenant";
import type { FollowUp } from "@/lib/follow-ups/types";

interface Row {
  case_id: string;
  customer_id: string;
  customer_name: string;
  employee_id: string;
  employee_name: string;
  text: string;
  due_on: string;
  done_at: Date | null;
}

/** A row as its readers know it. */
function toFollowUp(row: Row): FollowUp {
  return {
    caseId: row.case_id,
    customer: { id: row.customer_id, name: row.customer_name },
    employee: { id: row.employee_id, name: row.employee_name },
    text: row.text,
    dueOn: row.due_on,
    doneAt: row.done_at?.toISOString() ?? null,
  };
}

/** With the customer as the record that stands for them by now. */
const COLUMNS = `
  select f.case_id, s.id as customer_id, s.name as customer_name, f.employee_id, e.name as employee_name,
    f.text, f.due_on::text as due_on, f.done_at
  from follow_ups f
  join customers c on c.organization_id = $1 and c.id = f.customer_id
  join customers s on s.organization_id = $1
    and s.id = case when c.merged_into is null then c.id else standing_customer($1, c.id) end
  join employees e on e.organization_id = $1 and e.id = f.employee_id
  where f.organization_id = $1`;

const AT_MOST = 100;

/** What was promised with a case; null where nothing was. */
export async function findFollowUp(organizationId: string, caseId: string): Promise<FollowUp | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<Row>(`${COLUMNS} and f.case_id = $2`, [organizationId, caseId]),
  );
  return rows[0] ? toFollowUp(rows[0]) : null;
}

/** What somebody has promised and not yet ticked, what is due first first; then what they ticked since `since`. */
export async function listFollowUpsOf(
  organizationId: string,
  employeeId: string,
  since: Date,
): Promise<{ open: FollowUp[]; done: FollowUp[] }> {
  return withTenant(organizationId, async (client) => {
    const open = await client.query<Row>(
      `${COLUMNS} and f.employee_id = $2 and f.done_at is null order by f.due_on, f.case_id limit ${AT_MOST}`,
      [organizationId, employeeId],
    );
    const done = await client.query<Row>(
      `${COLUMNS} and f.done_by = $2 and f.done_at >= $3 order by f.done_at desc, f.case_id limit ${AT_MOST}`,
      [organizationId, employeeId, since],
    );
    return { open: open.rows.map(toFollowUp), done: done.rows.map(toFollowUp) };
  });
}

/** What was promised to a customer by whomever and is still open, merged records included, what is due first first. */
export async function listOpenFollowUpsFor(organizationId: string, customerId: string): Promise<FollowUp[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<Row>(
      `${COLUMNS} and f.customer_id = any (array(select merged_customers($1, $2))) and f.done_at is null
       order by f.due_on, f.case_id limit ${AT_MOST}`,
      [organizationId, customerId],
    ),
  );
  return rows.map(toFollowUp);
}
