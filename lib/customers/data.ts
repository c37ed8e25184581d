import type {
  CustomerHit,
  CustomerOrder,
  CustomerProfile,
  Listed,
  PastDecision,
  UsualAmount,
} from "@/lib/customers/types";
import { isId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type { DecisionStatus } from "@/lib/decisions/types";
import type { Remedy, Verdict } from "@/lib/discretion/schema";

/** A count above this is shown as "more", and not counted on. */
const COUNT_CAP = 10_000;

/** Sorts behind every text that begins with the same letters, byte by byte. */
const LAST = "\u{10FFFF}";
const WORDS_MAX = 6;
const WORD_MAX_LENGTH = 200;

/**
 * The words of a search. A telephone number is one word however it is grouped, and an order's number is often written
 * with a "#".
 */
export function searchWords(search: string): string[] {
  const text = search.trim().slice(0, 500);
  if (/^\+?[\d\s().\-/]+$/.test(text) && /\d/.test(text)) {
    const digits = text.replace(/\D/g, "");
    // "2021-4711" may as well be an order's number, written just so.
    return /[\s()+]/.test(text) || digits === text ? [digits] : [text];
  }
  return text
    .split(/[\s,;]+/)
    .map((word) => word.replace(/^#/, "").slice(0, WORD_MAX_LENGTH))
    .filter((word) => word !== "")
    .slice(0, WORDS_MAX);
}

interface Found {
  customer_id: string;
  order_id: string | null;
}

/**
 * Customers whose name, address, telephone number or reference, or an order's reference, begin with every word of
 * `search`; the closest first. Reads an index in its own order, so the first ones come as fast among a million.
 */
export async function searchCustomers(
  organizationId: string,
  search: string,
  limit: number,
): Promise<CustomerHit[]> {
  // The longest word is found the fewest times; the others are looked up for what it found.
  const words = searchWords(search).sort((a, b) => b.length - a.length);
  if (words.length === 0) return [];
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<Found>(SEARCH, [organizationId, words, LAST, limit * ROWS_PER_HIT]);
    const found = new Map<string, string | null>();
    for (const row of rows) if (!found.has(row.customer_id)) found.set(row.customer_id, row.order_id);
    const first = [...found].slice(0, limit);
    const hits = await client.query<{ hit: CustomerHit }>(HITS, [
      organizationId,
      first.map(([customerId]) => customerId),
      first.map(([, orderId]) => orderId),
    ]);
    return hits.rows.map((row) => row.hit);
  });
}

/** A customer is found by several of their words and orders: that many rows are read for each one that is shown. */
const ROWS_PER_HIT = 8;

const SEARCH = `
  with words as (
    select ord, search_text(word) as low, search_text(word) || $3 as high
    from unnest($2::text[]) with ordinality as w (word, ord)
  )
  select t.customer_id, t.order_id
  from customer_terms t
  where t.organization_id = $1
    and t.term >= (select low from words where ord = 1)
    and t.term < (select high from words where ord = 1)
    and not exists (
      select from words w
      where w.ord > 1 and not exists (
        select from customer_terms u
        where u.organization_id = $1 and u.customer_id = t.customer_id and u.term >= w.low and u.term < w.high
      )
    )
  order by t.term, t.customer_id
  limit $4`;

const HITS = `
  select jsonb_strip_nulls(jsonb_build_object('matchedOrder',
      case when o.id is not null then jsonb_build_object('id', o.id, 'externalRef', o.external_ref) end))
    || jsonb_build_object('id', c.id, 'name', c.name, 'email', c.email, 'phone', c.phone, 'tier', c.tier,
      'externalRef', c.external_ref) as hit
  from unnest($2::uuid[], $3::uuid[]) with ordinality as f (customer_id, order_id, ord)
  join customers c on c.organization_id = $1 and c.id = f.customer_id
  left join orders o on o.organization_id = $1 and o.id = f.order_id
  order by f.ord`;

/** One customer, or null where the organization has none of that id. */
export async function findCustomer(organizationId: string, id: string): Promise<CustomerProfile | null> {
  if (!isId(id)) return null;
  const db = tenantDb(organizationId);
  const [row, first] = await Promise.all([
    db.customer.findUnique({ where: { organizationId_id: { organizationId, id } } }),
    db.order.findFirst({
      where: { organizationId, customerId: id, placedAt: { not: null } },
      orderBy: { placedAt: "asc" },
      select: { placedAt: true },
    }),
  ]);
  return (
    row && {
      id: row.id,
      name: row.name,
      email: row.email,
      phone: row.phone,
      tier: row.tier,
      externalRef: row.externalRef,
      kind: row.kind === "internal" ? "internal" : "external",
      since: first?.placedAt?.toISOString() ?? null,
    }
  );
}

interface OrderRow {
  id: string;
  external_ref: string;
  amount_paid: string;
  taken: string;
  currency: string;
  placed_at: Date | null;
  total: string;
}

/** A customer's orders, the newest first. `include` is one that is wanted whatever its age. */
export async function listCustomerOrders(
  organizationId: string,
  customerId: string,
  query: { limit: number; include?: string | null },
): Promise<Listed<CustomerOrder>> {
  const rows = await withTenant(organizationId, async (client) => {
    const include = query.include && isId(query.include) ? query.include : null;
    const answer = await client.query<OrderRow>(ORDERS, [
      organizationId,
      customerId,
      query.limit,
      include,
      COUNT_CAP,
    ]);
    return answer.rows;
  });
  return {
    total: Number(rows[0]?.total ?? 0),
    items: rows.map((row) => ({
      id: row.id,
      externalRef: row.external_ref,
      paid: Number(row.amount_paid),
      refundable: Math.max(0, Number(row.amount_paid) - Number(row.taken)),
      currency: row.currency,
      placedAt: row.placed_at?.toISOString() ?? null,
    })),
  };
}

// The same counter that the guardrail `order-refundable` goes by: a refund takes from its order, done or held.
const ORDERS = `
  with newest as (
    select id from orders where organization_id = $1 and customer_id = $2
    order by placed_at desc nulls last, id desc limit $3
  )
  select o.id, o.external_ref, o.amount_paid, o.currency, o.placed_at,
    coalesce(k.posted_amount + k.reserved_amount, 0) as taken,
    (select count(*) from (
      select from orders where organization_id = $1 and customer_id = $2 limit $5
    ) as counted) as total
  from orders o
  left join counters k
    on k.organization_id = $1 and k.definition = 'order-refundable' and k.scope_key = 'order:' || o.id
    and k.bucket = date '0001-01-01'
  where o.organization_id = $1 and o.customer_id = $2 and (o.id in (select id from newest) or o.id = $4)
  order by o.placed_at desc nulls last, o.id desc`;

/** Everything that was ever decided for a customer, by whomever, the newest first. */
export async function listCustomerHistory(
  organizationId: string,
  customerId: string,
  query: { limit: number },
): Promise<Listed<PastDecision>> {
  const db = tenantDb(organizationId);
  const [rows, total] = await Promise.all([
    db.decision.findMany({
      where: { organizationId, customerId },
      orderBy: { id: "desc" },
      take: query.limit,
      select: {
        id: true,
        remedy: true,
        amount: true,
        currency: true,
        verdict: true,
        status: true,
        createdAt: true,
        cause: true,
        employee: { select: { id: true, name: true } },
        order: { select: { externalRef: true } },
        case: { select: { happened: true } },
      },
    }),
    db.decision.count({ where: { organizationId, customerId }, take: COUNT_CAP }),
  ]);
  return {
    total,
    items: rows.map((row) => ({
      id: row.id,
      remedy: row.remedy as Remedy,
      amount: Number(row.amount),
      currency: row.currency,
      verdict: row.verdict as Verdict,
      status: row.status as DecisionStatus,
      createdAt: row.createdAt.toISOString(),
      employee: row.employee,
      orderRef: row.order?.externalRef ?? null,
      cause: row.cause,
      happened: row.case?.happened ?? null,
    })),
  };
}

/** How many of the latest decisions speak for what is usual. */
const LATEST = 400;

/** The causes that were named lately, the most frequent first. */
export async function listRecentCauses(organizationId: string, limit: number): Promise<string[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ cause: string }>(
      `select cause from (
         select cause from decisions where organization_id = $1 order by id desc limit $2
       ) as latest
       where cause is not null
       group by cause order by count(*) desc, cause limit $3`,
      [organizationId, LATEST, limit],
    ),
  );
  return rows.map((row) => row.cause);
}

