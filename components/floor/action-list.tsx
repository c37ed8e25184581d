"use client";

import { SearchX, Sprout } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Money } from "@/components/ui/money";
import { Pagination } from "@/components/ui/pagination";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { ActionRow } from "@/lib/insights/types";
import { useRowKeys } from "./use-row-keys";

interface ActionListProps {
  rows: readonly ActionRow[];
  newerHref: string | null;
  olderHref: string | null;
  /** Where the list begins; null on its first page. */
  newestHref: string | null;
  /** Whether anything narrows the list. */
  filtered: boolean;
  now: string;
  timeZone: string;
}

/** Every action, the newest first: dense rows, or cards where there is no room for a table. */
export function ActionList(props: ActionListProps) {
  const t = useTranslations("floor.list");
  const page = useTranslations("common.page");
  const list = useRef<HTMLDivElement>(null);
  useRowKeys(list);
  const { rows, newerHref, olderHref } = props;
  return (
    <>
      {rows.length === 0 ? (
        <Nothing {...props} />
      ) : (
        <div ref={list}>
          <ActionTable {...props} />
          <ActionCards {...props} />
        </div>
      )}
      <Pagination
        label={t("pages")}
        newer={newerHref ? { href: newerHref, label: page("newer") } : null}
        older={olderHref ? { href: olderHref, label: page("older") } : null}
      />
    </>
  );
}

function Nothing({ filtered, newestHref }: ActionListProps) {
  const t = useTranslations("floor.list");
  if (newestHref) {
    return (
      <EmptyState title={t("past.title")}>
        <ButtonLink href={newestHref} size="sm" className="mt-2">
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

function ActionTable({ rows, now, timeZone }: ActionListProps) {
  const t = useTranslations("floor.list");
  const remedy = useTranslations("common.remedy");
  return (
    <Table className="hidden lg:table">
      {/* Under the bar of the place. */}
      <TableHead className="top-14">
        <tr>
          <TableHeader>{t("time")}</TableHeader>
          <TableHeader>{t("employee")}</TableHeader>
          <TableHeader>{t("customer")}</TableHeader>
          <TableHeader>{t("remedy")}</TableHeader>
          <TableHeader align="end">{t("amount")}</TableHeader>
          <TableHeader className="pl-6">{t("verdict")}</TableHeader>
          <TableHeader>{t("cause")}</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <TableRow
            key={row.id}
            className="relative hover:bg-sunken has-focus-visible:bg-sunken has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent-text"
          >
            <TableCell className="figures">
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
            <TableCell>{row.employee}</TableCell>
            <TableCell>{row.customer}</TableCell>
            <TableCell>{remedy(row.remedy)}</TableCell>
            <TableCell align="end">
              <Money amount={row.amount} currency={row.currency} />
            </TableCell>
            <TableCell className="pl-6">
              <VerdictAndStatus verdict={row.verdict} status={row.status} />
            </TableCell>
            <TableCell className="text-ink-2">{row.cause}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
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

function ActionCards({ rows, now, timeZone }: ActionListProps) {
  const t = useTranslations("floor.list");
  const remedy = useTranslations("common.remedy");
  return (
    <ul className="flex flex-col divide-y divide-line border-line border-y lg:hidden">
      {rows.map((row) => (
        <li key={row.id}>
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
              </span>
              <VerdictAndStatus verdict={row.verdict} status={row.status} />
            </span>
            <span>{t("for", { employee: row.employee, customer: row.customer })}</span>
            <span className="figures flex flex-wrap gap-x-2 text-ink-3 text-xs">
              <Time at={row.at} now={now} timeZone={timeZone} as="short" />
              {row.cause ? <span>{row.cause}</span> : null}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
