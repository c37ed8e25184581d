import { roleHasScope } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import { CURRENCY_EXPONENTS } from "@/lib/discretion/currencies";
import { isCurrency } from "@/lib/discretion/money";
import { localDay } from "@/lib/discretion/windows";
import { listRates, listUnratedCurrencies, readLatestRates } from "@/lib/rates/data";
import { rateDaySchema } from "@/lib/rates/schema";
import type { CurrencyRates, RatesPage } from "@/lib/rates/types";
import { currencyName, ratesHref } from "@/lib/rates/views";

/** How many dates of each currency stand on the page of all. */
const LATEST = 5;
const DATES = 50;
/** How far back a currency was used "lately". */
const LATELY_DAYS = 90;

type Query = Record<string, string | string[] | undefined>;

/** The table of rates: every currency with its latest dates or, where the address names one, all dates of that. */
export async function loadRates({ currency: asked, before }: Query): Promise<RatesPage> {
  const actor = await requireActor("settings");
  const { organizationId, currency, timeZone } = actor;
  const now = new Date();
  const today = localDay(now.getTime(), timeZone);
  const only = typeof asked === "string" && isCurrency(asked) ? asked : null;
  const from = rateDaySchema.safeParse(before).data ?? null;
  const [latest, dates, unrated] = await Promise.all([
    readLatestRates(organizationId, { today, each: LATEST }),
    only === null ? null : listDates(organizationId, only, from),
    only
      ? []
      : listUnratedCurrencies(organizationId, { frame: { currency, today }, days: LATELY_DAYS, timeZone }),
  ]);
  const held = latest.map((each): CurrencyRates => ({ ...each, name: currencyName(each.currency) }));
  const mayEdit = roleHasScope(actor.role, "policies:write");
  return {
    mayEdit,
    currency,
    today,
    currencies: dates ? [toWhole(dates, held)] : held,
    unrated: unrated.map((each) => ({ ...each, name: currencyName(each.currency) })),
    choices: mayEdit ? choices(currency) : [],
    only: dates && { currency: dates.currency, name: currencyName(dates.currency), ...dates.hrefs },
    now: now.toISOString(),
    timeZone,
  };
}

async function listDates(organizationId: string, currency: string, before: string | null) {
  const after = before === null ? undefined : { currency, day: before };
  const page = await listRates(organizationId, { limit: DATES, currency, after });
  const last = page.data.at(-1);
  return {
    currency,
    rates: page.data,
    hrefs: {
      newestHref: before === null ? null : ratesHref(currency),
      olderHref: page.nextCursor && last ? ratesHref(currency, last.day) : null,
    },
  };
}

function toWhole(
  { currency, rates }: Pick<CurrencyRates, "currency" | "rates">,
  held: readonly CurrencyRates[],
): CurrencyRates {
  const inForce = held.find((each) => each.currency === currency)?.inForce ?? null;
  return { currency, name: currencyName(currency), inForce, rates, more: false };
}

function choices(own: string): RatesPage["choices"] {
  return [...CURRENCY_EXPONENTS.keys()]
    .filter((currency) => currency !== own)
    .sort()
    .map((currency) => ({ currency, name: currencyName(currency) }));
}
