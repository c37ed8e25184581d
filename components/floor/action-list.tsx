"use client";

import { ArrowDown, ArrowUp, SearchX, Sprout } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type RefObject, useRef, useSyncExternalStore } from "react";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { ReviewBadge } from "@/components/reviews/review-badge";
import { Button, ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorNote } from "@/components/ui/error-note";
import { Money } from "@/components/ui/money";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { type Column, queryText, type Sort } from "@/lib/floor/schema";
import { formatDay } from "@/lib/format/dates";
import { formatCount } from "@/lib/format/money";
import type { ActionRow, FloorPage } from "@/lib/insights/types";
import { ActionCell, AskedFor, COLUMN_WEIGHTS, NUMBERS } from "./action-cell";
import { useActions } from "./use-actions";
import { useFilters } from "./use-filters";
import { useRowKeys } from "./use-row-keys";
import { useRowWindow } from "./use-row-window";

type ActionListProps = Pick<
  FloorPage,
  "slice" | "sort" | "columns" | "firstHref" | "views" | "now" | "timeZone"
> & {
  /** Whether anything narrows the list. */
  filtered: boolean;
};

/** Every action, in the order that was asked for: dense rows, or cards where there is no room for a table. */
export function ActionList(props: ActionListProps) {
  const { slice, sort, firstHref, views, timeZone, filtered } = props;
  const t = useTranslations("floor.list");
  const list = useRef<HTMLDivElement>(null);
  useRowKeys(list);
  const actions = useActions(slice, queryText(views.query));
  const { rows, isWhole, lookedBackTo, step, loadMore } = actions;
  const wide = useIsWide();
  const onNearEnd = isWhole || step !== null ? null : loadMore;
  const body = { ...props, rows, isWhole, list, onNearEnd };
  if (rows.length === 0 && isWhole) return <Nothing filtered={filtered} firstHref={firstHref} />;
  return (
    <>
      {firstHref ? (
        <ButtonLink href={firstHref} size="sm" className="w-fit">
          <ArrowUp aria-hidden />
          {t("toFirst")}
        </ButtonLink>
      ) : null}
      {sort === "amount" ? <p className="text-ink-3 text-xs">{t("byAsked")}</p> : null}
      <div ref={list}>
        {wide === false ? null : <ActionTable {...body} />}
        {wide === true ? null : <ActionCards {...body} />}
      </div>
      <div className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-2 text-ink-3 text-xs">
        <p role="status">
          {step === "loading"
            ? t("loading")
            : lookedBackTo
              ? t("lookedBack", { count: rows.length, day: formatDay(new Date(lookedBackTo), timeZone) })
              : t(isWhole ? "all" : "shown", { count: formatCount(rows.length), rows: rows.length })}
        </p>
        {isWhole || step === "failed" ? null : (
          <Button size="sm" busy={step === "loading"} onClick={loadMore} className="pointer-coarse:h-11">
            {t("more")}
          </Button>
        )}
      </div>
      {step === "failed" ? (
        <ErrorNote title={t("failed")}>
          <Button size="sm" onClick={loadMore}>
            {t("again")}
          </Button>
        </ErrorNote>
      ) : null}
    </>
  );
}

const WIDE = "(min-width: 64rem)";

/** Whether there is room for a table; null as long as nobody knows. */
function useIsWide(): boolean | null {
  return useSyncExternalStore(
    (hear) => {
      const query = window.matchMedia(WIDE);
      query.addEventListener("change", hear);
      return () => query.removeEventListener("change", hear);
    },
    () => window.matchMedia(WIDE).matches,
    () => null,
  );
}

function Nothing({ filtered, firstHref }: Pick<ActionListProps, "filtered" | "firstHref">) {
  const t = useTranslations("floor.list");
  if (firstHref) {
    return (
      <EmptyState title={t("past.title")}>
        <ButtonLink href={firstHref} size="sm" className="mt-2">
          {t("past.newest")}
        </ButtonLink>
      </EmptyState>
    );
  }
  if (filtered) {
    return (
      <EmptyState icon={<SearchX />} title={t("nothing.title")}>
        <p>{t("nothing.text")}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<Sprout />} title={t("empty.title")}>
      <p>{t("empty.text")}</p>
    </EmptyState>
  );
}

type BodyProps = ActionListProps & {
  rows: readonly ActionRow[];
  isWhole: boolean;
  list: RefObject<HTMLDivElement | null>;
  onNearEnd: (() => void) | null;
};

const ROW_HEIGHT = 36;

function ActionTable({ rows, isWhole, columns, sort, views, list, onNearEnd, now, timeZone }: BodyProps) {
  const { from, to, before, after } = useRowWindow({
    list,
    count: rows.length,
    rowHeight: ROW_HEIGHT,
    onNearEnd,
  });
  const weight = columns.reduce((sum, column) => sum + COLUMN_WEIGHTS[column], 0);
  return (
    <Table className="hidden table-fixed lg:table" aria-rowcount={isWhole ? rows.length + 1 : -1}>
      <colgroup>
        {columns.map((column) => (
          <col key={column} style={{ width: `${(100 * COLUMN_WEIGHTS[column]) / weight}%` }} />
        ))}
      </colgroup>
      {/* Under the bar of the place. */}
      <TableHead className="top-14">
        <tr aria-rowindex={1}>
          {columns.map((column) => (
            <HeaderCell
              key={column}
              column={column}
              sort={sort}
              beginsWithView={views.views.some((v) => v.first)}
            />
          ))}
        </tr>
      </TableHead>
      <TableBody>
        <Room height={before} columns={columns.length} />
        {rows.slice(from, to).map((row, index) => (
          <TableRow
            key={row.id}
            aria-rowindex={from + index + 2}
            className="relative hover:bg-sunken has-focus-visible:bg-sunken has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent-text"
          >
            {columns.map((column) =>
              column === "time" ? (
                <TableCell key={column} className="figures">
                  {/* Its area is the whole row, so that the row opens wherever it is pressed. */}
                  <Link
                    href={`/floor/decisions/${row.id}`}
                    prefetch={false}
                    data-row
                    className="scroll-mt-28 scroll-mb-4 outline-none after:absolute after:inset-0"
                  >
                    <Time at={row.at} now={now} timeZone={timeZone} as="short" />
                    <RowWords row={row} />
                  </Link>
                </TableCell>
              ) : (
                <ActionCell key={column} column={column} row={row} />
              ),
            )}
          </TableRow>
        ))}
        <Room height={after} columns={columns.length} />
      </TableBody>
    </Table>
  );
}

