import { useTranslations } from "next-intl";
import { formatShare } from "@/components/floor/share";
import { type Figure as FigureName, figureHref } from "@/lib/dashboards/rows";
import { rowsHref } from "@/lib/dashboards/schema";
import type { DashboardsPage } from "@/lib/dashboards/types";
import { formatDuration } from "@/lib/format/durations";
import { formatCount } from "@/lib/format/money";
import { answeredOf, type Sums } from "@/lib/sums/types";
import { FigureTable } from "./figure-table";
import { Figure, FigureLink, Section, Share } from "./figures";

const WAITS = [
  ["1", "waited1", 60],
  ["5", "waited5", 300],
  ["15", "waited15", 900],
  ["60", "waited60", 3_600],
  ["480", "waited480", 28_800],
  ["longer", "waitedLonger", null],
] as const satisfies readonly (readonly [string, keyof Sums, number | null])[];

/** How long it took until something was settled, and how much of that was waiting for somebody's answer. */
export function TimeSection({ total, totalBefore, search }: DashboardsPage) {
  const t = useTranslations("insights.time");
  const answered = answeredOf(total);
  const settled = answered + total.expired + total.withdrawn;
  const behind = (figure: FigureName) => figureHref(search, figure);
  const atOnce = total.decisions - total.handedOver;
  const most = Math.max(0, ...WAITS.map(([, name]) => total[name]));
  const rows = WAITS.map(([name, column], index) => ({
    name,
    column,
    count: total[column],
    upToHere: rowsHref(search, {
      waited: WAITS.slice(0, index + 1)
        .map(([each]) => each)
        .join(","),
    }),
    upTo: WAITS.slice(0, index + 1).reduce((sum, [, each]) => sum + total[each], 0),
  }));
  const half = rows.find(({ upTo }) => upTo * 2 >= answered);
  const summary =
    total.decisions === 0
      ? t("summaryNothing")
      : answered === 0 || !half
        ? t("summaryNone", { share: formatShare(atOnce / total.decisions) })
        : t("summary", {
            half: t(`within.${half.name}`),
            mean: formatDuration(total.waitSeconds / answered),
          });
  return (
    <Section title={t("title")} summary={summary}>
      <dl className="grid grid-cols-2 gap-x-8 gap-y-4 sm:grid-cols-3 xl:grid-cols-6">
        <Figure label={t("atOnce")}>
          <Share part={atOnce} whole={total.decisions} href={behind("atOnce")} />
        </Figure>
        <Figure label={t("settle")} note={t("settleNote")}>
          {total.decisions === 0 ? (
            t("none")
          ) : (
            <FigureLink href={behind("settled")}>
              {formatDuration(total.settleSeconds / Math.max(1, atOnce + settled))}
            </FigureLink>
          )}
        </Figure>
        <Figure label={t("mean")} note={<Before sums={totalBefore} />}>
          {answered === 0 ? (
            t("none")
          ) : (
            <FigureLink href={behind("answered")}>{formatDuration(total.waitSeconds / answered)}</FigureLink>
          )}
        </Figure>
        <Figure label={t("longest")}>
          {answered === 0 ? (
            t("none")
          ) : (
            <FigureLink href={behind("answered")}>{formatDuration(total.waitLongest)}</FigureLink>
          )}
        </Figure>
        <Figure label={t("answered")}>
          <FigureLink href={behind("answered")}>{formatCount(answered)}</FigureLink>
        </Figure>
        <Figure
          label={t("unanswered")}
          note={
            <FigureLink href={behind("withdrawn")}>{t("withdrawn", { count: total.withdrawn })}</FigureLink>
          }
        >
          <FigureLink href={behind("expired")}>{formatCount(total.expired)}</FigureLink>
        </Figure>
      </dl>
      {answered > 0 ? (
        <FigureTable
          caption={t("title")}
          rows={rows}
          keyOf={({ name }) => name}
          title={{ header: t("header"), cell: ({ name }) => t(`within.${name}`) }}
          columns={[
            {
              name: "answers",
              header: t("answers"),
              cell: ({ column, count }) => (
                <FigureLink href={behind(column)}>{formatCount(count)}</FigureLink>
              ),
              bar: ({ count }) => count / most,
            },
            {
              name: "share",
              header: t("share"),
              cell: ({ column, count }) => <Share part={count} whole={answered} href={behind(column)} />,
            },
            {
              name: "upTo",
              header: t("upTo"),
              cell: ({ upTo, upToHere }) => <Share part={upTo} whole={answered} href={upToHere} />,
            },
          ]}
          className="max-w-3xl"
        />
      ) : null}
    </Section>
  );
}

function Before({ sums }: { sums: Sums }) {
  const t = useTranslations("insights.time");
  const answered = answeredOf(sums);
  return answered === 0
    ? t("beforeNone")
    : t("before", { mean: formatDuration(sums.waitSeconds / answered) });
}
