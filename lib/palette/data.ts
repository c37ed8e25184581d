import { mayEnter } from "@/lib/auth/ability";
import type { EmployeeActor } from "@/lib/auth/types";
import { searchCustomers } from "@/lib/customers/data";
import type { CustomerHit } from "@/lib/customers/types";
import { isId, leastIdAt } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import type { DecisionStatus } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";
import { DAY_MS } from "@/lib/discretion/windows";
import type { PaletteHit } from "@/lib/palette/types";

const CUSTOMERS = 6;
const CASES = 5;

/** Among how many of the latest decisions a case is looked for by its words, and how far back. */
const LATEST = 300;
const NEAR_MS = 62 * DAY_MS;

type Person = Pick<EmployeeActor, "organizationId" | "employeeId" | "role">;

/**
 * Customers, orders and cases that somebody may mean who types this, each with the address at which this person finds it.
 * Customers and orders are found by an index in its own order. Cases are found by the number of a receipt among all of
 * them, and by what happened among the latest: an agent's own, everybody's for who sees everybody's.
 */
export async function findForPalette(actor: Person, search: string, now: Date): Promise<PaletteHit[]> {
  const [customers, cases] = await Promise.all([
    searchCustomers(actor.organizationId, search, CUSTOMERS),
    findCases(actor, search, now),
  ]);
  return [...customers.map((hit) => toHit(actor, hit)), ...cases];
}

/** A customer opens on the desk; for who only looks, with everything that was done for them. */
function toHit(actor: Person, hit: CustomerHit): PaletteHit {
  const onDesk = mayEnter(actor.role, "desk");
  const href = onDesk ? `/desk/${hit.id}` : `/floor?customer=${hit.id}`;
  if (hit.matchedOrder) {
    const { id, externalRef } = hit.matchedOrder;
    return {
      kind: "order",
      id,
      href: onDesk ? `${href}?order=${id}` : href,
      ref: externalRef,
      customer: hit.name,
    };
  }
  return {
    kind: "customer",
    id: hit.id,
    href,
    name: hit.name,
    tier: hit.tier,
    details: [hit.email, hit.phone, hit.externalRef].filter((detail) => detail !== null),
    mergedFrom: hit.matchedRecord?.name ?? null,
  };
}

interface Row {
  id: string;
  customer: string;
  remedy: Remedy;
  amount: string;
  currency: string;
  status: DecisionStatus;
  happened: string | null;
}

async function findCases(actor: Person, search: string, now: Date): Promise<PaletteHit[]> {
  const { organizationId, employeeId, role } = actor;
  const own = role === "agent" ? employeeId : null;
  const rows = await withTenant(organizationId, async (client) => {
    if (isId(search)) return (await client.query<Row>(BY_RECEIPT, [organizationId, search])).rows;
    const words = search
      .split(/\s+/)
      .filter((word) => word !== "")
      .slice(0, 6);
    const near = leastIdAt(now.getTime() - NEAR_MS);
    const values = [organizationId, words, near, LATEST, CASES, ...(own ? [own] : [])];
    return (await client.query<Row>(byWords(own !== null), values)).rows;
  });
  const place = mayEnter(role, "floor") ? "/floor/decisions" : "/desk/decisions";
  return rows.map(({ amount, happened, ...row }) => ({
    kind: "case",
    href: `${place}/${row.id}`,
    ...row,
    amount: Number(amount),
    happened: happened ?? "",
  }));
}

const COLUMNS = "d.id, u.name as customer, d.remedy, d.amount, d.currency, d.status, c.happened";

const BY_RECEIPT = `
  select ${COLUMNS} from decisions d
  join customers u on u.organization_id = $1 and u.id = d.customer_id
  left join cases c on c.organization_id = $1 and c.id = d.case_id
  where d.organization_id = $1 and d.id = $2`;

const byWords = (own: boolean) => `
  with latest as (
    select id, customer_id, case_id, remedy, amount, currency, status from decisions
    where organization_id = $1 and id >= $3 ${own ? "and employee_id = $6" : ""} order by id desc limit $4
  )
  select ${COLUMNS} from latest d
  join cases c on c.organization_id = $1 and c.id = d.case_id
  join customers u on u.organization_id = $1 and u.id = d.customer_id
  where not exists (
    select from unnest($2::text[]) as w (word)
    where position(search_text(w.word) in search_text(c.happened || ' ' || c.cause)) = 0
  )
  order by d.id desc limit $5`;
