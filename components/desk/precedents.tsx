"use client";

import { BookOpen } from "lucide-react";
import { useTranslations } from "next-intl";
import { useOutcomeWords } from "@/components/decision/outcome-words";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { Money } from "@/components/ui/money";
import { formatDay } from "@/lib/format/dates";
import { formatAmount } from "@/lib/format/money";
import type { Similar } from "@/lib/precedents/types";

/** What others did in similar cases, and how it turned out. Nobody is named: it is about the case. */
export function Precedents({ precedents, taught }: Pick<Similar, "precedents" | "taught">) {
  const t = useTranslations("desk.precedents");
  const remedy = useTranslations("common.remedy");
  const said = useOutcomeWords();
  if (precedents.length === 0 && taught.length === 0) return null;
  return (
    <section aria-labelledby="precedents" className="flex flex-col gap-1" data-testid="precedents">
      <h2 id="precedents" className="font-semibold text-base">
        {t("title")}
      </h2>
      <ul className="flex flex-col divide-y divide-line empty:hidden">
        {taught.map((each) => (
          <li key={each.id} className="flex items-start gap-2.5 py-2">
            <BookOpen aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
            <span className="flex min-w-0 flex-col gap-0.5">
              <span className="font-medium">
                {remedy(each.remedy)} <Money amount={each.amount} currency={each.currency} />
              </span>
              <span className="whitespace-pre-line break-words">{each.happened}</span>
              <span className="whitespace-pre-line break-words text-ink-2">{each.done}</span>
            </span>
          </li>
        ))}
      </ul>
      <ul className="flex flex-col divide-y divide-line">
        {precedents.map((each, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: nothing names a case that is anonymous.
          <li key={index} className="flex items-start gap-2.5 py-2">
            <RemedyIcon remedy={each.remedy} className="mt-0.5 size-4 shrink-0 text-ink-3" />
            <span className="flex min-w-0 grow flex-col">
              <span className="font-medium">
                {remedy(each.remedy)} <Money amount={each.amount} currency={each.currency} />
              </span>
              <span className="figures text-ink-3 text-xs">
                {[
                  // A day has no time zone; any one does to write it, as long as it is the one it is read in.
                  formatDay(new Date(each.day), "UTC"),
                  each.sameTier ? t("sameTier") : null,
                  each.granted !== null && each.granted !== each.amount
                    ? t("granted", { amount: formatAmount(each.granted, each.currency) })
                    : null,
                  each.score === null ? null : t("customer", { said: said(each.score) }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
            <VerdictAndStatus verdict={each.verdict} status={each.status} />
          </li>
        ))}
      </ul>
    </section>
  );
}
