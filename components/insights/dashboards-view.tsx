import Link from "next/link";
import { useTranslations } from "next-intl";
import { formatShare } from "@/components/floor/share";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { Money } from "@/components/ui/money";
import { type Figure as FigureName, figureHref, ofOne } from "@/lib/dashboards/rows";
import type { DashboardsPage, Line } from "@/lib/dashboards/types";
import type { Remedy } from "@/lib/discretion/schema";
import { formatCount, formatMoney } from "@/lib/format/money";
import type { Sums } from "@/lib/sums/types";
import { BendsSection } from "./bends-section";
import { type Column, FigureTable } from "./figure-table";
import { Change, Figure, FigureLink, Section, Share, ShareChange } from "./figures";
import { LimitsSection } from "./limits-section";
import { OutcomeSection, Satisfied } from "./outcome-section";
import { SpanFrame, useStretchWords } from "./span-frame";
import { StretchChart } from "./stretch-chart";
import { TimeSection } from "./time-section";

/** How rarely anybody had to be asked, at what cost, and how long those waited for whom somebody was. */
export function DashboardsView(page: DashboardsPage) {
  const t = useTranslations("insights.dashboards");
  return (
    <SpanFrame page={page} title={t("heading")} about={t("about")}>
      {page.total.decisions === 0 && page.totalBefore.decisions === 0 ? (
        <EmptyState title={t("empty.title")}>
          <p>{t("empty.text")}</p>
        </EmptyState>
      ) : (
        <>
          <Headline {...page} />
          <GivenSection {...page} />
          <OutcomeSection {...page} />
          {/* What customers said is one column more, for which two beside one another have no room. */}
          <div className={cn("grid gap-x-12 gap-y-10", page.total.surveyed === 0 && "xl:grid-cols-2")}>
            <Lines page={page} by="team" lines={page.teamLines} />
            <Lines page={page} by="remedy" lines={page.remedyLines} />
          </div>
          <Lines page={page} by="cause" lines={page.causeLines} />
          <TimeSection {...page} />
          <LimitsSection {...page} />
          <BendsSection {...page} />
          <Employees {...page} />
        </>
      )}
    </SpanFrame>
  );
}

const solvedShare = ({ solved, decisions }: Sums) => (decisions === 0 ? null : solved / decisions);

function Headline(page: DashboardsPage) {
  const t = useTranslations("insights.dashboards");
  const { total, totalBefore, currency, search } = page;
  const share = solvedShare(total);
  const rows = (figure: FigureName) => figureHref(search, figure);
  return (
    <section
      aria-label={t("numbers")}
      className="grid gap-x-14 gap-y-6 lg:grid-cols-[auto_minmax(0,1fr)] lg:items-start"
    >
      <div className="flex flex-col">
        {share === null ? (
          <p className="flex h-11 items-center text-ink-2 text-lg">{t("none")}</p>
        ) : (
          <p className="figures font-semibold text-figure">
            <FigureLink href={rows("solved")}>{formatShare(share)}</FigureLink>
          </p>
        )}
        <p className="text-ink-2">{t("solved")}</p>
        <ShareChange now={share} before={solvedShare(totalBefore)} />
      </div>
      <dl className="grid grid-cols-2 gap-x-8 gap-y-4 sm:grid-cols-3 lg:pt-3 xl:grid-cols-6">
        <Figure label={t("given")} note={<Change now={total.given} before={totalBefore.given} />}>
          <FigureLink href={rows("given")}>{formatMoney(total.given, currency)}</FigureLink>
        </Figure>
        <Figure label={t("decisions")} note={<Change now={total.decisions} before={totalBefore.decisions} />}>
          <FigureLink href={rows("decisions")}>{formatCount(total.decisions)}</FigureLink>
        </Figure>
        <Figure label={t("bent")} note={<Change now={total.bent} before={totalBefore.bent} />}>
          <FigureLink href={rows("bent")}>{formatCount(total.bent)}</FigureLink>
        </Figure>
        <Figure
          label={t("handedOver")}
          note={<Change now={total.handedOver} before={totalBefore.handedOver} />}
        >
          <FigureLink href={rows("handedOver")}>{formatCount(total.handedOver)}</FigureLink>
        </Figure>
        <Figure label={t("denied")} note={<Change now={total.denied} before={totalBefore.denied} />}>
          <FigureLink href={rows("denied")}>{formatCount(total.denied)}</FigureLink>
        </Figure>
        <Figure
          label={t("reversed")}
          note={
            <FigureLink href={rows("held")}>
              {t("held", { amount: formatMoney(total.held, currency) })}
            </FigureLink>
          }
        >
          <FigureLink href={rows("reversed")}>{formatMoney(total.reversed, currency)}</FigureLink>
        </Figure>
      </dl>
    </section>
  );
}

