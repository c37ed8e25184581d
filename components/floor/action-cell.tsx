import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { ReviewBadge } from "@/components/reviews/review-badge";
import { cn } from "@/components/ui/cn";
import { Money } from "@/components/ui/money";
import { TableCell } from "@/components/ui/table";
import type { Column } from "@/lib/floor/schema";
import { formatMoney } from "@/lib/format/money";
import type { ActionRow } from "@/lib/insights/types";

/** How much room each column takes beside the others. */
export const COLUMN_WEIGHTS: Record<Column, number> = {
  time: 12,
  employee: 13,
  customer: 13,
  remedy: 10,
  amount: 9,
  verdict: 15,
  cause: 12,
  review: 11,
  team: 11,
  channel: 8,
  order: 9,
  note: 16,
  policy: 6,
};

/** The columns whose numbers stand under one another. */
export const NUMBERS: readonly Column[] = ["amount", "policy"];

interface ActionCellProps {
  column: Exclude<Column, "time">;
  row: ActionRow;
}

/** What one column says of an action. */
export function ActionCell({ column, row }: ActionCellProps) {
  const t = useTranslations("common");
  switch (column) {
    case "employee":
      return <TextCell text={row.employee} />;
    case "customer":
      return <TextCell text={row.customer} />;
    case "remedy":
      return <TextCell text={t(`remedy.${row.remedy}`)} />;
    case "amount":
      return (
        // Two lines are as high as the rows of one: the list reckons with it.
        <TableCell align="end" className={row.amount === row.asked ? undefined : "py-0 leading-4"}>
          <Money amount={row.amount} currency={row.currency} />
          <AskedFor row={row} className="block leading-3" />
        </TableCell>
      );
    case "verdict":
      return (
        <TableCell className="pl-6">
          <VerdictAndStatus verdict={row.verdict} status={row.status} />
        </TableCell>
      );
    case "cause":
      return <TextCell text={row.causeName ?? row.cause} quiet />;
    case "review":
      return <TableCell>{row.review ? <ReviewBadge verdict={row.review} /> : null}</TableCell>;
    case "team":
      return <TextCell text={row.team} quiet />;
    case "channel":
      return (
        <TextCell
          text={
            row.channel && t.has(`channel.${row.channel}` as never)
              ? t(`channel.${row.channel}` as never)
              : row.channel
          }
          quiet
        />
      );
    case "order":
      return <TextCell text={row.orderRef} quiet />;
    case "note":
      return <TextCell text={row.note} quiet />;
    case "policy":
      return <TableCell align="end">{row.policyVersion}</TableCell>;
    default:
      return column satisfies never;
  }
}

/** What was asked for, where an answer granted another amount: that is what the list is ordered by. */
export function AskedFor({ row, className }: { row: ActionRow; className?: string }) {
  const t = useTranslations("floor.list");
  if (row.amount === row.asked) return null;
  return (
    <span className={cn("font-normal text-ink-3 text-xs", className)}>
      {t("askedFor", { amount: formatMoney(row.asked, row.currency) })}
    </span>
  );
}

/** Cut where there is no room for all of it; its page says the rest. */
function TextCell({ text, quiet = false }: { text: ReactNode; quiet?: boolean }) {
  return <TableCell className={quiet ? "text-ink-2" : undefined}>{text}</TableCell>;
}