/** What is usually given, by remedy: the middle half of the latest amounts that were given at once. */
export async function readUsualAmounts(
  organizationId: string,
  currency: string,
): Promise<Partial<Record<Remedy, UsualAmount>>> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ remedy: Remedy; low: string; high: string }>(
      `select remedy, percentile_disc(0.25) within group (order by amount) as low,
         percentile_disc(0.75) within group (order by amount) as high
       from (
         select remedy, amount, currency, verdict from decisions where organization_id = $1 order by id desc limit $2
       ) as latest
       where currency = $3 and verdict in ('allow', 'bend')
       group by remedy having count(*) >= 5`,
      [organizationId, LATEST, currency],
    ),
  );
  return Object.fromEntries(rows.map((row) => [row.remedy, { from: Number(row.low), to: Number(row.high) }]));
}

/** The customer of an id or an external reference as REST shows it; null where the organization has none such. */
export async function readCustomer(
  organizationId: string,
  idOrRef: string,
): Promise<Omit<CustomerProfile, "since"> | null> {
  const row = await tenantDb(organizationId).customer.findFirst({
    where: { organizationId, OR: [...(isId(idOrRef) ? [{ id: idOrRef }] : []), { externalRef: idOrRef }] },
    select: { id: true, externalRef: true, name: true, email: true, phone: true, tier: true, kind: true },
  });
  return row && { ...row, kind: row.kind === "internal" ? "internal" : "external" };
}
