import { isId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { EXPORTED, type ExportedTable } from "@/lib/personal-data/exported";
import type { CustomerSummary, Person } from "@/lib/personal-data/types";

/** How many rows are held at once. */
const PAGE = 500;

/** A person who was looked up, and what they are called now. */
export interface FoundPerson {
  id: string;
  name: string;
  erased: boolean;
}

/** The customer of an id or an external reference, also one that was erased; null where there is none. */
export async function findCustomerRecord(
  organizationId: string,
  idOrRef: string,
): Promise<FoundPerson | null> {
  const row = await tenantDb(organizationId).customer.findFirst({
    where: { organizationId, OR: [...(isId(idOrRef) ? [{ id: idOrRef }] : []), { externalRef: idOrRef }] },
    select: { id: true, name: true, erasedAt: true },
  });
  return row && { id: row.id, name: row.name, erased: row.erasedAt !== null };
}

/** The employee of an id or an address, also one who was erased; null where there is none. */
export async function findEmployeeRecord(
  organizationId: string,
  idOrEmail: string,
): Promise<FoundPerson | null> {
  const email = idOrEmail.trim().toLowerCase();
  const row = await tenantDb(organizationId).employee.findFirst({
    where: { organizationId, OR: [...(isId(idOrEmail) ? [{ id: idOrEmail }] : []), { email }] },
    select: { id: true, name: true, erasedAt: true },
  });
  return row && { id: row.id, name: row.name, erased: row.erasedAt !== null };
}

/** What an admin is shown of a customer before they export or erase them; null where nobody stands there any more. */
export async function readCustomerSummary(
  organizationId: string,
  customerId: string,
): Promise<CustomerSummary | null> {
  if (!isId(customerId)) return null;
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<CustomerSummary>(
      `with records as (select merged_customers($1, standing_customer($1, $2)) as id)
       select c.id, c.name, c.email, c.phone, c.external_ref as "externalRef",
         (select count(*)::integer - 1 from records) as duplicates,
         (select count(*)::integer from decisions d
           where d.organization_id = $1 and d.customer_id in (select id from records)) as decisions,
         (select count(*)::integer from decisions d
           join handovers h on h.organization_id = d.organization_id and h.decision_id = d.id and h.status = 'waiting'
           where d.organization_id = $1 and d.customer_id in (select id from records)) as waiting
       from customers c
       where c.organization_id = $1 and c.id = standing_customer($1, $2) and c.erased_at is null`,
      [organizationId, customerId],
    ),
  );
  return rows[0] ?? null;
}

/**
 * All that is held about one person, as pieces of a JSON text: the rows of each table, as the database has them. Read a
 * page at a time, each in a transaction of its own, so that a slow reader keeps nobody waiting.
 */
export async function* exportRows(organizationId: string, person: Person, at: Date): AsyncGenerator<string> {
  const ids = await idsOf(organizationId, person);
  const about = { organization: organizationId, [person.kind]: person.id, exportedAt: at.toISOString() };
  yield `${JSON.stringify(about).slice(0, -1)},"tables":{`;
  for (const [index, table] of EXPORTED[person.kind].entries()) {
    yield `${index === 0 ? "" : ","}${JSON.stringify(table.table)}:[`;
    yield* tableRows(organizationId, table, ids);
    yield "]";
  }
  yield "}}\n";
}

/** A customer is every record that was merged with theirs. */
async function idsOf(organizationId: string, person: Person): Promise<string[]> {
  if (person.kind === "employee") return [person.id];
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ id: string }>(
      "select id from merged_customers($1, standing_customer($1, $2)) as id order by id",
      [organizationId, person.id],
    ),
  );
  return rows.map(({ id }) => id);
}

async function* tableRows(
  organizationId: string,
  { table, about, key, without = [] }: ExportedTable,
  ids: readonly string[],
): AsyncGenerator<string> {
  const columns = key.map(([column]) => `t.${column}`).join(", ");
  const after = key.map(([, type], index) => `$${index + 5}::${type}`).join(", ");
  const page = (isFirst: boolean) => `
    select (to_jsonb(t) - $3::text[])::text as row, array[${key.map(([column]) => `t.${column}::text`).join(", ")}] as key
    from ${table} t
    where t.organization_id = $1 and (${about}) ${isFirst ? "" : `and (${columns}) > (${after})`}
    order by ${columns} limit $4`;
  for (let last: string[] | null = null, first = true; ; ) {
    const values: unknown[] = [organizationId, ids, without, PAGE, ...(last ?? [])];
    const { rows } = await withTenant(organizationId, (client) =>
      client.query<{ row: string; key: string[] }>(page(last === null), values),
    );
    for (const { row } of rows) {
      yield first ? row : `,${row}`;
      first = false;
    }
    last = rows.at(-1)?.key ?? null;
    if (rows.length < PAGE || last === null) return;
  }
}
