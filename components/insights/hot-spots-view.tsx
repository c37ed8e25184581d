import { Flame, Sprout } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Money } from "@/components/ui/money";
import { Time } from "@/components/ui/time";
import { type Figure as FigureName, figureHref, ofOne } from "@/lib/dashboards/rows";
import { formatDuration } from "@/lib/format/durations";
import { formatCount, formatMoney } from "@/lib/format/money";
import type { HotRow, HotSpot, HotSpotsPage, TeamHeat } from "@/lib/hot-spots/types";
import { answeredOf, type Sums } from "@/lib/sums/types";
import { CheckName } from "./check-name";
import { DraftProposal } from "./draft-proposal";
import { type Column, FigureTable } from "./figure-table";
import { Figure, FigureLink, Section, Share } from "./figures";
import { SpanFrame } from "./span-frame";

/** Where people are asked who then say yes: what nobody need have waited for. */
export function HotSpotsView(page: HotSpotsPage) {
  const t = useTranslations("insights.hot");
  return (
    <SpanFrame page={page} title={t("heading")} about={t("about")}>
      <section aria-label={t("spots")} className="flex flex-col gap-8">
        {page.spots.length === 0 ? (
          <EmptyState icon={<Sprout />} title={t("empty.title")} className="py-2">
            <p>{t("empty.text")}</p>
          </EmptyState>
        ) : (
          page.spots.map((spot) => <Spot key={spot.check} spot={spot} page={page} />)
        )}
      </section>
      <Within {...page} />
      <Without {...page} />
      <Quiet {...page} />
    </SpanFrame>
  );
}

function Spot({ spot, page }: { spot: HotSpot; page: HotSpotsPage }) {
  const t = useTranslations("insights.hot");
  const { currency } = page;
  const { sums } = spot;
  const hot = spot.teams.filter((team) => team.hot);
  const only = ofOne("check", spot.check);
  const behind = (figure: FigureName) => figureHref(page.search, figure, only);
  return (
    <article className="flex min-w-0 flex-col gap-4 border-line border-t pt-5 break-inside-avoid-page">
      <header className="flex max-w-prose flex-col gap-1">
        <h2 className="flex items-center gap-2 font-semibold text-base">
          <Flame aria-hidden className="size-4 shrink-0 text-bend" />
          {t("spot", { approved: sums.approved, answered: answeredOf(sums) })}
        </h2>
        <CheckName check={spot.check} part={spot.part} currency={currency} />
        <p className="text-ink-2">
          {hot.length > 0
            ? t("where", { teams: hot.map(({ label }) => label ?? t("noTeam")).join(", ") })
            : t("everywhere")}
        </p>
      </header>
      <dl className="grid grid-cols-2 gap-x-8 gap-y-4 sm:grid-cols-4">
        <Figure label={t("approved")}>
          <Share part={sums.approved} whole={answeredOf(sums)} href={behind("approved")} />
        </Figure>
        <Figure label={t("granted")}>
          <FigureLink href={behind("granted")}>{formatMoney(sums.granted, currency)}</FigureLink>
        </Figure>
        <Figure label={t("waited")}>
          <FigureLink href={behind("answered")}>{formatDuration(sums.waitSeconds)}</FigureLink>
        </Figure>
        <Figure label={t("meanWait")}>
          <FigureLink href={behind("answered")}>{meanWait(sums)}</FigureLink>
        </Figure>
      </dl>
      <Teams caption={t("byTeam")} check={spot.check} teams={spot.teams} page={page} />
      <RightLimit spot={spot} page={page} />
      <Rows title={t("rows")} rows={spot.rows} page={page} />
    </article>
  );
}

function meanWait(sums: Sums): string {
  return formatDuration(sums.waitSeconds / Math.max(1, answeredOf(sums)));
}

