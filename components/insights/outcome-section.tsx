import { useTranslations } from "next-intl";
import { formatShare } from "@/components/floor/share";
import { type Figure as FigureName, figureHref } from "@/lib/dashboards/rows";
import type { DashboardsPage, Stretch } from "@/lib/dashboards/types";
import { formatCount } from "@/lib/format/money";
import type { Sums } from "@/lib/sums/types";
import { ANSWERS_ENOUGH } from "@/lib/surveys/types";
import { FigureTable } from "./figure-table";
import { Change, Figure, FigureLink, Section, Share, ShareChange } from "./figures";
import { useStretchWords } from "./span-frame";
import { StretchChart } from "./stretch-chart";

/** What customers said: how many did, how many were satisfied, and all their scores together. */
interface Said {
  answers: number;
  satisfied: number;
  score: number;
}

const saidIn = ({ surveyed, satisfied, score }: Sums): Said => ({ answers: surveyed, satisfied, score });

/** What customers said of the cases of these days; nothing where nobody tells it. */
export function OutcomeSection(page: DashboardsPage) {
  const { total, totalBefore } = page;
  if (total.surveyed === 0 && totalBefore.surveyed === 0) return null;
  return (
    <>
      <Outcome {...page} />
      <Over {...page} />
    </>
  );
}

/** How many of a hundred were satisfied; null where too few answered to say so. */
function satisfiedShare({ answers, satisfied }: Said): number | null {
  return answers < ANSWERS_ENOUGH ? null : satisfied / answers;
}

function meanWords({ answers, score }: Said): string | null {
  if (answers < ANSWERS_ENOUGH) return null;
  return new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    score / answers,
  );
}

/** The cases by how they began: what asking costs, or doesn't, in the customers' eyes. */
function ways({ total }: Pick<DashboardsPage, "total">) {
  const solved = {
    answers: total.solvedSurveyed,
    satisfied: total.solvedSatisfied,
    score: total.solvedScore,
  };
  const handedOver = {
    answers: total.handedSurveyed,
    satisfied: total.handedSatisfied,
    score: total.handedScore,
  };
  const denied = {
    answers: total.surveyed - solved.answers - handedOver.answers,
    satisfied: total.satisfied - solved.satisfied - handedOver.satisfied,
    score: total.score - solved.score - handedOver.score,
  };
  return [
    { way: "solved", said: solved, rows: { all: "solvedSurveyed", satisfied: "solvedSatisfied" } },
    { way: "handedOver", said: handedOver, rows: { all: "handedSurveyed", satisfied: "handedSatisfied" } },
    { way: "denied", said: denied, rows: { all: "deniedSurveyed", satisfied: "deniedSatisfied" } },
  ] as const satisfies readonly {
    way: string;
    said: Said;
    rows: { all: FigureName; satisfied: FigureName };
  }[];
}

function Outcome(page: DashboardsPage) {
  const t = useTranslations("insights.outcome");
  const { total, totalBefore, search } = page;
  const behind = (figure: FigureName) => figureHref(search, figure);
  const [said, before] = [saidIn(total), saidIn(totalBefore)];
  const shown = ways(page).filter((each) => each.said.answers > 0);
  const meanBefore = meanWords(before);
  return (
    <Section title={t("title")} summary={<Summary {...page} />}>
      <dl className="grid grid-cols-2 gap-x-8 gap-y-4 sm:grid-cols-3 xl:grid-cols-5">
        <Figure
          label={t("satisfied")}
          note={<ShareChange now={satisfiedShare(said)} before={satisfiedShare(before)} />}
        >
          {said.answers < ANSWERS_ENOUGH ? (
            <FigureLink href={behind("satisfied")}>{formatCount(said.satisfied)}</FigureLink>
          ) : (
            <Share part={said.satisfied} whole={said.answers} href={behind("satisfied")} />
          )}
        </Figure>
        <Figure label={t("mean")} note={meanBefore === null ? null : t("meanBefore", { mean: meanBefore })}>
          <Mean said={said} href={behind("score")} />
        </Figure>
        <Figure label={t("unsatisfied")}>
          <FigureLink href={behind("unsatisfied")}>{formatCount(said.answers - said.satisfied)}</FigureLink>
        </Figure>
        <Figure label={t("answers")} note={<Change now={said.answers} before={before.answers} />}>
          <FigureLink href={behind("surveyed")}>{formatCount(said.answers)}</FigureLink>
        </Figure>
        <Figure
          label={t("rate")}
          note={<FigureLink href={behind("cases")}>{t("cases", { count: total.cases })}</FigureLink>}
        >
          {total.cases < ANSWERS_ENOUGH ? (
            t("none")
          ) : (
            <Share part={said.answers} whole={total.cases} href={behind("surveyed")} />
          )}
        </Figure>
      </dl>
      {shown.length > 0 ? (
        <FigureTable
          caption={t("byWay")}
          rows={shown}
          keyOf={({ way }) => way}
          title={{ header: t("way.header"), cell: ({ way }) => t(`way.${way}`) }}
          columns={[
            {
              name: "satisfied",
              header: t("satisfied"),
              cell: (each) => (
                <Satisfied
                  said={each.said}
                  href={behind(each.rows.satisfied)}
                  answersHref={behind(each.rows.all)}
                />
              ),
              bar: (each) => satisfiedShare(each.said) ?? 0,
            },
            {
              name: "mean",
              header: t("mean"),
              cell: (each) => <Mean said={each.said} href={behind(each.rows.all)} />,
            },
            {
              name: "answers",
              header: t("answers"),
              cell: (each) => (
                <FigureLink href={behind(each.rows.all)}>{formatCount(each.said.answers)}</FigureLink>
              ),
            },
          ]}
          className="max-w-3xl"
        />
      ) : null}
    </Section>
  );
}

