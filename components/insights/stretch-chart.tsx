import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { FigureLink } from "./figures";

export interface Bar {
  key: string;
  /** Which day, or days. */
  label: string;
  value: number;
  /** As it is said. */
  text: string;
  /** Where its rows are. */
  href: string;
  /** What else the table says of it. */
  more: readonly ReactNode[];
}

/**
 * One bar after the other in the order of time: for the eye and the mouse as bars, for everybody as a table. The sentence
 * that says what it shows is its section's.
 */
export function StretchChart({
  label,
  bars,
  headers,
  most = Math.max(0, ...bars.map(({ value }) => value)),
}: {
  label: string;
  bars: readonly Bar[];
  headers: { stretch: string; value: string; more: readonly string[] };
  /** What a bar of the whole height stands for; the largest, where nothing else is said. */
  most?: number;
}) {
  const t = useTranslations("insights");
  return (
    <figure aria-label={label} className="flex min-w-0 flex-col gap-1.5">
      <div aria-hidden className="flex h-36 items-end gap-px border-line border-b sm:gap-[3px]">
        {bars.map((bar) => (
          <Link
            key={bar.key}
            href={bar.href}
            prefetch={false}
            tabIndex={-1}
            title={`${bar.label}: ${bar.text}`}
            className="group flex h-full min-w-0 flex-1 items-end"
          >
            <span
              className="w-full rounded-t-[2px] bg-line-strong group-hover:bg-ink print:[print-color-adjust:exact]"
              style={{ height: most === 0 || bar.value === 0 ? 0 : `max(2px, ${(bar.value / most) * 100}%)` }}
            />
          </Link>
        ))}
      </div>
      <div aria-hidden className="flex justify-between gap-2 text-ink-3 text-xs">
        <span>{bars[0]?.label}</span>
        <span>{bars.length > 1 ? bars.at(-1)?.label : null}</span>
      </div>
      <details className="text-xs">
        <summary className="flex w-fit items-center rounded-inner text-ink-3 hover:text-ink pointer-coarse:min-h-11">
          {t("asTable")}
        </summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard. */}
        <section aria-label={label} tabIndex={0} className="mt-1 max-h-80 overflow-auto print:max-h-none">
          <Table>
            <TableHead>
              <tr>
                <TableHeader>{headers.stretch}</TableHeader>
                <TableHeader align="end">{headers.value}</TableHeader>
                {headers.more.map((header) => (
                  <TableHeader key={header} align="end">
                    {header}
                  </TableHeader>
                ))}
              </tr>
            </TableHead>
            <TableBody>
              {bars.toReversed().map((bar) => (
                <TableRow key={bar.key}>
                  <TableCell>
                    <FigureLink href={bar.href}>{bar.label}</FigureLink>
                  </TableCell>
                  <TableCell align="end">{bar.text}</TableCell>
                  {bar.more.map((cell, index) => (
                    <TableCell key={headers.more[index]} align="end">
                      {cell}
                    </TableCell>
                  ))}
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </section>
      </details>
    </figure>
  );
}
