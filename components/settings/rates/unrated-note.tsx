"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import type { RatesPage } from "@/lib/rates/types";

interface UnratedNoteProps extends Pick<RatesPage, "unrated" | "mayEdit"> {
  onChoose: (currency: string) => void;
}

/** The currencies that people meet and that have no rate: everything in them waits for somebody. */
export function UnratedNote({ unrated, mayEdit, onChoose }: UnratedNoteProps) {
  const t = useTranslations("settings.rates.unrated");
  if (unrated.length === 0) return null;
  return (
    <section aria-labelledby="unrated" className="flex items-start gap-3 rounded-md bg-bend-soft p-3">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bend" />
      <div className="flex min-w-0 grow flex-col gap-1">
        <h2 id="unrated" className="font-medium text-bend">
          {t("title", { count: unrated.length })}
        </h2>
        <p>{t("text", { count: unrated.length })}</p>
        <ul className="flex flex-col">
          {unrated.map(({ currency, name, decisions, orders }) => (
            <li key={currency} className="flex items-center justify-between gap-x-4 py-1">
              <span className="min-w-0">
                <span className="font-medium">{currency}</span>
                {name === currency ? null : ` ${name}`}
                <span className="figures text-ink-2">
                  {" · "}
                  {[
                    ...(decisions > 0 ? [t("decisions", { count: decisions })] : []),
                    ...(orders > 0 ? [t("orders", { count: orders })] : []),
                  ].join(", ")}
                </span>
              </span>
              {mayEdit ? (
                <Button
                  size="sm"
                  className="pointer-coarse:h-11"
                  aria-label={t("setLabel", { currency })}
                  onClick={() => onChoose(currency)}
                >
                  {t("set")}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
