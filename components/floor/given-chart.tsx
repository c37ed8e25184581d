import { useTranslations } from "next-intl";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { formatDay } from "@/lib/format/dates";
import { formatCount, formatMoney } from "@/lib/format/money";
import type { DayTotals } from "@/lib/insights/types";

interface GivenChartProps {
  days: readonly DayTotals[];
  currency: string;
}

/** What was given on each of the days, as bars for the eye, in a sentence and in a table for everybody. */
export function GivenChart({ days, currency }: GivenChartProps) {
  const t = useTranslations("floor.chart");
  const most = days.reduce<DayTotals | null>((a, b) => (a === null || b.given > a.given ? b : a), null);
  const first = days[0];
  const last = days.at(-1);
  if (!most || !first || !last) return null;
  const span = { from: dayWords(first.day), to: dayWords(last.day) };
  return (
    <figure className="flex min-w-0 flex-col gap-1.5">
      <figcaption className="flex flex-col">
        <span className="text-ink-2">{t("title")}</span>
        <span className="sr-only">
          {most.given === 0
            ? t("summaryNone", span)
            : t("summary", { ...span, amount: formatMoney(most.given, currency), day: dayWords(most.day) })}
        </span>
      </figcaption>
      <div aria-hidden className="flex h-14 items-end gap-[3px] border-line border-b">
        {days.map((day) => (
          <span
            key={day.day}
            title={`${dayWords(day.day)}: ${formatMoney(day.given, currency)}`}
            className="group flex h-full min-w-0 flex-1 items-end"
          >
            <span
              className="w-full rounded-t-[2px] bg-line-strong group-last:bg-ink group-hover:bg-ink"
              style={{
                height: `${most.given === 0 ? 0 : Math.max(day.given > 0 ? 3 : 0, (day.given / most.given) * 100)}%`,
              }}
            />
          </span>
        ))}
      </div>
      <div aria-hidden className="flex justify-between gap-2 text-ink-3 text-xs">
        <span>{span.from}</span>
        <span>{span.to}</span>
      </div>
      <details className="text-xs">
        <summary className="w-fit rounded-inner text-ink-3 hover:text-ink pointer-coarse:py-3">
          {t("table")}
        </summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard. */}
        <section aria-label={t("title")} tabIndex={0} className="mt-1 max-h-64 overflow-y-auto">
          <Table>
            <TableHead>
              <tr>
                <TableHeader>{t("day")}</TableHeader>
                <TableHeader align="end">{t("given")}</TableHeader>
                <TableHeader align="end">{t("decisions")}</TableHeader>
              </tr>
            </TableHead>
            <TableBody>
              {days.toReversed().map((day) => (
                <TableRow key={day.day}>
                  <TableCell>{dayWords(day.day)}</TableCell>
                  <TableCell align="end">{formatMoney(day.given, currency)}</TableCell>
                  <TableCell align="end">{formatCount(day.decisions)}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </section>
      </details>
    </figure>
  );
}

/** A local day has no time zone any more. */
function dayWords(day: string): string {
  return formatDay(new Date(`${day}T00:00:00Z`), "UTC");
}