function Summary(page: DashboardsPage) {
  const t = useTranslations("insights.outcome");
  const said = saidIn(page.total);
  const share = satisfiedShare(said);
  if (said.answers === 0) return t("summaryNone");
  if (share === null) return t("summaryFew", { count: said.answers });
  const [solved, handedOver] = ways(page).map((each) => satisfiedShare(each.said));
  const all = t("summary", { share: formatShare(share), count: said.answers });
  if (solved == null || handedOver == null) return all;
  return `${all} ${t("compared", { solved: formatShare(solved), handedOver: formatShare(handedOver) })}`;
}

/** How many of a hundred were satisfied; how many answered where those are too few to say it in percent. */
export function Satisfied({
  said: { answers, satisfied },
  href,
  answersHref,
}: {
  said: Pick<Said, "answers" | "satisfied">;
  href: string;
  answersHref: string;
}) {
  const t = useTranslations("insights.outcome");
  if (answers === 0 || answers >= ANSWERS_ENOUGH) {
    return <Share part={satisfied} whole={answers} href={href} />;
  }
  return (
    <span className="text-ink-3">
      <FigureLink href={answersHref}>{t("few", { count: answers })}</FigureLink>
    </span>
  );
}

function Mean({ said, href }: { said: Said; href: string }) {
  const t = useTranslations("insights.outcome");
  const mean = meanWords(said);
  if (mean === null) return <span className="text-ink-3">{t("none")}</span>;
  return <FigureLink href={href}>{mean}</FigureLink>;
}

/** Day by day, or week by week, where enough customers answered to say so of several. */
function Over({ stretches, grain, search }: DashboardsPage) {
  const t = useTranslations("insights.outcome");
  const words = useTranslations("insights.dashboards");
  const label = useStretchWords();
  const told = stretches
    .map((stretch) => ({ stretch, share: satisfiedShare(saidIn(stretch.sums)) }))
    .filter((each): each is { stretch: Stretch; share: number } => each.share !== null)
    .sort((a, b) => a.share - b.share);
  const [least, most] = [told[0], told.at(-1)];
  if (!least || !most || told.length < 2) return null;
  return (
    <Section
      title={t(`chart.${grain}`)}
      summary={t(`chart.${grain}Summary`, {
        least: formatShare(least.share),
        leastWhen: label(least.stretch),
        most: formatShare(most.share),
        mostWhen: label(most.stretch),
        enough: ANSWERS_ENOUGH,
      })}
    >
      <StretchChart
        label={t(`chart.${grain}`)}
        headers={{
          stretch: words(`chart.${grain}Header`),
          value: t("satisfied"),
          more: [t("mean"), t("answers")],
        }}
        most={1}
        bars={stretches.map((stretch) => {
          const said = saidIn(stretch.sums);
          const share = satisfiedShare(said);
          const behind = (figure: FigureName) => figureHref({ ...search, span: stretch }, figure);
          return {
            key: stretch.from,
            label: label(stretch),
            value: share ?? 0,
            text: share === null ? t("few", { count: said.answers }) : formatShare(share),
            href: behind(share === null ? "surveyed" : "satisfied"),
            more: [
              <Mean key="mean" said={said} href={behind("score")} />,
              <FigureLink key="answers" href={behind("surveyed")}>
                {formatCount(said.answers)}
              </FigureLink>,
            ],
          };
        })}
      />
    </Section>
  );
}