function GivenSection({ stretches, grain, currency, search, total }: DashboardsPage) {
  const t = useTranslations("insights.dashboards");
  const most = stretches.reduce<(typeof stretches)[number] | null>(
    (a, b) => (a === null || b.sums.given > a.sums.given ? b : a),
    null,
  );
  const label = useStretchWords();
  return (
    <Section
      title={t(`chart.${grain}`)}
      summary={
        most === null || most.sums.given === 0
          ? t("chart.none")
          : t("chart.summary", {
              amount: formatMoney(total.given, currency),
              most: formatMoney(most.sums.given, currency),
              when: label(most),
            })
      }
    >
      <StretchChart
        label={t(`chart.${grain}`)}
        headers={{
          stretch: t(`chart.${grain}Header`),
          value: t("given"),
          more: [t("decisions"), t("solvedShort"), t("handedOver")],
        }}
        bars={stretches.map(({ sums, ...span }) => ({
          key: span.from,
          label: label(span),
          value: sums.given,
          text: formatMoney(sums.given, currency),
          href: figureHref({ ...search, span }, "given"),
          more: [
            <FigureLink key="decisions" href={figureHref({ ...search, span }, "decisions")}>
              {formatCount(sums.decisions)}
            </FigureLink>,
            <Share
              key="share"
              part={sums.solved}
              whole={sums.decisions}
              href={figureHref({ ...search, span }, "solved")}
            />,
            <FigureLink key="handedOver" href={figureHref({ ...search, span }, "handedOver")}>
              {formatCount(sums.handedOver)}
            </FigureLink>,
          ],
        }))}
      />
    </Section>
  );
}

