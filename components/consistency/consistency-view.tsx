"use client";

import { ChartNoAxesGantt } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { REMEDY_ORDER } from "@/components/decision/remedy-icon";
import { Segmented } from "@/components/ui/choice";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { OF_EACH_CAUSE, SPREAD_SPANS } from "@/lib/consistency/schema";
import type { CauseSpread, ConsistencyPage, Spread } from "@/lib/consistency/types";
import { tableHref } from "@/lib/floor/schema";
import { formatCount, formatMoney } from "@/lib/format/money";

type SpanWord = `${ConsistencyPage["span"]}`;

/** How far apart what was given for the same cause lies: a picture of each, in words, and as a table. */
export function ConsistencyView({ causes, span, from, remedy, currency }: ConsistencyPage) {
  const t = useTranslations("signals.consistency");
  const words = useTranslations("common.remedy");
  const router = useRouter();
  /** Just the gestures that were looked at. */
  const rows = ({ cause, since }: CauseSpread, team?: string) =>
    tableHref({
      ...{ cause, status: "posted", from: since ?? from },
      ...(remedy ? { remedy } : {}),
      ...(team ? { team } : {}),
    });
  const go = (days: string, of: string) =>
    router.push(`/floor/consistency?${new URLSearchParams({ days, ...(of === "" ? {} : { remedy: of }) })}`);
  return (
    <div className="flex flex-col gap-5 pt-5">
      <header className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("title")}</h1>
        <p className="max-w-prose text-ink-2">{t("text")}</p>
      </header>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <Segmented<SpanWord>
          name="days"
          label={t("span.label")}
          value={`${span}`}
          options={SPREAD_SPANS.map((days) => ({ value: `${days}` as const, label: t(`span.${days}`) }))}
          onChange={(days) => go(days, remedy ?? "")}
        />
        <Field label={t("remedy")} className="w-56">
          <Select value={remedy ?? ""} onChange={({ target }) => go(`${span}`, target.value)}>
            <option value="">{t("anyRemedy")}</option>
            {REMEDY_ORDER.map((each) => (
              <option key={each} value={each}>
                {words(each)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {causes.length === 0 ? (
        <EmptyState icon={<ChartNoAxesGantt />} title={t("emptyTitle")}>
          <p>{t("emptyText")}</p>
        </EmptyState>
      ) : (
        <>
          <p className="max-w-prose text-ink-3 text-xs">
            {t("legend")} {t("latest", { count: formatCount(OF_EACH_CAUSE) })}
          </p>
          <ul className="grid gap-x-14 gap-y-7 lg:grid-cols-2">
            {causes.map((cause) => (
              <li key={cause.cause} className="min-w-0">
                <CauseFigure cause={cause} currency={currency} href={rows(cause)} />
              </li>
            ))}
          </ul>
          <SpreadTable causes={causes} currency={currency} rowsOf={rows} />
        </>
      )}
    </div>
  );
}

interface CauseFigureProps {
  cause: CauseSpread;
  currency: string;
  href: string;
}

/** How often the widest middle half fits into the width of a picture: a few large amounts would leave it a sliver. */
const MIDDLE_HALVES = 4;

/** Where a cause's picture ends: its teams are held against each other, not against another cause. */
function endOfScale(spreads: Spread[]): number {
  const of = (value: (spread: Spread) => number) => Math.max(...spreads.map(value));
  return Math.max(
    1,
    Math.min(
      of(({ high }) => high),
      MIDDLE_HALVES * of(({ to }) => to),
    ),
  );
}

function CauseFigure({ cause, currency, href }: CauseFigureProps) {
  const t = useTranslations("signals.consistency");
  const most = endOfScale([cause, ...cause.teams]);
  const lines = [{ key: "", name: t("everybody"), spread: cause as Spread }].concat(
    cause.teams.map((team) => ({ key: team.key, name: team.team, spread: team })),
  );
  return (
    <figure className="flex flex-col gap-2">
      <figcaption className="flex flex-col gap-0.5">
        <span className="flex flex-wrap items-baseline justify-between gap-x-4">
          <span className="font-medium text-base">{cause.name}</span>
          <Link
            href={href}
            prefetch={false}
            className="flex items-center rounded-inner text-ink-2 text-xs underline decoration-line-strong underline-offset-4 hover:text-accent-text pointer-coarse:min-h-11"
          >
            {t("rows")}
            <span className="sr-only">: {cause.name}</span>
          </Link>
        </span>
        <span className="text-ink-2">
          <CauseWords cause={cause} currency={currency} />
        </span>
      </figcaption>
      <div aria-hidden className="grid grid-cols-[7rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1">
        {lines.map(({ key, name, spread }) => (
          <Fragment key={key}>
            <span className={cn("truncate text-xs", key === "" ? "text-ink-2" : "text-ink-3")}>{name}</span>
            <Strip spread={spread} most={most} />
          </Fragment>
        ))}
        <span className="figures col-start-2 flex justify-between text-ink-3 text-xs">
          <span>{formatMoney(0, currency)}</span>
          <span>{formatMoney(most, currency)}</span>
        </span>
      </div>
    </figure>
  );
}

/** What the picture shows, in a sentence or two. */
function CauseWords({ cause, currency }: { cause: CauseSpread; currency: string }) {
  const t = useTranslations("signals.consistency");
  const { count, from, to, middle, teams } = cause;
  const money = (amount: number) => formatMoney(amount, currency);
  const ordered = teams.toSorted((a, b) => a.middle - b.middle);
  const [least, top] = [ordered[0], ordered.at(-1)];
  const all =
    from === to
      ? t("summarySame", { count: formatCount(count), middle: money(middle) })
      : t("summary", { count: formatCount(count), from: money(from), to: money(to), middle: money(middle) });
  if (!least || !top || least.middle === top.middle) return all;
  const byTeam = t("summaryTeams", {
    least: money(least.middle),
    leastTeam: least.team,
    most: money(top.middle),
    mostTeam: top.team,
  });
  return `${all} ${byTeam}`;
}

function Strip({ spread, most }: { spread: Spread; most: number }) {
  const at = (amount: number) => `${(100 * Math.min(amount, most)) / most}%`;
  const wide = (from: number, to: number) => `${(100 * (Math.min(to, most) - from)) / most}%`;
  return (
    <div className="relative h-4">
      <div
        className="absolute top-1/2 h-px bg-line-strong"
        style={{ left: at(spread.low), width: wide(spread.low, spread.high) }}
      />
      <div
        className="absolute inset-y-0.5 min-w-0.5 rounded-[2px] border border-line-strong bg-sunken"
        style={{ left: at(spread.from), width: wide(spread.from, spread.to) }}
      />
      <div className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: at(spread.middle) }} />
    </div>
  );
}

function SpreadTable({
  causes,
  currency,
  rowsOf,
}: Pick<ConsistencyPage, "causes" | "currency"> & {
  rowsOf: (cause: CauseSpread, team?: string) => string;
}) {
  const t = useTranslations("signals.consistency");
  const money = (amount: number) => formatMoney(amount, currency);
  const rows = causes.flatMap((cause) => [
    { cause, team: t("everybody"), spread: cause as Spread, href: rowsOf(cause) },
    ...cause.teams.map((team) => ({
      ...{ cause, team: team.team, spread: team as Spread, href: rowsOf(cause, team.key) },
    })),
  ]);
  return (
    <details>
      <summary className="w-fit rounded-inner text-ink-2 hover:text-ink pointer-coarse:py-3">
        {t("table")}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard. */}
      <section aria-label={t("title")} tabIndex={0} className="mt-2 overflow-x-auto">
        <Table className="min-w-160">
          <TableHead>
            <tr>
              <TableHeader>{t("cause")}</TableHeader>
              <TableHeader>{t("team")}</TableHeader>
              <TableHeader align="end">{t("count")}</TableHeader>
              <TableHeader align="end">{t("low")}</TableHeader>
              <TableHeader align="end">{t("from")}</TableHeader>
              <TableHeader align="end">{t("middle")}</TableHeader>
              <TableHeader align="end">{t("to")}</TableHeader>
              <TableHeader align="end">{t("high")}</TableHeader>
            </tr>
          </TableHead>
          <TableBody>
            {rows.map(({ cause, team, spread, href }) => (
              <TableRow key={href}>
                <TableCell>{cause.name}</TableCell>
                <TableCell>{team}</TableCell>
                <TableCell align="end">
                  <Link
                    href={href}
                    prefetch={false}
                    className="rounded-inner underline decoration-line-strong underline-offset-4 hover:text-accent-text"
                  >
                    {formatCount(spread.count)}
                  </Link>
                </TableCell>
                <TableCell align="end">{money(spread.low)}</TableCell>
                <TableCell align="end">{money(spread.from)}</TableCell>
                <TableCell align="end">{money(spread.middle)}</TableCell>
                <TableCell align="end">{money(spread.to)}</TableCell>
                <TableCell align="end">{money(spread.high)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </section>
    </details>
  );
}