function RightLimit({ spot, page }: { spot: HotSpot; page: HotSpotsPage }) {
  const t = useTranslations("insights.hot.right");
  const { proposal, noProposal, check } = spot;
  const { currency, mayDraft, search } = page;
  if (!proposal) {
    return <p className="max-w-prose text-ink-2">{t(noProposal === "raised" ? "raised" : "byHand")}</p>;
  }
  const number = (value: number) =>
    proposal.measure === "amount" ? formatMoney(value, currency) : t("times", { count: value });
  return (
    <div className="flex max-w-prose flex-col items-start gap-2 rounded-md bg-sunken p-4">
      <p>
        {t.rich(proposal.before === null ? "proposalNone" : "proposal", {
          after: () => <strong className="figures font-semibold">{number(proposal.after)}</strong>,
          before: number(proposal.before ?? 0),
          passing: proposal.passing,
          approved: spot.sums.approved,
        })}
      </p>
      {proposal.draft !== null ? (
        <p className="flex flex-wrap gap-2">
          <ButtonLink href={`/settings/policies/${proposal.draft}`} size="sm">
            {t("openDraft", { version: proposal.draft })}
          </ButtonLink>
          <ButtonLink href={`/settings/policies/${proposal.draft}/simulation`} size="sm" variant="quiet">
            {t("openSimulation")}
          </ButtonLink>
        </p>
      ) : mayDraft ? (
        <DraftProposal check={check} given={search.given} number={number(proposal.after)} />
      ) : (
        <p className="text-ink-2">{t("askAdmin")}</p>
      )}
    </div>
  );
}

function Teams({
  caption,
  check,
  teams,
  page,
}: {
  caption: string;
  check: string;
  teams: readonly TeamHeat[];
  page: HotSpotsPage;
}) {
  const t = useTranslations("insights.hot");
  const { currency, search } = page;
  const behind = ({ value }: TeamHeat, figure: FigureName) => {
    const [team, by] = [ofOne("team", value), ofOne("check", check)];
    const without = [team.without, by.without].filter(Boolean).join(",");
    return figureHref(search, figure, {
      ...team,
      ...by,
      ...(without ? { without } : {}),
    });
  };
  return (
    <FigureTable
      caption={caption}
      rows={teams}
      keyOf={({ value }) => value ?? ""}
      title={{
        header: t("team"),
        cell: (row) => <FigureLink href={behind(row, "handedOver")}>{row.label ?? t("noTeam")}</FigureLink>,
      }}
      columns={[
        ...useAnswerColumns<TeamHeat>(behind),
        {
          name: "granted",
          header: t("granted"),
          cell: (row) => (
            <FigureLink href={behind(row, "granted")}>
              <Money amount={row.sums.granted} currency={currency} />
            </FigureLink>
          ),
        },
        {
          name: "waited",
          header: t("waited"),
          cell: (row) => (
            <FigureLink href={behind(row, "answered")}>{formatDuration(row.sums.waitSeconds)}</FigureLink>
          ),
        },
      ]}
    />
  );
}

/** How what was handed over was answered. */
function useAnswerColumns<Row extends { sums: Sums }>(
  behind: (row: Row, figure: FigureName) => string,
): Column<Row>[] {
  const t = useTranslations("insights.hot");
  return [
    {
      name: "approved",
      header: t("approved"),
      cell: (row) => (
        <Share part={row.sums.approved} whole={answeredOf(row.sums)} href={behind(row, "approved")} />
      ),
      bar: ({ sums }) => sums.approved / Math.max(1, answeredOf(sums)),
    },
    {
      name: "answered",
      header: t("answered"),
      cell: (row) => (
        <FigureLink href={behind(row, "answered")}>{formatCount(answeredOf(row.sums))}</FigureLink>
      ),
    },
    {
      name: "handedOver",
      header: t("handedOver"),
      cell: (row) => (
        <FigureLink href={behind(row, "handedOver")}>{formatCount(row.sums.handedOver)}</FigureLink>
      ),
    },
    {
      name: "meanWait",
      header: t("meanWait"),
      cell: (row) => <FigureLink href={behind(row, "answered")}>{meanWait(row.sums)}</FigureLink>,
    },
  ];
}

