import { audit } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { inTenant, type TenantTransaction } from "@/lib/db/prisma";
import type { CollectedOrders, FileCustomer, FileOrder } from "./orders";
import type { ProgressListener } from "./types";

export type OrderOutcome =
  | "created"
  | "updated"
  | "unchanged"
  /** Decisions were taken on it, so it keeps its customer and its currency, in which they were taken. */
  | "has_decisions";

/** Enough to spare round trips, and few enough that a transaction is over in well under a second. */
const BATCH = 500;

/**
 * Writes orders, each as the file has it, and makes the customers that are not known yet. Customers that are known stay
 * as they are: a file of orders is not where their names come from.
 *
 * A batch is one transaction with its audit event. Whatever breaks off leaves whole orders, and the same import again
 * does the rest.
 */
export async function writeOrders(options: {
  organizationId: string;
  collected: CollectedOrders;
  dryRun: boolean;
  at: Date;
  onProgress: ProgressListener;
  onOutcome: (order: FileOrder, outcome: OrderOutcome) => void;
}): Promise<void> {
  const { organizationId, collected, dryRun, at } = options;
  // One order for all, so that two imports at once wait for one another and never in a circle.
  const sorted = [...collected.orders].sort((a, b) => (a.ref < b.ref ? -1 : 1));
  for (let from = 0; from < sorted.length; from += BATCH) {
    const orders = sorted.slice(from, from + BATCH);
    const outcomes = await inTenant(organizationId, (tx) =>
      dryRun
        ? compare(tx, { organizationId, collected, orders, ids: null })
        : writeBatch(tx, { organizationId, collected, orders, at }),
    );
    for (const order of orders) options.onOutcome(order, outcomes.get(order.ref) ?? "created");
    options.onProgress(from + orders.length, dryRun ? "orders compared" : "orders written");
  }
}

interface Batch {
  organizationId: string;
  collected: CollectedOrders;
  orders: readonly FileOrder[];
}

async function writeBatch(
  tx: TenantTransaction,
  batch: Batch & { at: Date },
): Promise<Map<string, OrderOutcome>> {
  const { organizationId, orders, at } = batch;
  const made = await insertCustomers(tx, batch);
  const ids = await customerIds(tx, batch);
  const rows = orders.map((order) => ({
    id: newId(at),
    ref: order.ref,
    customer: ids.get(order.customer)?.id,
    paid: order.amount,
    currency: order.currency,
    placed: order.placedAt === null ? null : new Date(order.placedAt),
    payment: order.paymentRef,
  }));
  const inserted = await tx.$queryRaw<{ ref: string }[]>`
    insert into orders (organization_id, id, external_ref, customer_id, amount_paid, currency, placed_at, payment_ref, created_at, updated_at)
    select ${organizationId}::uuid, x.id, x.ref, x.customer, x.paid, x.currency, x.placed, x.payment, ${at}, ${at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x (id uuid, ref text, customer uuid, paid bigint, currency text, placed timestamptz, payment text)
    on conflict (organization_id, external_ref) do nothing
    returning external_ref as ref`;
  const created = new Set(inserted.map(({ ref }) => ref));
  const others = orders.filter((order) => !created.has(order.ref));
  const outcomes = await compare(tx, { ...batch, orders: others, ids });
  const updated = rows.filter(({ ref }) => outcomes.get(ref) === "updated");
  if (updated.length > 0) {
    await tx.$executeRaw`
      update orders o set amount_paid = x.paid, currency = x.currency,
        placed_at = coalesce(x.placed, o.placed_at), payment_ref = coalesce(x.payment, o.payment_ref), updated_at = ${at},
        -- Records that were merged are one customer, and an order stays with the one that it has.
        customer_id = case when standing_customer(o.organization_id, o.customer_id)
          = standing_customer(o.organization_id, x.customer) then o.customer_id else x.customer end
      from jsonb_to_recordset(${JSON.stringify(updated)}::jsonb)
        as x (ref text, customer uuid, paid bigint, currency text, placed timestamptz, payment text)
      where o.organization_id = ${organizationId}::uuid and o.external_ref = x.ref`;
  }
  if (created.size + updated.length > 0) {
    await audit(tx, {
      organizationId,
      actor: { kind: "system", id: null },
      action: "orders.imported",
      subjectId: organizationId,
      data: { created: created.size, updated: updated.length, customers: made },
      at,
    });
  }
  for (const ref of created) outcomes.set(ref, "created");
  return outcomes;
}