/** The room of the rows that are not there. */
function Room({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={columns} />
    </tr>
  );
}

/** What a press on a heading orders by next. */
const NEXT_SORT: Partial<Record<Column, (sort: Sort) => Sort>> = {
  time: (sort) => (sort === "newest" ? "oldest" : "newest"),
  amount: (sort) => (sort === "amount" ? "newest" : "amount"),
};

function HeaderCell({
  column,
  sort,
  beginsWithView,
}: {
  column: Column;
  sort: Sort;
  beginsWithView: boolean;
}) {
  const t = useTranslations("floor.list");
  const filters = useFilters({ beginsWithView });
  const next = NEXT_SORT[column]?.(sort);
  const holds = column === "amount" ? sort === "amount" : column === "time" && sort !== "amount";
  const align = NUMBERS.includes(column) ? "end" : "start";
  const className = column === "verdict" ? "pl-6" : undefined;
  if (!next) {
    return (
      <TableHeader align={align} className={className}>
        {t(column)}
      </TableHeader>
    );
  }
  const Arrow = sort === "oldest" ? ArrowUp : ArrowDown;
  return (
    <TableHeader
      align={align}
      className={className}
      aria-sort={holds ? (sort === "oldest" ? "ascending" : "descending") : undefined}
    >
      <button
        type="button"
        onClick={() => filters.set({ sort: next === "newest" ? null : next })}
        className="inline-flex h-8 items-center gap-1 rounded-inner hover:text-ink"
      >
        {t(column)}
        {holds ? <Arrow aria-hidden className="size-3.5" /> : null}
        <span className="sr-only">{t(`sortNext.${next}`)}</span>
      </button>
    </TableHeader>
  );
}

/** What a link's time alone does not tell somebody who goes from link to link. */
function RowWords({ row }: { row: ActionRow }) {
  const t = useTranslations("floor.list");
  const remedy = useTranslations("common.remedy");
  return (
    <span className="sr-only">
      {`, ${remedy(row.remedy)}, ${t("for", { employee: row.employee, customer: row.customer })}`}
    </span>
  );
}

const CARD_HEIGHT = 93;

function ActionCards({ rows, list, onNearEnd, columns, now, timeZone }: BodyProps) {
  const t = useTranslations("floor.list");
  const remedy = useTranslations("common.remedy");
  const shown = useRowWindow({ list, count: rows.length, rowHeight: CARD_HEIGHT, onNearEnd });
  return (
    <ul
      className="flex flex-col divide-y divide-line border-line border-y lg:hidden"
      style={{ paddingTop: shown.before || undefined, paddingBottom: shown.after || undefined }}
    >
      {rows.slice(shown.from, shown.to).map((row, index) => (
        <li key={row.id} ref={shown.measure} data-index={shown.from + index}>
          <Link
            href={`/floor/decisions/${row.id}`}
            prefetch={false}
            data-row
            className="-mx-2 flex flex-col gap-1 rounded-md px-2 py-3 hover:bg-sunken"
          >
            <span className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
              <span className="flex items-center gap-2 font-medium text-base">
                <RemedyIcon remedy={row.remedy} className="size-4 text-ink-3" />
                {remedy(row.remedy)} <Money amount={row.amount} currency={row.currency} />
                <AskedFor row={row} />
              </span>
              <VerdictAndStatus verdict={row.verdict} status={row.status} />
            </span>
            <span>{t("for", { employee: row.employee, customer: row.customer })}</span>
            <span className="figures flex flex-wrap items-center gap-x-2 text-ink-3 text-xs">
              <Time at={row.at} now={now} timeZone={timeZone} as="short" />
              <CardDetails row={row} columns={columns} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** What a card says besides, of the columns that were chosen. */
function CardDetails({ row, columns }: { row: ActionRow; columns: readonly Column[] }) {
  const t = useTranslations("floor.list");
  const common = useTranslations("common");
  const channel = row.channel;
  const details: Partial<Record<Column, string | null>> = {
    cause: row.causeName ?? row.cause,
    team: row.team,
    channel:
      channel && common.has(`channel.${channel}` as never) ? common(`channel.${channel}` as never) : channel,
    order: row.orderRef,
    note: row.note,
    policy: t("policyOf", { version: row.policyVersion }),
  };
  return (
    <>
      {columns.map((column) =>
        details[column] ? (
          <span key={column} className="max-w-full truncate">
            {details[column]}
          </span>
        ) : null,
      )}
      {row.review && columns.includes("review") ? <ReviewBadge verdict={row.review} /> : null}
    </>
  );
}