function Rows({ title, rows, page }: { title: string; rows: readonly HotRow[]; page: HotSpotsPage }) {
  const remedies = useTranslations("common.remedy");
  if (rows.length === 0) return null;
  return (
    <div className="flex flex-col gap-1">
      <h3 className="text-ink-3 text-xs">{title}</h3>
      <ul className="flex flex-col">
        {rows.map((row) => (
          <li key={row.decisionId}>
            <Link
              href={`/floor/decisions/${row.decisionId}`}
              prefetch={false}
              className="figures -mx-2 flex flex-wrap gap-x-3 rounded-inner px-2 py-1 hover:bg-sunken pointer-coarse:py-3"
            >
              <span className="underline decoration-line-strong underline-offset-4">
                {remedies(row.remedy)} <Money amount={row.amount} currency={row.currency} />
              </span>
              <span className="text-ink-3">
                <Time at={row.at} now={page.now} timeZone={page.timeZone} as="short" />
                {row.cause ? ` · ${row.cause}` : ""}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Within({ within, ...page }: HotSpotsPage) {
  const t = useTranslations("insights.hot.within");
  const noTeam = useTranslations("insights.hot")("noTeam");
  return (
    <Found
      name="within"
      figure="withinLimit"
      of="handedOver"
      total={within.total}
      words={{
        title: t("title"),
        none: t("none"),
        summary: t("summary", { count: within.total }),
        of: t("team"),
      }}
      counts={within.teams.map(({ value, label, sums }) => ({
        key: value ?? "",
        label: label ?? noTeam,
        only: ofOne("team", value),
        sums,
      }))}
      page={page}
    >
      <Rows title={t("rows")} rows={within.rows} page={{ ...page, within }} />
    </Found>
  );
}

const CAUSES_LISTED = 15;

function Without({ without, ...page }: HotSpotsPage) {
  const t = useTranslations("insights.hot.without");
  return (
    <Found
      name="without"
      figure="withoutRemedy"
      of="decisions"
      total={without.total}
      words={{
        title: t("title"),
        none: t("none"),
        summary: t("summary", { count: without.total }),
        of: t("cause"),
      }}
      counts={without.causes.slice(0, CAUSES_LISTED).map(({ cause, name, sums }) => ({
        key: cause ?? "",
        label: name ?? t("noCause"),
        only: ofOne("cause", cause),
        sums,
      }))}
      page={page}
    >
      <Rows title={t("rows")} rows={without.rows} page={{ ...page, without }} />
    </Found>
  );
}

interface FoundProps {
  name: "within" | "without";
  /** What is counted, and among what. */
  figure: "withinLimit" | "withoutRemedy";
  of: "handedOver" | "decisions";
  total: number;
  words: { title: string; none: string; summary: string; of: string };
  counts: readonly { key: string; label: string; only: ReturnType<typeof ofOne>; sums: Sums }[];
  page: Pick<HotSpotsPage, "search">;
  children: ReactNode;
}

/** What else went astray: how often, of whom or because of what, and some of it. */
function Found({ name, figure, of, total, words, counts, page, children }: FoundProps) {
  const t = useTranslations("insights.hot");
  const rows = counts.filter(({ sums }) => sums[figure] > 0);
  const most = Math.max(0, ...rows.map(({ sums }) => sums[figure]));
  const behind = ({ only }: (typeof counts)[number]) => figureHref(page.search, figure, only);
  return (
    <Section title={words.title} summary={total === 0 ? words.none : words.summary}>
      {rows.length > 0 ? (
        <FigureTable
          caption={words.title}
          rows={rows}
          keyOf={({ key }) => key}
          title={{
            header: words.of,
            cell: (row) => <FigureLink href={behind(row)}>{row.label}</FigureLink>,
          }}
          columns={[
            {
              name,
              header: t(`${name}.count`),
              cell: (row) => <FigureLink href={behind(row)}>{formatCount(row.sums[figure])}</FigureLink>,
              bar: ({ sums }) => sums[figure] / most,
            },
            {
              name: "share",
              header: t(`${name}.share`),
              cell: (row) => <Share part={row.sums[figure]} whole={row.sums[of]} href={behind(row)} />,
            },
          ]}
          className="max-w-3xl"
        />
      ) : null}
      {children}
    </Section>
  );
}

function Quiet({ quiet, currency, search }: HotSpotsPage) {
  const t = useTranslations("insights.hot");
  const columns = useAnswerColumns<HotSpotsPage["quiet"][number]>(({ check }, figure) =>
    figureHref(search, figure, ofOne("check", check)),
  );
  if (quiet.length === 0) return null;
  return (
    <Section title={t("quiet.title")} summary={t("quiet.summary")}>
      <FigureTable
        caption={t("quiet.title")}
        rows={quiet}
        keyOf={({ check }) => check}
        title={{
          header: t("quiet.check"),
          cell: ({ check, part }) => <CheckName check={check} part={part} currency={currency} />,
        }}
        columns={columns}
      />
    </Section>
  );
}
