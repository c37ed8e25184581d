import { Sprout } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { Money } from "@/components/ui/money";
import type { AskingPage, Cost } from "@/lib/asking/types";
import { type Figure as FigureName, figureHref, ofOne } from "@/lib/dashboards/rows";
import type { Remedy } from "@/lib/discretion/schema";
import { formatDuration } from "@/lib/format/durations";
import { formatCount, formatMoney } from "@/lib/format/money";
import { AnswerMinutes } from "./answer-minutes";
import { CheckName } from "./check-name";
import { type Column, FigureTable } from "./figure-table";
import { Change, Figure, FigureLink, Section } from "./figures";
import { SpanFrame } from "./span-frame";

/** What asking cost customers and managers in time, against the money that it kept. */
export function AskingView(page: AskingPage) {
  const t = useTranslations("insights.asking");
  const { cost, before, currency, search, answerMinutes, mayEdit } = page;
  const behind = (figure: FigureName) => figureHref(search, figure);
  return (
    <SpanFrame page={page} title={t("heading")} about={t("about")}>
      <section
        aria-label={t("numbers")}
        className="grid gap-x-14 gap-y-6 lg:grid-cols-[auto_minmax(0,1fr)] lg:items-start"
      >
        <div className="flex flex-col">
          <p className="figures font-semibold text-figure">
            <FigureLink href={behind("settleSeconds")}>
              {formatDuration(cost.waitSeconds + cost.inVainSeconds)}
            </FigureLink>
          </p>
          <p className="text-ink-2">{t("waited")}</p>
          <Change
            now={cost.waitSeconds + cost.inVainSeconds}
            before={before.waitSeconds + before.inVainSeconds}
          />
        </div>
        <dl className="grid grid-cols-2 gap-x-8 gap-y-4 sm:grid-cols-3 lg:pt-3 xl:grid-cols-5">
          <Figure
            label={t("managers")}
            note={t("managersNote", { answered: cost.answered, minutes: answerMinutes })}
          >
            <FigureLink href={behind("answered")}>{formatDuration(cost.managerMinutes * 60)}</FigureLink>
          </Figure>
          <Figure label={t("protected")} note={<Change now={cost.protected} before={before.protected} />}>
            <FigureLink href={behind("protected")}>{formatMoney(cost.protected, currency)}</FigureLink>
          </Figure>
          <Figure label={t("perHour")}>
            {cost.protectedPerHour === null ? (
              t("none")
            ) : (
              <FigureLink href={behind("answered")}>
                {formatMoney(cost.protectedPerHour, currency)}
              </FigureLink>
            )}
          </Figure>
          <Figure label={t("granted")}>
            <FigureLink href={behind("granted")}>{formatMoney(cost.sums.granted, currency)}</FigureLink>
          </Figure>
          <Figure
            label={t("inVain")}
            note={t("inVainNote", { count: cost.sums.expired + cost.sums.withdrawn })}
          >
            <FigureLink href={behind("inVain")}>{formatDuration(cost.inVainSeconds)}</FigureLink>
          </Figure>
        </dl>
      </section>
      <Section title={t("minutes.title")} summary={t("minutes.summary", { minutes: answerMinutes })}>
        {mayEdit ? (
          <AnswerMinutes minutes={answerMinutes} />
        ) : (
          <p className="text-ink-2">{t("minutes.admin")}</p>
        )}
      </Section>
      {cost.sums.handedOver === 0 ? (
        <EmptyState icon={<Sprout />} title={t("empty.title")}>
          <p>{t("empty.text")}</p>
        </EmptyState>
      ) : (
        <Tables {...page} />
      )}
    </SpanFrame>
  );
}

function Tables({ checks, byTeam, byRemedy, currency, search }: AskingPage) {
  const t = useTranslations("insights.asking");
  const remedies = useTranslations("common.remedy");
  const columns = useCostColumns(currency);
  type Narrowing = ReturnType<typeof ofOne>;
  /** What was handed over, of one check, team or remedy alone. */
  const behind = (only: Narrowing) => (figure: FigureName) => figureHref(search, figure, only);
  const ofRemedy = (value: string): Narrowing => ({ remedy: value });
  return (
    <>
      <Section title={t("by.check")} summary={t("by.checkSummary")}>
        <FigureTable
          caption={t("by.check")}
          rows={checks}
          keyOf={({ check }) => check}
          title={{
            header: t("header.check"),
            cell: ({ check, part }) => <CheckName check={check} part={part} currency={currency} />,
          }}
          columns={columns(checks, ({ check }) => behind(ofOne("check", check)))}
        />
      </Section>
      <Section title={t("by.team")}>
        <FigureTable
          caption={t("by.team")}
          rows={byTeam}
          keyOf={({ value }) => value ?? ""}
          title={{
            header: t("header.team"),
            cell: ({ value, label }) => (
              <FigureLink href={behind(ofOne("team", value))("handedOver")}>
                {label ?? t("noTeam")}
              </FigureLink>
            ),
          }}
          columns={columns(byTeam, ({ value }) => behind(ofOne("team", value)))}
        />
      </Section>
      <Section title={t("by.remedy")}>
        <FigureTable
          caption={t("by.remedy")}
          rows={byRemedy}
          keyOf={({ value }) => value}
          title={{
            header: t("header.remedy"),
            cell: ({ value }) => (
              <FigureLink href={behind(ofRemedy(value))("handedOver")}>
                {remedies(value as Remedy)}
              </FigureLink>
            ),
          }}
          columns={columns(byRemedy, ({ value }) => behind(ofRemedy(value)))}
        />
      </Section>
    </>
  );
}

/** What asking cost and kept, the same for everything that it is told by. `behind` says where the rows of a figure are. */
function useCostColumns(currency: string) {
  const t = useTranslations("insights.asking");
  return <Row extends { cost: Cost }>(
    rows: readonly Row[],
    behind: (row: Row) => (figure: FigureName) => string,
  ): Column<Row>[] => {
    const longest = Math.max(0, ...rows.map(({ cost }) => cost.waitSeconds + cost.inVainSeconds));
    const figure = (row: Row, name: FigureName, said: ReactNode) => (
      <FigureLink href={behind(row)(name)}>{said}</FigureLink>
    );
    return [
      {
        name: "waited",
        header: t("waitedShort"),
        cell: (row) =>
          figure(row, "settleSeconds", formatDuration(row.cost.waitSeconds + row.cost.inVainSeconds)),
        bar: ({ cost }) => (cost.waitSeconds + cost.inVainSeconds) / longest,
      },
      {
        name: "managers",
        header: t("managers"),
        cell: (row) => figure(row, "answered", formatDuration(row.cost.managerMinutes * 60)),
      },
      {
        name: "answered",
        header: t("answered"),
        cell: (row) => figure(row, "answered", formatCount(row.cost.answered)),
      },
      {
        name: "granted",
        header: t("granted"),
        cell: (row) => figure(row, "granted", <Money amount={row.cost.sums.granted} currency={currency} />),
      },
      {
        name: "protected",
        header: t("protected"),
        cell: (row) => figure(row, "protected", <Money amount={row.cost.protected} currency={currency} />),
      },
      {
        name: "perHour",
        header: t("perHour"),
        cell: (row) =>
          row.cost.protectedPerHour === null ? (
            <span className="text-ink-3">{t("none")}</span>
          ) : (
            figure(row, "answered", <Money amount={row.cost.protectedPerHour} currency={currency} />)
          ),
      },
    ];
  };
}
