import { useTranslations } from "next-intl";
import { formatShare } from "@/components/floor/share";
import { cn } from "@/components/ui/cn";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { formatDay } from "@/lib/format/dates";
import { formatCount, formatMoney } from "@/lib/format/money";
import type { TrialDay, TrialTotals } from "@/lib/trials/types";

interface TrialChartProps {
  days: readonly TrialDay[];
  team: string;
  currency: string;
}

/** What the team gave on each day, before the trial and in it: bars for the eye, a sentence and a table for everybody. */
export function TrialChart({ days, team, currency }: TrialChartProps) {
  const t = useTranslations("settings.trial.chart");
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return null;
  const most = Math.max(1, ...days.map((day) => day.team.given));
  const sum = (inTrial: boolean) =>
    formatMoney(
      days.filter((day) => day.inTrial === inTrial).reduce((total, day) => total + day.team.given, 0),
      currency,
    );
  const span = { from: dayWords(first.day), to: dayWords(last.day) };
  return (
    <figure className="flex min-w-0 flex-col gap-1.5">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <span className="font-semibold text-base">{t("title", { team })}</span>
        <span className="flex gap-4 text-ink-2 text-xs">
          <Key look="bg-line-strong">{t("before")}</Key>
          <Key look="bg-ink">{t("during")}</Key>
        </span>
        <span className="sr-only">{t("summary", { ...span, before: sum(false), during: sum(true) })}</span>
      </figcaption>
      <div aria-hidden className="flex h-24 items-end gap-[3px] border-line border-b">
        {days.map((day) => (
          <span
            key={`${day.day} ${day.inTrial}`}
            title={`${dayWords(day.day)}: ${formatMoney(day.team.given, currency)}`}
            className="flex h-full min-w-0 max-w-16 flex-1 items-end"
          >
            <span
              className={cn("w-full rounded-t-[2px]", day.inTrial ? "bg-ink" : "bg-line-strong")}
              style={{ height: `${day.team.given > 0 ? Math.max(2, (day.team.given / most) * 100) : 0}%` }}
            />
          </span>
        ))}
      </div>
      <div aria-hidden className="flex justify-between gap-2 text-ink-3 text-xs">
        <span>{span.from}</span>
        <span>{span.to}</span>
      </div>
      <DayTable days={days} team={team} currency={currency} />
    </figure>
  );
}

function Key({ look, children }: { look: string; children: string }) {
  return (
    <span aria-hidden className="flex items-center gap-1.5">
      <span className={cn("size-2.5 rounded-[2px]", look)} />
      {children}
    </span>
  );
}

/** It scrolls within itself, where it is wider than the page or longer than the eye. */
function DayTable({ days, team, currency }: TrialChartProps) {
  const t = useTranslations("settings.trial.chart");
  return (
    <details className="text-xs">
      <summary className="w-fit rounded-inner text-ink-3 hover:text-ink pointer-coarse:py-3">
        {t("table")}
      </summary>
      <section
        aria-label={t("title", { team })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
        tabIndex={0}
        className="mt-1 max-h-80 overflow-auto"
      >
        <Table>
          <TableHead>
            <tr>
              <TableHeader>{t("day")}</TableHeader>
              <TableHeader align="end">{t("given")}</TableHeader>
              <TableHeader align="end">{t("decisions")}</TableHeader>
              <TableHeader align="end">{t("solved")}</TableHeader>
              <TableHeader align="end">{t("others")}</TableHeader>
            </tr>
          </TableHead>
          <TableBody>
            {days.toReversed().map((day) => (
              <TableRow key={`${day.day} ${day.inTrial}`}>
                <TableCell className="whitespace-nowrap">
                  {day.inTrial ? t("trialDay", { day: dayWords(day.day) }) : dayWords(day.day)}
                </TableCell>
                <TableCell align="end">{formatMoney(day.team.given, currency)}</TableCell>
                <TableCell align="end">{formatCount(day.team.decisions)}</TableCell>
                <TableCell align="end">{solvedWords(day.team)}</TableCell>
                <TableCell align="end">{day.inTrial ? solvedWords(day.others) : "–"}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </section>
    </details>
  );
}

function solvedWords({ decisions, solved }: TrialTotals): string {
  return decisions === 0 ? "–" : formatShare(solved / decisions);
}

/** A local day has no time zone any more. */
function dayWords(day: string): string {
  return formatDay(new Date(`${day}T00:00:00Z`), "UTC");
}