function customerRefs(orders: readonly FileOrder[]): string[] {
  return [...new Set(orders.map(({ customer }) => customer))].sort();
}

async function insertCustomers(
  tx: TenantTransaction,
  { organizationId, collected, orders, at }: Batch & { at: Date },
): Promise<number> {
  const rows = customerRefs(orders).map((ref) => {
    const about: FileCustomer | undefined = collected.customers.get(ref);
    return {
      id: newId(at),
      ref,
      name: about?.name ?? `Customer ${ref}`,
      email: about?.email ?? null,
      phone: about?.phone ?? null,
    };
  });
  return tx.$executeRaw`
    insert into customers (organization_id, id, external_ref, name, email, phone, created_at, updated_at)
    select ${organizationId}::uuid, x.id, x.ref, x.name, x.email, x.phone, ${at}, ${at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (id uuid, ref text, name text, email text, phone text)
    on conflict (organization_id, external_ref) do nothing`;
}

async function customerIds(
  tx: TenantTransaction,
  { organizationId, orders }: Batch,
): Promise<ReadonlyMap<string, CustomerRecord>> {
  const rows = await tx.$queryRaw<(CustomerRecord & { ref: string })[]>`
    select id, external_ref as ref,
      case when merged_into is null then id else standing_customer(organization_id, id) end as standing
    from customers where organization_id = ${organizationId}::uuid and external_ref = any(${customerRefs(orders)}::text[])`;
  return new Map(rows.map(({ ref, ...record }) => [ref, record]));
}

/** A record, and the one that it stands for: itself, unless it was merged. */
interface CustomerRecord {
  id: string;
  standing: string;
}

interface StoredOrder {
  ref: string;
  /** The record that its customer's stands for. */
  standing: string;
  amount_paid: bigint;
  currency: string;
  placed_at: Date | null;
  payment_ref: string | null;
  has_decisions: boolean;
}

/** What writing the orders would do to those that are there; an order that is not there is missing in the answer. */
async function compare(
  tx: TenantTransaction,
  batch: Batch & { ids: ReadonlyMap<string, CustomerRecord> | null },
): Promise<Map<string, OrderOutcome>> {
  const { organizationId, orders } = batch;
  const outcomes = new Map<string, OrderOutcome>();
  if (orders.length === 0) return outcomes;
  const ids = batch.ids ?? (await customerIds(tx, batch));
  const stored = await tx.$queryRaw<StoredOrder[]>`
    select o.external_ref as ref, o.amount_paid, o.currency, o.placed_at, o.payment_ref, exists (
        select 1 from decisions d where d.organization_id = o.organization_id and d.order_id = o.id
      ) as has_decisions,
      case when c.merged_into is null then c.id else standing_customer(c.organization_id, c.id) end as standing
    from orders o
    join customers c on c.organization_id = o.organization_id and c.id = o.customer_id
    where o.organization_id = ${organizationId}::uuid and o.external_ref = any(${orders.map(({ ref }) => ref)}::text[])
    for update of o`;
  const byRef = new Map(stored.map((row) => [row.ref, row]));
  for (const order of orders) {
    const row = byRef.get(order.ref);
    if (row) outcomes.set(order.ref, outcomeOf(order, row, ids.get(order.customer)?.standing));
  }
  return outcomes;
}

function outcomeOf(order: FileOrder, row: StoredOrder, standing: string | undefined): OrderOutcome {
  const moved = row.standing !== standing || row.currency !== order.currency;
  if (moved && row.has_decisions) return "has_decisions";
  const changed =
    moved ||
    Number(row.amount_paid) !== order.amount ||
    (order.paymentRef !== null && row.payment_ref !== order.paymentRef) ||
    (order.placedAt !== null && row.placed_at?.getTime() !== order.placedAt);
  return changed ? "updated" : "unchanged";
}
