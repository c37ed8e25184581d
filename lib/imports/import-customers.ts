import { audit } from "@/lib/audit/mutations";
import { customerInputSchema, externalRefSchema } from "@/lib/customers/schema";
import { newId } from "@/lib/db/ids";
import { inTenant, type TenantTransaction } from "@/lib/db/prisma";
import { type Columns, findColumns } from "./columns";
import { openTable } from "./csv";
import type { ImportRequest, LineFault } from "./types";

export const CUSTOMER_FIELDS = ["ref", "name", "email", "phone", "tier", "kind", "paymentRef"] as const;
export type CustomerField = (typeof CUSTOMER_FIELDS)[number];

export interface CustomersReport {
  created: number;
  updated: number;
  unchanged: number;
  /** `broken` counts lines. */
  leftOut: { broken: number };
}

/** The values that a file may change of a customer who is known. */
const VALUES = ["name", "email", "phone", "tier", "kind", "paymentRef"] as const;

interface FileCustomer {
  ref: string;
  name: string;
  email: string | null;
  phone: string | null;
  tier: string | null;
  kind: "external" | "internal";
  paymentRef: string | null;
}

const BATCH = 500;

/**
 * Imports a file of customers. A column that is not mapped leaves what is known as it is; a cell that is empty empties
 * it. The same file again changes nothing.
 *
 * The file is read twice, so that one that cannot be used to its end changes nothing, and takes the same memory at any
 * length but for its references.
 *
 * @throws UnusableFile when the file cannot be used.
 */
export async function importCustomers(request: ImportRequest): Promise<CustomersReport> {
  const silent = () => undefined;
  for await (const _ of readCustomers({ ...request, onFault: silent, onProgress: silent }));

  const report: CustomersReport = { created: 0, updated: 0, unchanged: 0, leftOut: { broken: 0 } };
  const onFault = (fault: LineFault) => {
    report.leftOut.broken += 1;
    request.onFault(fault);
  };
  for await (const { customers, mapped } of readCustomers({ ...request, onFault })) {
    const counted = await inTenant(request.organizationId, (tx) =>
      writeBatch(tx, request, customers, mapped),
    );
    report.created += counted.created;
    report.updated += counted.updated;
    report.unchanged += customers.length - counted.created - counted.updated;
  }
  return report;
}

interface Batch {
  customers: FileCustomer[];
  mapped: (typeof VALUES)[number][];
}

async function* readCustomers(request: ImportRequest): AsyncGenerator<Batch> {
  const table = await openTable(request.file);
  const columns = findColumns(request.map, table, request.file, {
    known: CUSTOMER_FIELDS,
    required: ["ref", "name"],
  });
  const mapped = VALUES.filter((field) => columns.has(field));
  const seen = new Map<string, number>();
  let customers: FileCustomer[] = [];
  for await (const records of table.records) {
    for (const record of records) {
      const read = record.ok
        ? readCustomer(record.fields, columns)
        : { ok: false as const, fault: record.fault };
      if (!read.ok) {
        request.onFault({ ...read.fault, line: record.line });
        continue;
      }
      const first = seen.get(read.customer.ref);
      if (first !== undefined) {
        const problem = `This reference is in line ${first} already.`;
        const column = columns.get("ref")?.name ?? null;
        request.onFault({ line: record.line, column, problem, value: read.customer.ref });
        continue;
      }
      seen.set(read.customer.ref, record.line);
      customers.push(read.customer);
      if (customers.length === BATCH) {
        yield { customers, mapped };
        customers = [];
      }
    }
    request.onProgress(records.at(-1)?.line ?? 0, "lines read");
  }
  if (customers.length > 0) yield { customers, mapped };
}

type ReadCustomer = { ok: true; customer: FileCustomer } | { ok: false; fault: Omit<LineFault, "line"> };

