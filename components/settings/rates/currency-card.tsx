"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { CurrencyRates, ListedRate, RatesPage } from "@/lib/rates/types";
import { ratesHref } from "@/lib/rates/views";
import { RateRow } from "./rate-row";
import { dayWords, exampleOf, keyOf } from "./rate-words";

interface CurrencyCardProps {
  rates: CurrencyRates;
  /** The lines that were taken out on this page, among `rates`. */
  removed: ReadonlySet<string>;
  page: RatesPage;
  onHold: (rate: ListedRate, hold: boolean) => void;
}

/** One currency: what it is worth today, since when, and its dates. */
export function CurrencyCard({ rates, removed, page, onHold }: CurrencyCardProps) {
  const t = useTranslations("settings.rates.card");
  const { currency, name, inForce } = rates;
  const heading = `rates-${currency}`;
  return (
    <li className="grid gap-x-8 gap-y-3 py-5 lg:grid-cols-[14rem_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-1">
        <h2 id={heading} className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-semibold text-base">{currency}</span>{" "}
          {name === currency ? null : <span className="text-ink-2">{name}</span>}
        </h2>
        <Today rate={inForce} own={page.currency} />
      </div>
      <div className="flex min-w-0 flex-col items-start gap-1">
        <ul aria-labelledby={heading} className="w-full divide-y divide-line lg:-mt-3">
          {rates.rates.map((rate) => (
            <RateRow
              key={keyOf(rate)}
              rate={rate}
              standing={rate.day > page.today ? "later" : rate.day === inForce?.day ? "now" : "before"}
              removed={removed.has(keyOf(rate))}
              page={page}
              onHold={(hold) => onHold(rate, hold)}
            />
          ))}
        </ul>
        {rates.more ? (
          <Link
            href={ratesHref(currency)}
            className="flex items-center rounded-inner underline underline-offset-4 pointer-coarse:min-h-11"
          >
            {t("all", { currency })}
          </Link>
        ) : null}
      </div>
    </li>
  );
}

function Today({ rate, own }: { rate: CurrencyRates["inForce"]; own: string }) {
  const t = useTranslations("settings.rates.card");
  if (!rate) return <p className="text-bend">{t("none")}</p>;
  const { currency, day } = rate;
  return (
    <>
      <p className="figures flex flex-wrap items-baseline gap-x-2">
        <span className="break-all font-semibold text-lg">{rate.rate}</span>{" "}
        <span className="text-ink-2">{t("unit", { currency, own })}</span>
      </p>
      <p className="text-ink-2">{t("since", { day: dayWords(day) })}</p>
      <p className="figures text-ink-2">{t("example", { ...exampleOf(rate, own), currency, own })}</p>
    </>
  );
}
