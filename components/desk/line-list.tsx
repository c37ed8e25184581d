"use client";

import { PenLine, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { VERDICT_INK, VerdictIcon } from "@/components/decision/verdict";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import type { PreviewView } from "@/lib/decisions/types";
import type { DraftLine } from "./draft";

interface LineListProps {
  lines: readonly DraftLine[];
  /** The verdict on each, where it is known. */
  verdicts: readonly (PreviewView | undefined)[];
  currencyOf: (line: DraftLine) => string;
  onEdit: (index: number) => void;
  onRemove: (index: number) => void;
}

/** The other remedies of the same case: each with its verdict, to be taken up again or taken away. */
export function LineList({ lines, verdicts, currencyOf, onEdit, onRemove }: LineListProps) {
  const t = useTranslations("desk.lines");
  const remedy = useTranslations("common.remedy");
  const words = useTranslations("common.verdict");
  if (lines.length === 0) return null;
  return (
    <ul aria-label={t("title")} className="flex flex-col divide-y divide-line border-line border-y">
      {lines.map((line, index) => {
        const what = `${remedy(line.remedy)} ${line.amount} ${currencyOf(line)}`;
        const verdict = verdicts[index]?.verdict;
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: two may be alike in everything but their place.
            key={index}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5"
          >
            <RemedyIcon remedy={line.remedy} className="size-4 shrink-0 text-ink-3" />
            <span className="figures min-w-0 grow break-words font-medium">{what}</span>
            {verdict ? (
              <span className={cn("inline-flex items-center gap-1 text-xs", VERDICT_INK[verdict])}>
                <VerdictIcon verdict={verdict} className="size-3.5" />
                {words(verdict)}
              </span>
            ) : null}
            <span className="flex">
              <Button
                variant="quiet"
                size="icon"
                aria-label={t("edit", { what })}
                onClick={() => onEdit(index)}
              >
                <PenLine aria-hidden />
              </Button>
              <Button
                variant="quiet"
                size="icon"
                aria-label={t("remove", { what })}
                onClick={() => onRemove(index)}
              >
                <X aria-hidden />
              </Button>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
