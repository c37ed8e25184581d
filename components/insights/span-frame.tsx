import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Time } from "@/components/ui/time";
import type { Span } from "@/lib/dashboards/schema";
import type { SpanPage } from "@/lib/dashboards/types";
import { formatDay } from "@/lib/format/dates";
import { PrintButton } from "./print-button";
import { SpanFilter } from "./span-filter";

/** The frame of a page over some days: what it is, which days, how fresh, and a way to paper. */
export function SpanFrame({
  page,
  title,
  about,
  children,
}: {
  page: SpanPage;
  title: string;
  about: string;
  children: ReactNode;
}) {
  const t = useTranslations("insights");
  const { search, teams, today } = page;
  const { span, before } = search;
  const team = teams.find(({ value }) => value === search.team)?.label;
  const remedies = useTranslations("common.remedy");
  return (
    <div className="flex flex-col gap-5 pt-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="flex max-w-prose flex-col gap-1">
          <h1 className="font-semibold text-lg">{title}</h1>
          <p className="text-ink-2">{about}</p>
        </div>
        <div className="print:hidden">
          <PrintButton />
        </div>
      </div>
      <SpanFilter search={search} teams={teams} today={today}>
        <p className="figures -mb-4 text-ink-3 text-xs">
          {t("span", { from: dayWords(span.from), to: dayWords(span.to), days: span.days })}
          {team ? ` ${t("ofTeam", { team })}` : ""}
          {search.remedy ? ` ${t("ofRemedy", { remedy: remedies(search.remedy) })}` : ""}{" "}
          {t("compared", { from: dayWords(before.from), to: dayWords(before.to) })} <Fresh page={page} />
        </p>
        {children}
      </SpanFilter>
    </div>
  );
}

/** When what is shown was summed up, where that is not now. */
function Fresh({ page: { freshness, now, timeZone } }: { page: SpanPage }) {
  const t = useTranslations("insights.fresh");
  if (freshness.missing > 0) return t("missing", { count: freshness.missing });
  if (freshness.asOf === null) return t("now");
  const { asOf } = freshness;
  return t.rich("asOf", { at: () => <Time at={asOf} now={now} timeZone={timeZone} as="short" /> });
}

/** "12 May", or "12 May to 18 May" for more than a day. */
export function useStretchWords(): (stretch: Pick<Span, "from" | "to">) => string {
  const t = useTranslations("insights.dashboards");
  return ({ from, to }) =>
    from === to ? dayWords(from) : t("week", { from: dayWords(from), to: dayWords(to) });
}

/** A local day has no time zone any more. */
export function dayWords(day: string): string {
  return formatDay(new Date(`${day}T00:00:00Z`), "UTC");
}
