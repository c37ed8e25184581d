import { type AuditActor, audit, auditAll } from "@/lib/audit/mutations";
import { inTenant, type TenantTransaction } from "@/lib/db/prisma";
import type { DatedRate } from "@/lib/discretion/rates";
import { readRateFrame } from "@/lib/rates/data";
import { rateFaults } from "@/lib/rates/schema";
import type { RateChange, RateCounts, RateFault, RateMoved } from "@/lib/rates/types";

/** A rate to be written. With `seen`, only where that still stands there: a rate, or null for nothing. */
export interface RateToSet extends DatedRate {
  seen?: string | null;
}

export type SetRatesAnswer =
  | ({ ok: true; changes: RateChange[] } & RateCounts)
  | { ok: false; code: "invalid"; faults: RateFault[] }
  | RateMoved;

interface Write {
  organizationId: string;
  writer: AuditActor;
  at: Date;
}

const BATCH = 1000;
/** A long file may take its time: nobody waits for it but who sets rates as well. */
const TIMEOUT_MS = 10 * 60_000;

/** Undoes the transaction that it is thrown in. */
class Moved extends Error {
  constructor(readonly current: string | null) {
    super("The rate is another one by now.");
  }
}

/**
 * Writes rates, all of them or none. The rates are as `datedRateSchema` gives them; what stands under the same currency
 * and day is replaced, and every change is written down. Decisions that were taken keep the rate that they were taken
 * with.
 */
export async function setRates({
  rates,
  ...write
}: Write & { rates: readonly RateToSet[] }): Promise<SetRatesAnswer> {
  const faults = rateFaults(rates, await readRateFrame(write.organizationId, write.at));
  if (faults.length > 0) return { ok: false, code: "invalid", faults };
  const once = [...new Map(rates.map((rate) => [subjectOf(rate), rate])).values()];
  const work = async (tx: TenantTransaction) => {
    await waitForOthers(tx, write.organizationId);
    const changes: RateChange[] = [];
    for (let from = 0; from < once.length; from += BATCH) {
      changes.push(...(await writeBatch(tx, write, once.slice(from, from + BATCH))));
    }
    return changes;
  };
  try {
    const changes = await inTenant(write.organizationId, work, { timeoutMs: TIMEOUT_MS });
    const created = changes.filter(({ before }) => before === null).length;
    const updated = changes.length - created;
    return { ok: true, changes, created, updated, unchanged: once.length - changes.length };
  } catch (error) {
    if (error instanceof Moved) return { ok: false, code: "moved", current: error.current };
    throw error;
  }
}

/** Takes a rate out of the table; the one before it holds then. With `seen`, only where that still stands there. */
export async function removeRate({
  organizationId,
  writer,
  at,
  currency,
  day,
  seen,
}: Write & { currency: string; day: string; seen?: string }): Promise<
  { ok: true; before: string } | { ok: false; code: "not_found" } | RateMoved
> {
  return inTenant(organizationId, async (tx) => {
    await waitForOthers(tx, organizationId);
    const [standing] = await standingRates(tx, organizationId, [{ currency, day }]);
    if (!standing) return { ok: false, code: "not_found" };
    const before = standing.rate;
    if (seen !== undefined && seen !== before) return { ok: false, code: "moved", current: before };
    await tx.$executeRaw`
      delete from exchange_rates
      where organization_id = ${organizationId}::uuid and currency = ${currency} and day = ${day}::date`;
    const subjectId = subjectOf({ currency, day });
    const data = { before };
    await audit(tx, { organizationId, actor: writer, action: "rate.removed", subjectId, data, at });
    return { ok: true, before };
  });
}

/**
 * Lets one at a time write an organization's rates, so that what is read here stands until the end, also where it is
 * nothing, which no row can be locked for.
 */
async function waitForOthers(tx: TenantTransaction, organizationId: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('leeway.rates/' || ${organizationId}, 0))`;
}

/** Answers what it changed. */
async function writeBatch(
  tx: TenantTransaction,
  { organizationId, writer, at }: Write,
  rates: readonly RateToSet[],
): Promise<RateChange[]> {
  const standing = await standingRates(tx, organizationId, rates);
  const before = new Map(standing.map((rate) => [subjectOf(rate), rate.rate]));
  const changes = rates.flatMap(({ seen, currency, day, rate }) => {
    const stood = before.get(subjectOf({ currency, day })) ?? null;
    if (seen !== undefined && seen !== stood) throw new Moved(stood);
    return stood === rate ? [] : [{ currency, day, rate, before: stood }];
  });
  if (changes.length === 0) return [];
  await tx.$executeRaw`
    insert into exchange_rates (organization_id, currency, day, rate, updated_at, updated_by)
    select ${organizationId}::uuid, x.currency, x.day, x.rate, ${at}, ${writer.kind === "employee" ? writer.id : null}::uuid
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as x (currency text, day date, rate numeric)
    on conflict (organization_id, currency, day) do update
      set rate = excluded.rate, updated_at = excluded.updated_at, updated_by = excluded.updated_by`;
  await auditAll(
    tx,
    changes.map((change) => ({
      organizationId,
      actor: writer,
      action: "rate.set" as const,
      subjectId: subjectOf(change),
      data: { rate: change.rate, before: change.before },
      at,
    })),
  );
  return changes;
}

async function standingRates(
  tx: TenantTransaction,
  organizationId: string,
  places: readonly { currency: string; day: string }[],
): Promise<DatedRate[]> {
  return tx.$queryRaw<DatedRate[]>`
    select x.currency, x.day::text as day, trim_scale(x.rate)::text as rate
    from unnest(${places.map(({ currency }) => currency)}::text[], ${places.map(({ day }) => day)}::date[])
      as asked (currency, day)
    join exchange_rates x
      on x.organization_id = ${organizationId}::uuid and x.currency = asked.currency and x.day = asked.day`;
}

/** How history names a rate: as its address does. */
function subjectOf({ currency, day }: { currency: string; day: string }): string {
  return `${currency}/${day}`;
}
