import { Sprout } from "lucide-react";
import { useTranslations } from "next-intl";
import { formatShare } from "@/components/floor/share";
import { EmptyState } from "@/components/ui/empty-state";
import { Time } from "@/components/ui/time";
import type { CauseLine, CauseNote, CausesPage } from "@/lib/cause-ledger/types";
import { figureHref } from "@/lib/dashboards/rows";
import { formatCount, formatMoney } from "@/lib/format/money";
import { CauseNoteForm } from "./cause-note-form";
import { Change, Figure, FigureLink, Share } from "./figures";
import { SpanFrame } from "./span-frame";

/** What each root cause costs, who sees to it, and what is being done. */
export function CausesView(page: CausesPage) {
  const t = useTranslations("insights.causes");
  const { lines, leftOut, without, total, currency, search } = page;
  const dearest = lines[0];
  return (
    <SpanFrame page={page} title={t("heading")} about={t("about")}>
      {lines.length === 0 ? (
        <EmptyState icon={<Sprout />} title={t("empty.title")}>
          <p>{t("empty.text")}</p>
        </EmptyState>
      ) : (
        <section aria-label={t("heading")} className="flex flex-col gap-4">
          <p className="max-w-prose text-ink-2">
            {dearest && dearest.sums.given > 0
              ? t("summary", {
                  cause: dearest.name,
                  amount: formatMoney(dearest.sums.given, currency),
                  share: formatShare(dearest.sums.given / Math.max(1, total.given)),
                  unowned: lines.filter(({ notes }) => !notes[0]?.owner).length,
                })
              : t("summaryNone")}
          </p>
          <ol className="flex flex-col divide-y divide-line border-line border-y">
            {lines.map((line) => (
              <Cause key={line.cause} line={line} page={page} />
            ))}
          </ol>
          {leftOut > 0 ? <p className="text-ink-2">{t("leftOut", { count: leftOut })}</p> : null}
          {without.decisions > 0 ? (
            <p className="text-ink-2">
              {t.rich("without", {
                count: without.decisions,
                rows: (chunks) => (
                  <FigureLink href={figureHref(search, "decisions", { without: "cause" })}>
                    {chunks}
                  </FigureLink>
                ),
                amount: () => (
                  <FigureLink href={figureHref(search, "given", { without: "cause" })}>
                    {formatMoney(without.given, currency)}
                  </FigureLink>
                ),
              })}
            </p>
          ) : null}
        </section>
      )}
    </SpanFrame>
  );
}

function Cause({ line, page }: { line: CauseLine; page: CausesPage }) {
  const t = useTranslations("insights.causes");
  const { cause, name, sums, before, notes } = line;
  const { currency, search, total, now, timeZone, mayEdit } = page;
  const rows = figureHref(search, "decisions", { cause });
  const given = figureHref(search, "given", { cause });
  const holds = notes[0] ?? null;
  return (
    <li className="flex min-w-0 flex-col gap-3 py-5 break-inside-avoid-page">
      <div className="grid gap-x-8 gap-y-3 lg:grid-cols-[minmax(0,1fr)_auto]">
        <div className="flex min-w-0 flex-col gap-1">
          <h2 className="break-words font-semibold text-base">
            <FigureLink href={rows}>{name}</FigureLink>
          </h2>
          <p>
            {holds?.owner ? (
              t("owner", { name: holds.owner.name })
            ) : (
              <span className="text-ink-3">{t("noOwner")}</span>
            )}
          </p>
          {holds?.note ? (
            <p className="max-w-prose whitespace-pre-line break-words">{holds.note}</p>
          ) : (
            <p className="text-ink-3">{t("noNote")}</p>
          )}
          {holds ? <Written note={holds} now={now} timeZone={timeZone} /> : null}
        </div>
        <dl className="grid grid-cols-2 gap-x-8 gap-y-3 sm:grid-cols-4 lg:w-160">
          <Figure label={t("given")} note={<Change now={sums.given} before={before.given} />}>
            <FigureLink href={given}>{formatMoney(sums.given, currency)}</FigureLink>
          </Figure>
          <Figure label={t("share")}>
            <Share part={sums.given} whole={total.given} href={given} />
          </Figure>
          <Figure label={t("decisions")} note={<Change now={sums.decisions} before={before.decisions} />}>
            <FigureLink href={rows}>{formatCount(sums.decisions)}</FigureLink>
          </Figure>
          <Trend line={line} page={page} />
        </dl>
      </div>
      {notes.length > 1 ? (
        <details className="text-xs">
          <summary className="flex w-fit items-center rounded-inner text-ink-3 hover:text-ink pointer-coarse:min-h-11">
            {t("history", { count: notes.length - 1 })}
          </summary>
          <ol className="mt-1 flex max-w-prose flex-col divide-y divide-line">
            {notes.slice(1).map((note) => (
              <li key={note.id} className="flex flex-col gap-0.5 py-2">
                <p>{note.owner ? t("owner", { name: note.owner.name }) : t("noOwner")}</p>
                <p className="whitespace-pre-line break-words text-ink-2">{note.note ?? t("noNote")}</p>
                <Written note={note} now={now} timeZone={timeZone} />
              </li>
            ))}
          </ol>
        </details>
      ) : null}
      {mayEdit ? <CauseNoteForm cause={cause} name={name} holds={holds} /> : null}
    </li>
  );
}

function Written({ note, now, timeZone }: { note: CauseNote; now: string; timeZone: string }) {
  const t = useTranslations("insights.causes");
  return (
    <p className="figures text-ink-3 text-xs">
      {t.rich("written", {
        name: note.writtenBy,
        at: () => <Time at={note.writtenAt} now={now} timeZone={timeZone} as="short" />,
      })}
    </p>
  );
}

/** Bars for the eye; the same is said in words beside them, and day by day on the dashboards. */
function Trend({ line: { trend, sums }, page: { grain } }: { line: CauseLine; page: CausesPage }) {
  const t = useTranslations("insights.causes.trend");
  const most = Math.max(0, ...trend);
  const half = Math.floor(trend.length / 2);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const early = sum(trend.slice(0, half));
  const late = sum(trend.slice(trend.length - half));
  const words =
    sums.given === 0 || half === 0 || early === late ? "even" : late > early ? "rising" : "falling";
  return (
    <Figure label={t("label")} note={t(words, { grain })}>
      <span aria-hidden className="flex h-7 items-end gap-px">
        {trend.map((value, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a place in time is its index.
            key={index}
            className="min-w-0 flex-1 rounded-t-[1px] bg-line-strong print:[print-color-adjust:exact]"
            style={{ height: most === 0 || value === 0 ? 1 : `max(2px, ${(value / most) * 100}%)` }}
          />
        ))}
      </span>
    </Figure>
  );
}
