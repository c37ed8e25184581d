import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";

export interface Column<Row> {
  name: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Counts and money stand under one another; words don't. */
  words?: boolean;
  /** How long the bar is that stands before the figure, 0 to 1. */
  bar?: (row: Row) => number;
}

interface FigureTableProps<Row> {
  caption: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** What a row is about. */
  title: { header: string; cell: (row: Row) => ReactNode };
  columns: readonly Column<Row>[];
  /** Keeps columns from growing apart, where there are few. */
  className?: string;
}

/** Figures by something: a table whose bars are the chart, or cards where there is no room for one. */
export function FigureTable<Row>(props: FigureTableProps<Row>) {
  const { caption, rows, keyOf, title, columns, className } = props;
  return (
    <>
      <Table className={cn("hidden sm:table print:table", className)}>
        <caption className="sr-only">{caption}</caption>
        <TableHead className="static">
          <tr>
            <TableHeader>{title.header}</TableHeader>
            {columns.map(({ name, header, words }) => (
              <TableHeader key={name} align={words ? "start" : "end"}>
                {header}
              </TableHeader>
            ))}
          </tr>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={keyOf(row)}>
              <th scope="row" className="max-w-72 truncate py-1 pr-2 text-left font-normal">
                {title.cell(row)}
              </th>
              {columns.map(({ name, cell, words, bar }) => (
                <TableCell key={name} align={words ? "start" : "end"}>
                  {bar ? (
                    <span className="flex items-center justify-end gap-3">
                      <Bar length={bar(row)} className="hidden w-32 lg:block" />
                      <span className="min-w-24">{cell(row)}</span>
                    </span>
                  ) : (
                    cell(row)
                  )}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <ul
        aria-label={caption}
        className="flex flex-col divide-y divide-line border-line border-y sm:hidden print:hidden"
      >
        {rows.map((row) => (
          <li key={keyOf(row)} className="flex flex-col gap-1.5 py-3">
            <p className="min-w-0 break-words font-medium">{title.cell(row)}</p>
            <dl className="grid grid-cols-2 gap-x-4 gap-y-1.5">
              {columns.map(({ name, header, cell, bar }) => (
                <div key={name} className={cn("min-w-0", bar && "col-span-2")}>
                  <dt className="text-ink-3 text-xs">{header}</dt>
                  <dd className="figures">
                    {cell(row)}
                    {bar ? <Bar length={bar(row)} className="mt-1 w-full" /> : null}
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}

function Bar({ length, className }: { length: number; className?: string }) {
  const percent = Math.max(0, Math.min(1, Number.isFinite(length) ? length : 0)) * 100;
  return (
    <span aria-hidden className={cn("block h-1.5", className)}>
      <span
        className="block h-full rounded-full bg-line-strong print:[print-color-adjust:exact]"
        style={{ width: percent === 0 ? 0 : `max(2px, ${percent}%)` }}
      />
    </span>
  );
}
