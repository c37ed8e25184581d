import type {
  CustomerHit,
  CustomerOrder,
  CustomerProfile,
  Listed,
  PastDecision,
  UsualAmount,
} from "@/lib/customers/types";
import { isId, leastIdAt } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type { DecisionStatus } from "@/lib/decisions/types";
import type { Remedy, Verdict } from "@/lib/discretion/schema";
import { DAY_MS } from "@/lib/discretion/windows";

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
  /** The record that is listed: the one that was found, or what it was merged into. */
  customer_id: string;
  found_id: string;
  order_id: string | null;
}

/**
 * Customers whose name, address, telephone number or reference, or an order's reference, begin with every word of
 * `search`; the closest first. Reads an index in its own order, so the first ones come as fast among a million. What
 * finds a record that was merged into another one finds the one that stays, once.
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
    const found = new Map<string, Found>();
    for (const row of rows) if (!found.has(row.customer_id)) found.set(row.customer_id, row);
    const first = [...found.values()].slice(0, limit);
    const hits = await client.query<{ hit: CustomerHit }>(HITS, [
      organizationId,
      first.map((row) => row.customer_id),
      first.map((row) => row.order_id),
      first.map((row) => row.found_id),
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
  select case when c.merged_into is null then c.id else standing_customer(c.organization_id, c.id) end as customer_id,
    c.id as found_id, t.order_id
  from customer_terms t
  join customers c on c.organization_id = $1 and c.id = t.customer_id
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
      case when o.id is not null then jsonb_build_object('id', o.id, 'externalRef', o.external_ref) end,
    'matchedRecord', case when m.id <> c.id then jsonb_build_object('id', m.id, 'name', m.name) end))
    || jsonb_build_object('id', c.id, 'name', c.name, 'email', c.email, 'phone', c.phone, 'tier', c.tier,
      'externalRef', c.external_ref) as hit
  from unnest($2::uuid[], $3::uuid[], $4::uuid[]) with ordinality as f (customer_id, order_id, found_id, ord)
  join customers c on c.organization_id = $1 and c.id = f.customer_id
  join customers m on m.organization_id = $1 and m.id = f.found_id
  left join orders o on o.organization_id = $1 and o.id = f.order_id
  order by f.ord`;

/**
 * The records that stand for one customer: the one that stays, first, and all that were merged into it. `id` may name
 * any of them; null where the organization has none of that id.
 */
export async function customerRecords(organizationId: string, id: string): Promise<string[] | null> {
  if (!isId(id)) return null;
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ id: string }>(
      `with standing as (
         select standing_customer(organization_id, id) as id from customers where organization_id = $1 and id = $2
       )
       select r.id from standing s cross join lateral merged_customers($1, s.id) as r (id)
       order by r.id <> s.id, r.id`,
      [organizationId, id],
    ),
  );
  return rows.length === 0 ? null : rows.map((row) => row.id);
}

/** For each of these customers that was merged, the record that it stands for by now. */
export async function mergedAmong(
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, { id: string; name: string }>> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ id: string; standing: string; name: string }>(
      `select c.id, s.id as standing, s.name from customers c
       join customers s on s.organization_id = $1 and s.id = standing_customer($1, c.id)
       where c.organization_id = $1 and c.id = any($2::uuid[]) and c.merged_into is not null`,
      [organizationId, ids],
    ),
  );
  return new Map(rows.map(({ id, standing, name }) => [id, { id: standing, name }]));
}

/** One customer, or null where the organization has none of that id, or they were erased. */
export async function findCustomer(organizationId: string, id: string): Promise<CustomerProfile | null> {
  if (!isId(id)) return null;
  const db = tenantDb(organizationId);
  const records = await customerRecords(organizationId, id);
  if (!records) return null;
  const [row, first] = await Promise.all([
    db.customer.findUnique({ where: { organizationId_id: { organizationId, id } } }),
    db.order.findFirst({
      where: { organizationId, customerId: { in: records }, placedAt: { not: null } },
      orderBy: { placedAt: "asc" },
      select: { placedAt: true },
    }),
  ]);
  if (!row || row.erasedAt !== null) return null;
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    tier: row.tier,
    externalRef: row.externalRef,
    kind: row.kind === "internal" ? "internal" : "external",
    since: first?.placedAt?.toISOString() ?? null,
    mergedInto: row.mergedInto === null ? null : (records[0] ?? null),
  };
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

