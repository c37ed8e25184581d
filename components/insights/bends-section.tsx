import Link from "next/link";
import { useTranslations } from "next-intl";
import { Money } from "@/components/ui/money";
import { Time } from "@/components/ui/time";
import { figureHref, ofOne } from "@/lib/dashboards/rows";
import type { DashboardsPage } from "@/lib/dashboards/types";
import { formatCount } from "@/lib/format/money";
import { CheckName } from "./check-name";
import { FigureTable } from "./figure-table";
import { FigureLink, Section, Share } from "./figures";

/** Which guidelines were bent, how often, and the reasons that people wrote. */
export function BendsSection({ bends, reasons, total, currency, search, now, timeZone }: DashboardsPage) {
  const t = useTranslations("insights.bends");
  const remedies = useTranslations("common.remedy");
  const rows = (check: string) => figureHref(search, "bent", ofOne("check", check));
  const most = Math.max(0, ...bends.map(({ sums }) => sums.bent));
  return (
    <Section
      title={t("title")}
      summary={total.bent === 0 ? t("none") : t("summary", { count: total.bent, guidelines: bends.length })}
    >
      {bends.length > 0 ? (
        <FigureTable
          caption={t("title")}
          rows={bends}
          keyOf={({ check }) => check}
          title={{
            header: t("guideline"),
            cell: ({ check, part }) => <CheckName check={check} part={part} currency={currency} />,
          }}
          columns={[
            {
              name: "bent",
              header: t("bent"),
              cell: ({ check, sums }) => <FigureLink href={rows(check)}>{formatCount(sums.bent)}</FigureLink>,
              bar: ({ sums }) => sums.bent / most,
            },
            {
              name: "share",
              header: t("share"),
              cell: ({ check, sums }) => <Share part={sums.bent} whole={total.bent} href={rows(check)} />,
            },
          ]}
        />
      ) : null}
      {reasons.length > 0 ? (
        <>
          <h3 className="font-medium">{t("reasons")}</h3>
          <ul className="flex max-w-prose flex-col divide-y divide-line border-line border-y">
            {reasons.map((reason) => (
              <li key={reason.decisionId} className="flex flex-col gap-0.5 py-2.5">
                <p className="break-words">
                  {reason.note ?? <span className="text-ink-3">{t("noNote")}</span>}
                </p>
                <p className="figures text-ink-3 text-xs">
                  <Link
                    href={`/floor/decisions/${reason.decisionId}`}
                    prefetch={false}
                    className="rounded-inner text-ink-2 underline underline-offset-2"
                  >
                    {remedies(reason.remedy)} <Money amount={reason.amount} currency={reason.currency} />
                  </Link>
                  {" · "}
                  <Time at={reason.at} now={now} timeZone={timeZone} as="short" />
                  {reason.check ? ` · ${reason.check}` : ""}
                </p>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Section>
  );
}
