import type pg from "pg";
import { withTenant } from "@/lib/db/tenant";
import { type Conditions, conditionsOf, conjunction } from "@/lib/decisions/filters";
import type { DecisionFilter } from "@/lib/decisions/schema";
import {
  CANDIDATES,
  candidatesEnd,
  growth,
  type Reader,
  type StatementPage,
  walkByTime,
} from "@/lib/decisions/stretches";
import type { DecisionStatus } from "@/lib/decisions/types";
import type { Remedy, Verdict } from "@/lib/discretion/schema";
import { type Cursor, cursorText, type Sort } from "@/lib/floor/schema";
import type { ActionSlice } from "@/lib/floor/types";
import type { ActionRow } from "@/lib/insights/types";
import type { ReviewVerdict } from "@/lib/reviews/schema";

/** Nobody waits longer than about this for rows that may not be there: the next part goes on from where this one stopped. */
const PATIENCE_MS = 120;

export interface ActionQuery {
  filter: DecisionFilter;
  sort: Sort;
  timeZone: string;
}

export interface SlicePlace {
  limit: number;
  after: Cursor | null;
  /** How long it may take before what was found so far is enough. */
  patienceMs?: number;
}

/** A part of the list of actions, in its order, as fast far down as at its beginning and in a long history as in a short one. */
export async function readActions(
  organizationId: string,
  { filter, sort, timeZone }: ActionQuery,
  { limit, after, patienceMs = PATIENCE_MS }: SlicePlace,
  read: Reader = (work) => withTenant(organizationId, work),
): Promise<ActionSlice> {
  const base = await conditionsOf(organizationId, filter, timeZone, sort === "amount" ? "amount" : "time");
  if (sort === "amount") return readByAmount(organizationId, base, { limit, after, patienceMs }, read);
  return walkByTime(
    organizationId,
    base,
    {
      ...{ sort, limit, after: after?.id ?? null, patienceMs },
      readRows: (client, page) => readRows(client, organizationId, base, page),
    },
    read,
  );
}

/**
 * The largest that were asked for first. Where looking into a row is dear, the next so many of the others' order are looked
 * into, and after a while what was found is enough.
 */
async function readByAmount(
  organizationId: string,
  base: Conditions,
  { limit, after, patienceMs }: Required<SlicePlace>,
  read: Reader,
): Promise<ActionSlice> {
  const begunAt = performance.now();
  const rows: ActionRow[] = [];
  let place = after;
  for (let candidates = CANDIDATES; ; ) {
    const askedAt = performance.now();
    const page = amountPage(base, place, limit + 1 - rows.length);
    const stop =
      base.dear.length > 0
        ? await read((client) => candidatesEnd(client, organizationId, base, page, candidates))
        : null;
    rows.push(
      ...(await read((client) => readRows(client, organizationId, base, stop ? until(page, stop) : page))),
    );
    if (rows.length > limit) {
      rows.pop();
      const last = rows.at(-1);
      return {
        rows,
        next: last ? cursorText({ id: last.id, amount: last.asked }) : null,
        lookedBackTo: null,
      };
    }
    if (stop === null) return { rows, next: null, lookedBackTo: null };
    place = stop;
    const now = performance.now();
    if (now - begunAt > patienceMs) return { rows, next: cursorText(stop), lookedBackTo: null };
    candidates *= growth(now - askedAt);
  }
}

function amountPage(base: Conditions, after: Cursor | null, limit: number): StatementPage {
  return {
    conditions: (value) => [
      ...(base.from ? [`d.id >= ${value(base.from)}::uuid`] : []),
      ...(base.to ? [`d.id < ${value(base.to)}::uuid`] : []),
      ...(after ? [`(d.amount, d.id) < (${value(after.amount)}::bigint, ${value(after.id)}::uuid)`] : []),
    ],
    order: "d.amount desc, d.id desc",
    limit,
  };
}

function until(page: StatementPage, { amount, id }: Cursor): StatementPage {
  return {
    ...page,
    conditions: (value) => [
      ...page.conditions(value),
      `(d.amount, d.id) >= (${value(amount)}::bigint, ${value(id)}::uuid)`,
    ],
  };
}

interface RawRow {
  id: string;
  at: Date;
  employee: string;
  customer: string;
  remedy: string;
  amount: string;
  granted: string | null;
  currency: string;
  verdict: string;
  status: string;
  cause: string | null;
  cause_name: string | null;
  team: string | null;
  channel: string | null;
  order_ref: string | null;
  note: string | null;
  policy_version: number;
  review: string | null;
}

/** The rows of a page first, then what is shown beside them: nothing is joined that is not on it. */
async function readRows(
  client: pg.PoolClient,
  organizationId: string,
  base: Conditions,
  page: StatementPage,
): Promise<ActionRow[]> {
  const { where, values } = conjunction(organizationId, base, page);
  const { rows } = await client.query<RawRow>(
    `with page as materialized (
       select d.id, d.employee_id, d.team_id, d.customer_id, d.order_id, d.created_at, d.remedy, d.amount, d.currency, d.verdict,
         d.status, d.cause, d.channel, d.note, d.policy_version
       from decisions d where ${where} order by ${page.order} limit ${page.limit}
     )
     select d.id, d.created_at as at, e.name as employee, c.name as customer, d.remedy, d.amount, h.granted_amount as granted,
       d.currency, d.verdict, d.status, d.cause, k.name as cause_name, t.name as team, d.channel, o.external_ref as order_ref, d.note, d.policy_version,
       (select r.verdict from reviews r where r.organization_id = $1 and r.decision_id = d.id order by r.id desc limit 1) as review
     from page d
     left join employees e on e.organization_id = $1 and e.id = d.employee_id
     left join customers c on c.organization_id = $1 and c.id = d.customer_id
     left join teams t on t.organization_id = $1 and t.id = d.team_id
     left join causes k on k.organization_id = $1 and k.key = d.cause
     left join orders o on o.organization_id = $1 and o.id = d.order_id
     left join handovers h on h.organization_id = $1 and h.decision_id = d.id
     order by ${page.order}`,
    values,
  );
  return rows.map(toRow);
}

/** The casts are what the tables' CHECKs promise. */
function toRow(row: RawRow): ActionRow {
  return {
    id: row.id,
    at: row.at.toISOString(),
    employee: row.employee,
    customer: row.customer,
    remedy: row.remedy as Remedy,
    amount: Number(row.granted ?? row.amount),
    asked: Number(row.amount),
    currency: row.currency,
    verdict: row.verdict as Verdict,
    status: row.status as DecisionStatus,
    cause: row.cause,
    causeName: row.cause_name,
    team: row.team,
    channel: row.channel,
    orderRef: row.order_ref,
    note: row.note,
    policyVersion: row.policy_version,
    review: row.review as ReviewVerdict | null,
  };
}
