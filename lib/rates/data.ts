import type pg from "pg";
import { leastIdAt } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import { createRateTable, type DatedRate } from "@/lib/discretion/rates";
import { addDays, localDay, startOfDay } from "@/lib/discretion/windows";
import { findOrganization } from "@/lib/organizations/data";
import type { ListedRate, RateChange, RateFrame } from "@/lib/rates/types";

/** A rate's columns, as short as it can be written, and who wrote it. */
const RATE = `x.currency, x.day, trim_scale(x.rate)::text as rate, x.updated_at, e.id as updater_id, e.name as updater_name`;
const UPDATER = `left join employees e on e.organization_id = x.organization_id and e.id = x.updated_by`;

interface RateRow {
  currency: string;
  day: string;
  rate: string;
  updated_at: Date;
  updater_id: string | null;
  updater_name: string | null;
}

function toListed(row: RateRow): ListedRate {
  const { currency, day, rate, updater_id: id, updater_name: name } = row;
  return {
    currency,
    day,
    rate,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: id !== null && name !== null ? { id, name } : null,
  };
}

/** What rates of the organization have to fit at this moment. */
export async function readRateFrame(organizationId: string, at: Date): Promise<RateFrame> {
  const organization = await findOrganization(organizationId);
  if (!organization) throw new Error(`There is no organization ${organizationId}.`);
  return { currency: organization.currency, today: localDay(at.getTime(), organization.timeZone) };
}

/** The rate that is listed under a day; null where there is none, though an earlier one may hold then. */
export async function findRate(
  organizationId: string,
  currency: string,
  day: string,
): Promise<ListedRate | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<RateRow>(
      `select ${RATE} from exchange_rates x ${UPDATER}
       where x.organization_id = $1 and x.currency = $2 and x.day = $3`,
      [organizationId, currency, day],
    ),
  );
  return rows[0] ? toListed(rows[0]) : null;
}

/** By currency, and of each the latest day first. `after` is what the page before ended with. */
export async function listRates(
  organizationId: string,
  page: { limit: number; currency?: string; after?: { currency: string; day: string } },
): Promise<{ data: ListedRate[]; nextCursor: string | null }> {
  const { limit, currency = null, after } = page;
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<RateRow>(
      `select ${RATE} from exchange_rates x ${UPDATER}
       where x.organization_id = $1 and ($2::text is null or x.currency = $2)
         and ($3::text is null or x.currency > $3 or (x.currency = $3 and x.day < $4))
       order by x.currency, x.day desc limit $5`,
      [organizationId, currency, after?.currency ?? null, after?.day ?? null, limit + 1],
    ),
  );
  const data = rows.slice(0, limit).map(toListed);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last ? `${last.currency}:${last.day}` : null };
}

/** The latest dates of each currency, and the one that holds today, however long ago it began. */
export async function readLatestRates(
  organizationId: string,
  options: { today: string; each: number },
): Promise<{ currency: string; inForce: DatedRate | null; rates: ListedRate[]; more: boolean }[]> {
  const { today, each } = options;
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<RateRow>(LATEST, [organizationId, today, each + 1]),
  );
  const byCurrency = new Map<string, ListedRate[]>();
  for (const rate of rows.map(toListed)) {
    byCurrency.set(rate.currency, [...(byCurrency.get(rate.currency) ?? []), rate]);
  }
  return [...byCurrency].map(([currency, rates]) => {
    const held = createRateTable(rates).rateOn(currency, today);
    return {
      currency,
      inForce: held && { currency, ...held },
      rates: rates.slice(0, each),
      more: rates.length > each,
    };
  });
}

// From one currency to the next by the index: reading years of daily rates to name thirty currencies would take long.
const LATEST = `
  with recursive currencies as (
    (select x.currency from exchange_rates x where x.organization_id = $1 order by x.currency limit 1)
    union all
    select (select x.currency from exchange_rates x
      where x.organization_id = $1 and x.currency > c.currency order by x.currency limit 1)
    from currencies c where c.currency is not null
  )
  select ${RATE} from currencies c
  cross join lateral (
    (select * from exchange_rates y where y.organization_id = $1 and y.currency = c.currency order by y.day desc limit $3)
    union
    (select * from exchange_rates y where y.organization_id = $1 and y.currency = c.currency and y.day <= $2
      order by y.day desc limit 1)
  ) as x
  ${UPDATER}
  order by x.currency, x.day desc`;

/**
 * The currencies other than the organization's own that decisions of these days, or orders placed in them, are in, and
 * that have no rate today; the most used first.
 */
export async function listUnratedCurrencies(
  organizationId: string,
  options: { frame: RateFrame; days: number; timeZone: string },
): Promise<{ currency: string; decisions: number; orders: number }[]> {
  const { frame, days, timeZone } = options;
  const from = startOfDay(addDays(frame.today, 1 - days), timeZone);
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ currency: string; decisions: string; orders: string }>(
      `select used.currency, sum(used.decisions) as decisions, sum(used.orders) as orders
       from (
         select d.currency, count(*) as decisions, 0 as orders from decisions d
           where d.organization_id = $1 and d.id >= $2 and d.currency <> $3 group by d.currency
         union all
         select o.currency, 0, count(*) from orders o
           where o.organization_id = $1 and coalesce(o.placed_at, o.created_at) >= $4 and o.currency <> $3 group by o.currency
       ) as used
       where not exists (
         select from exchange_rates x where x.organization_id = $1 and x.currency = used.currency and x.day <= $5
       )
       group by used.currency order by 2 desc, 3 desc, 1`,
      [organizationId, leastIdAt(from), frame.currency, new Date(from), frame.today],
    ),
  );
  return rows.map((row) => ({ ...row, decisions: Number(row.decisions), orders: Number(row.orders) }));
}

/** What setting these rates would do to the table now, in the order of the list; one that is listed twice counts once. */
export async function compareRates(
  organizationId: string,
  rates: readonly DatedRate[],
): Promise<RateChange[]> {
  const stored = await withTenant(organizationId, (client) => storedRates(client, organizationId, rates));
  const once = new Map(rates.map((rate) => [keyOf(rate), rate]));
  return [...once].map(([key, rate]) => ({ ...rate, before: stored.get(key) ?? null }));
}

async function storedRates(
  client: pg.PoolClient,
  organizationId: string,
  rates: readonly DatedRate[],
): Promise<Map<string, string>> {
  const { rows } = await client.query<DatedRate>(
    `select x.currency, x.day, trim_scale(x.rate)::text as rate
     from unnest($2::text[], $3::date[]) as asked (currency, day)
     join exchange_rates x on x.organization_id = $1 and x.currency = asked.currency and x.day = asked.day`,
    [organizationId, rates.map(({ currency }) => currency), rates.map(({ day }) => day)],
  );
  return new Map(rows.map((row) => [keyOf(row), row.rate]));
}

function keyOf({ currency, day }: Pick<DatedRate, "currency" | "day">): string {
  return `${currency} ${day}`;
}