/** A customer's orders, those of merged records too, the newest first. `include` is one that is wanted whatever its age. */
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
    select id from orders where organization_id = $1 and customer_id = any(array(select merged_customers($1, $2)))
    order by placed_at desc nulls last, id desc limit $3
  )
  select o.id, o.external_ref, o.amount_paid, o.currency, o.placed_at,
    coalesce(k.posted_amount + k.reserved_amount, 0) as taken,
    (select count(*) from (
      select from orders where organization_id = $1 and customer_id = any(array(select merged_customers($1, $2))) limit $5
    ) as counted) as total
  from orders o
  left join counters k
    on k.organization_id = $1 and k.definition = 'order-refundable' and k.scope_key = 'order:' || o.id
    and k.bucket = date '0001-01-01'
  where o.organization_id = $1 and o.customer_id = any(array(select merged_customers($1, $2)))
    and (o.id in (select id from newest) or o.id = $4)
  order by o.placed_at desc nulls last, o.id desc`;

/** Everything that was ever decided for a customer, merged records included, by whomever, the newest first. */
export async function listCustomerHistory(
  organizationId: string,
  customerId: string,
  query: { limit: number },
): Promise<Listed<PastDecision>> {
  const db = tenantDb(organizationId);
  const records = await customerRecords(organizationId, customerId);
  if (!records) return { total: 0, items: [] };
  const where = { organizationId, customerId: { in: records } };
  const [rows, total] = await Promise.all([
    db.decision.findMany({
      where,
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
        handover: { select: { grantedAmount: true } },
        reversal: { select: { kind: true } },
        jobs: { where: { kind: "execute", status: "queued" }, select: { runAt: true } },
      },
    }),
    // Counted here and not by the client, which would put them in order first.
    withTenant(organizationId, (client) =>
      client.query<{ total: string }>(
        `select count(*) as total from (
           select from decisions where organization_id = $1 and customer_id = any ($2::uuid[]) limit $3
         ) as counted`,
        [organizationId, records, COUNT_CAP],
      ),
    ),
  ]);
  return {
    total: Number(total.rows[0]?.total ?? 0),
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
      granted: toMinor(row.handover?.grantedAmount),
      undone: row.reversal?.kind === "undo",
      undoUntil: row.status === "posted" ? (row.jobs[0]?.runAt.toISOString() ?? null) : null,
    })),
  };
}

function toMinor(amount: bigint | null | undefined): number | null {
  return amount === null || amount === undefined ? null : Number(amount);
}

/** How many of the latest decisions speak for what is usual. */
const LATEST = 400;

/** Where so many are looked for first: decisions are kept by month, and older months are read only for what is missing. */
const NEAR_MS = 62 * DAY_MS;

/** The latest decisions; $2 is how many, $3 the least id of those that are near. */
const latest = (columns: string) => `
  with near as (
    select ${columns} from decisions where organization_id = $1 and id >= $3 order by id desc limit $2
  ), far as (
    select ${columns} from decisions where organization_id = $1 and id < $3
    order by id desc limit greatest(0, $2 - (select count(*) from near))
  ), latest as (select * from near union all select * from far)`;

const nearId = () => leastIdAt(Date.now() - NEAR_MS);

/** The causes that were named lately, the most frequent first. */
export async function listRecentCauses(organizationId: string, limit: number): Promise<string[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ cause: string }>(
      `${latest("cause")}
       select cause from latest where cause is not null
       group by cause order by count(*) desc, cause limit $4`,
      [organizationId, LATEST, nearId(), limit],
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
      `${latest("remedy, amount, currency, verdict")}
       select remedy, percentile_disc(0.25) within group (order by amount) as low,
         percentile_disc(0.75) within group (order by amount) as high
       from latest where currency = $4 and verdict in ('allow', 'bend')
       group by remedy having count(*) >= 5`,
      [organizationId, LATEST, nearId(), currency],
    ),
  );
  return Object.fromEntries(rows.map((row) => [row.remedy, { from: Number(row.low), to: Number(row.high) }]));
}

/**
 * The customer of an id or an external reference as REST shows it; null where the organization has none such, or they were
 * erased.
 */
export async function readCustomer(
  organizationId: string,
  idOrRef: string,
): Promise<Omit<CustomerProfile, "since"> | null> {
  const row = await tenantDb(organizationId).customer.findFirst({
    where: {
      organizationId,
      erasedAt: null,
      OR: [...(isId(idOrRef) ? [{ id: idOrRef }] : []), { externalRef: idOrRef }],
    },
    select: {
      id: true,
      externalRef: true,
      name: true,
      email: true,
      phone: true,
      tier: true,
      kind: true,
      mergedInto: true,
    },
  });
  if (!row) return null;
  const standing = row.mergedInto && (await customerRecords(organizationId, row.id))?.[0];
  return { ...row, kind: row.kind === "internal" ? "internal" : "external", mergedInto: standing || null };
}