function readCustomer(fields: readonly string[], columns: Columns<CustomerField>): ReadCustomer {
  const text = (field: CustomerField) => fields[columns.get(field)?.index ?? -1]?.trim() ?? "";
  const fault = (field: CustomerField, problem: string): ReadCustomer => ({
    ok: false,
    fault: { column: columns.get(field)?.name ?? null, problem, value: text(field).slice(0, 200) },
  });
  const ref = externalRefSchema.safeParse(text("ref"));
  if (!ref.success) return fault("ref", ref.error.issues[0]?.message ?? "This is no reference.");
  const parsed = customerInputSchema.safeParse({
    name: text("name"),
    email: text("email") || null,
    phone: text("phone") || null,
    tier: text("tier") || null,
    kind: text("kind") || undefined,
    paymentRef: text("paymentRef") || null,
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = CUSTOMER_FIELDS.find((name) => name === issue?.path[0]) ?? "name";
    return fault(field, field === "kind" ? "Write external or internal." : (issue?.message ?? "Unreadable."));
  }
  const { name, email, phone, tier, kind, paymentRef } = parsed.data;
  const customer = {
    name,
    email: email ?? null,
    phone: phone ?? null,
    tier: tier ?? null,
    kind,
    paymentRef: paymentRef ?? null,
  };
  return { ok: true, customer: { ref: ref.data, ...customer } };
}

interface StoredCustomer extends Omit<FileCustomer, "kind"> {
  kind: string;
}

async function writeBatch(
  tx: TenantTransaction,
  { organizationId, dryRun, at }: ImportRequest,
  customers: readonly FileCustomer[],
  mapped: Batch["mapped"],
): Promise<{ created: number; updated: number }> {
  // One order for all, so that two imports at once wait for one another and never in a circle.
  const sorted = [...customers].sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const inserted = dryRun
    ? []
    : await tx.$queryRaw<{ ref: string }[]>`
        insert into customers (organization_id, id, external_ref, name, email, phone, tier, kind, payment_ref, created_at, updated_at)
        select ${organizationId}::uuid, x.id, x.ref, x.name, x.email, x.phone, x.tier, x.kind, x."paymentRef", ${at}, ${at}
        from jsonb_to_recordset(${JSON.stringify(sorted.map((row) => ({ ...row, id: newId(at) })))}::jsonb)
          as x (id uuid, ref text, name text, email text, phone text, tier text, kind text, "paymentRef" text)
        on conflict (organization_id, external_ref) do nothing
        returning external_ref as ref`;
  const made = new Set(inserted.map(({ ref }) => ref));
  const others = sorted.filter(({ ref }) => !made.has(ref));
  const stored = await tx.$queryRaw<StoredCustomer[]>`
    select external_ref as ref, name, email, phone, tier, kind, payment_ref as "paymentRef" from customers
    where organization_id = ${organizationId}::uuid and external_ref = any(${others.map(({ ref }) => ref)}::text[])
    for update`;
  const byRef = new Map(stored.map((row) => [row.ref, row]));
  const changed = others.flatMap((customer) => {
    const row = byRef.get(customer.ref);
    return row && mapped.some((field) => row[field] !== customer[field])
      ? [{ ...row, ...Object.fromEntries(mapped.map((field) => [field, customer[field]])) }]
      : [];
  });
  const created = dryRun ? others.length - stored.length : made.size;
  if (dryRun || created + changed.length === 0) return { created, updated: changed.length };
  await tx.$executeRaw`
    update customers c set name = x.name, email = x.email, phone = x.phone, tier = x.tier, kind = x.kind,
      payment_ref = x."paymentRef", updated_at = ${at}
    from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb)
      as x (ref text, name text, email text, phone text, tier text, kind text, "paymentRef" text)
    where c.organization_id = ${organizationId}::uuid and c.external_ref = x.ref`;
  await audit(tx, {
    organizationId,
    actor: { kind: "system", id: null },
    action: "customers.imported",
    subjectId: organizationId,
    data: { created, updated: changed.length },
    at,
  });
  return { created, updated: changed.length };
}
