import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatCount, formatMoney } from "@/lib/format/money";
import type { FloorTotals } from "@/lib/insights/types";
import { GivenChart } from "./given-chart";
import { formatShare } from "./share";

/** The number that matters first: how rarely anybody had to be asked. Then at what cost. */
export function FloorNumbers({ totals, currency }: { totals: FloorTotals; currency: string }) {
  const t = useTranslations("floor.numbers");
  const { today, month, held } = totals;
  return (
    <section
      aria-label={t("label")}
      className="grid gap-x-14 gap-y-6 lg:grid-cols-[auto_minmax(0,1fr)_18rem] xl:grid-cols-[auto_minmax(0,1fr)_26rem] lg:items-start"
    >
      <div className="flex flex-col">
        {month.solved === null ? (
          <p className="flex h-11 items-center text-ink-2 text-lg">{t("none")}</p>
        ) : (
          <p className="figures font-semibold text-figure">{formatShare(month.solved)}</p>
        )}
        <p className="text-ink-2">{t("solved")}</p>
        <p className="figures text-ink-3 text-xs">
          {today.solved === null
            ? t("solvedTodayNone")
            : t("solvedToday", { share: formatShare(today.solved) })}
        </p>
      </div>
      <dl className="grid grid-cols-2 gap-x-8 gap-y-4 lg:pt-3 xl:grid-cols-4">
        <Figure label={t("givenToday")}>{formatMoney(today.given, currency)}</Figure>
        <Figure label={t("givenMonth")}>{formatMoney(month.given, currency)}</Figure>
        <Figure label={t("decisionsToday")}>{formatCount(today.decisions)}</Figure>
        <Figure
          label={t("held")}
          note={
            held.decisions > 0 ? (
              <Link
                href="/floor?status=reserved"
                className="rounded-inner text-accent-text underline underline-offset-2"
              >
                {t("waiting", { count: held.decisions })}
              </Link>
            ) : (
              t("waiting", { count: 0 })
            )
          }
        >
          {formatMoney(held.amount, currency)}
        </Figure>
      </dl>
      <GivenChart days={totals.days} currency={currency} />
    </section>
  );
}

/** The number above its name, so that all of them stand on one line however long the names are. */
function Figure({ label, note, children }: { label: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse justify-end">
      <dt className="text-ink-2">
        {label}
        {note ? <span className="figures block text-xs">{note}</span> : null}
      </dt>
      <dd className="figures font-medium text-lg">{children}</dd>
    </div>
  );
}
