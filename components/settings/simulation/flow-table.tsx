"use client";

import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { VerdictBadge } from "@/components/decision/verdict";
import { formatShare } from "@/components/floor/share";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { formatCount, formatMoney } from "@/lib/format/money";
import { DIFFERENCES_ID, simulationHref } from "./address";
import type { FlowStream } from "./flow-layout";
import type { FlowProps } from "./flow-picture";
import { useStreamWords } from "./use-stream-words";

type FlowTableProps = FlowProps & { streams: readonly FlowStream[] };

/** The same as the picture, to be read and printed. */
export function FlowTable(props: FlowTableProps) {
  const t = useTranslations("settings.simulation.flow");
  const [open, setOpen] = useState(false);
  const id = useId();
  const sorted = props.streams.toSorted(byChange);
  return (
    <div className="flex flex-col gap-2">
      <Button
        variant="quiet"
        size="sm"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="-ml-3 w-fit pointer-coarse:h-11 print:hidden"
      >
        {open ? t("tableClose") : t("table")}
      </Button>
      <div id={id} className={cn("print:block", open ? "block" : "hidden")}>
        <Rows {...props} streams={sorted} />
        <Cards {...props} streams={sorted} />
      </div>
    </div>
  );
}

function Rows(props: FlowTableProps) {
  const { streams, result, currency } = props;
  const t = useTranslations("settings.simulation.flow");
  return (
    <Table className="max-md:hidden print:table">
      <caption className="sr-only">{t("tableLabel")}</caption>
      <TableHead className="static">
        <tr>
          <TableHeader>{t("columns.from")}</TableHeader>
          <TableHeader>{t("columns.to")}</TableHeader>
          <TableHeader align="end">{t("columns.count")}</TableHeader>
          <TableHeader align="end">{t("columns.share")}</TableHeader>
          <TableHeader align="end">{t("columns.amount")}</TableHeader>
          <TableHeader className="print:hidden">
            <span className="sr-only">{t("columns.list")}</span>
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {streams.map((stream) => (
          <TableRow key={`${stream.from} ${stream.to}`}>
            <TableCell>
              <VerdictBadge verdict={stream.from} />
            </TableCell>
            <TableCell>
              <VerdictBadge verdict={stream.to} />
            </TableCell>
            <TableCell align="end">{formatCount(stream.tally.count)}</TableCell>
            <TableCell align="end">{formatShare(stream.tally.count / result.decisions.count)}</TableCell>
            <TableCell align="end">{formatMoney(stream.tally.amount, currency)}</TableCell>
            <TableCell align="end" className="print:hidden">
              <StreamLink {...props} stream={stream} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Cards(props: FlowTableProps) {
  const { streams, result, currency } = props;
  const t = useTranslations("settings.simulation.flow");
  return (
    <ul
      aria-label={t("tableLabel")}
      className="flex flex-col divide-y divide-line border-line border-y md:hidden print:hidden"
    >
      {streams.map((stream) => (
        <li key={`${stream.from} ${stream.to}`} className="flex flex-col gap-1.5 py-2.5">
          <span className="flex items-center gap-1.5">
            <VerdictBadge verdict={stream.from} />
            <ArrowRight aria-hidden className="size-3.5 text-ink-3" />
            <VerdictBadge verdict={stream.to} />
            <span className="ml-auto">
              <StreamLink {...props} stream={stream} />
            </span>
          </span>
          <span className="figures flex justify-between gap-3">
            {t("share", {
              count: formatCount(stream.tally.count),
              share: formatShare(stream.tally.count / result.decisions.count),
            })}
            <span className="text-ink-2">{formatMoney(stream.tally.amount, currency)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** To the decisions of a stream; what stays as it was is not listed anywhere. */
function StreamLink({ stream, version, run, against, currency }: FlowProps & { stream: FlowStream }) {
  const t = useTranslations("settings.simulation.flow");
  const words = useStreamWords(currency);
  const { from, to } = stream;
  if (from === to) return null;
  return (
    <Link
      href={`${simulationHref(version, { run, filter: { against, from, to } })}#${DIFFERENCES_ID}`}
      aria-label={t("see", { stream: words(stream) })}
      className="rounded-inner text-accent-text underline underline-offset-4 pointer-coarse:py-2"
    >
      {t("list")}
    </Link>
  );
}

/** What changes first, the most of it before the rest. */
function byChange(a: FlowStream, b: FlowStream): number {
  const changes = Number(a.from === a.to) - Number(b.from === b.to);
  return changes || b.tally.count - a.tally.count;
}