function Lines({
  page,
  by,
  lines,
}: {
  page: DashboardsPage;
  by: "team" | "remedy" | "cause";
  lines: readonly Line[];
}) {
  const t = useTranslations("insights.dashboards");
  const outcome = useTranslations("insights.outcome");
  const remedies = useTranslations("common.remedy");
  const { currency, search, otherCauses } = page;
  const shown = lines.filter(({ sums, before }) => sums.decisions > 0 || (before?.decisions ?? 0) > 0);
  const most = Math.max(0, ...shown.map(({ sums }) => sums.given));
  const words = (line: Line) => {
    if (line.label === null) return t(`without.${by}`);
    return by === "remedy" ? remedies(line.label as Remedy) : line.label;
  };
  const dearest = shown.reduce<Line | null>(
    (a, b) => (a === null || b.sums.given > a.sums.given ? b : a),
    null,
  );
  const only = ({ value }: Line) => (by === "remedy" ? { remedy: value ?? "" } : ofOne(by, value));
  const rows = (line: Line, figure: FigureName) => figureHref(search, figure, only(line));
  const satisfied: Column<Line> = {
    name: "satisfied",
    header: outcome("satisfiedShort"),
    cell: (line) => (
      <Satisfied
        said={{ answers: line.sums.surveyed, satisfied: line.sums.satisfied }}
        href={rows(line, "satisfied")}
        answersHref={rows(line, "surveyed")}
      />
    ),
  };
  const columns: Column<Line>[] = [
    {
      name: "given",
      header: t("given"),
      cell: (line) => (
        <FigureLink href={rows(line, "given")}>
          <Money amount={line.sums.given} currency={currency} />
        </FigureLink>
      ),
      bar: ({ sums }) => sums.given / most,
    },
    { name: "change", header: t("change"), cell: (line) => <GivenChange {...line} /> },
    ...usePeopleColumns(rows),
    ...(page.total.surveyed === 0 ? [] : [satisfied]),
  ];
  return (
    <Section
      title={t(`by.${by}`)}
      summary={
        dearest === null || dearest.sums.given === 0
          ? t("chart.none")
          : t("lineSummary", {
              what: words(dearest),
              amount: formatMoney(dearest.sums.given, currency),
              share: formatShare(dearest.sums.given / Math.max(1, page.total.given)),
            })
      }
    >
      <FigureTable
        caption={t(`by.${by}`)}
        rows={shown}
        keyOf={({ value }) => value ?? ""}
        title={{
          header: t(`header.${by}`),
          cell: (line) => <FigureLink href={rows(line, "decisions")}>{words(line)}</FigureLink>,
        }}
        columns={columns}
      />
      {by === "cause" && otherCauses ? (
        <p className="text-ink-2">
          {t("otherCauses", {
            count: otherCauses.count,
            amount: formatMoney(otherCauses.sums.given, currency),
          })}
        </p>
      ) : null}
      {by === "cause" ? (
        <p>
          <Link href="/floor/causes" className="text-accent-text underline underline-offset-2 print:hidden">
            {t("toCauses")}
          </Link>
        </p>
      ) : null}
    </Section>
  );
}

function GivenChange({ sums, before }: Pick<Line, "sums" | "before">) {
  return <Change now={sums.given} before={before?.given ?? 0} />;
}

/** How many there were, how many of them without asking, and how many that somebody was asked for. */
function usePeopleColumns(rows: (line: Line, figure: FigureName) => string): Column<Line>[] {
  const t = useTranslations("insights.dashboards");
  return [
    {
      name: "decisions",
      header: t("decisions"),
      cell: (line) => (
        <FigureLink href={rows(line, "decisions")}>{formatCount(line.sums.decisions)}</FigureLink>
      ),
    },
    {
      name: "solved",
      header: t("solvedShort"),
      cell: (line) => (
        <Share part={line.sums.solved} whole={line.sums.decisions} href={rows(line, "solved")} />
      ),
    },
    {
      name: "handedOver",
      header: t("handedOver"),
      cell: (line) => (
        <FigureLink href={rows(line, "handedOver")}>{formatCount(line.sums.handedOver)}</FigureLink>
      ),
    },
  ];
}

/** By name, and without bars: what somebody gave is what their customers needed, and no score. */
function Employees({ employeeLines, employeesLeftOut, currency, search }: DashboardsPage) {
  const t = useTranslations("insights.dashboards");
  const rows = ({ value }: Line, figure: FigureName) => figureHref(search, figure, { employee: value ?? "" });
  const counts = usePeopleColumns(rows);
  if (employeeLines.length === 0) return null;
  return (
    <Section title={t("by.employee")} summary={t("employeesSummary", { count: employeeLines.length })}>
      <FigureTable
        caption={t("by.employee")}
        rows={employeeLines}
        keyOf={({ value }) => value ?? ""}
        title={{
          header: t("header.employee"),
          cell: (line) => (
            <FigureLink href={rows(line, "decisions")}>{line.label ?? t("without.employee")}</FigureLink>
          ),
        }}
        columns={[
          {
            name: "given",
            header: t("given"),
            cell: (line) => (
              <FigureLink href={rows(line, "given")}>
                <Money amount={line.sums.given} currency={currency} />
              </FigureLink>
            ),
          },
          ...counts,
        ]}
      />
      {employeesLeftOut > 0 ? (
        <p className="text-ink-2">{t("employeesLeftOut", { count: employeesLeftOut })}</p>
      ) : null}
    </Section>
  );
}
