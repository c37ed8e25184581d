"use client";

import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { useHydrated } from "@/components/ui/use-hydrated";
import { REMEDIES } from "@/lib/discretion/schema";
import type { NoticesPage } from "@/lib/notices/types";
import { NoticeForm } from "./notice-form";

/** What customers are told when something was carried out for them. */
export function NoticesView(page: NoticesPage) {
  const t = useTranslations("notices");
  return (
    <fieldset disabled={!useHydrated()} className="flex min-w-0 max-w-4xl flex-col gap-8">
      <header className="flex max-w-prose flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">{t("text")}</p>
        <p className="text-ink-2">{t("once")}</p>
        {page.mayEdit ? null : <p className="text-ink-2">{t("readOnly")}</p>}
      </header>
      {page.sends ? null : (
        <div className="flex max-w-prose flex-col gap-1 rounded-md bg-sunken p-4">
          <p className="font-medium">{t("off.title")}</p>
          <p className="text-ink-2">{t("off.text")}</p>
        </div>
      )}
      <ul className="flex flex-col divide-y divide-line border-line border-y">
        {REMEDIES.map((remedy) => {
          const stored = page.notices.find((notice) => notice.remedy === remedy);
          const start = stored ?? {
            remedy,
            subject: t.raw(`start.${remedy}.subject`),
            body: t.raw(`start.${remedy}.body`),
            isOn: false,
          };
          return (
            <li key={remedy}>
              <details className="group">
                <summary className="flex cursor-pointer items-center gap-2 py-3">
                  <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3 group-open:rotate-90" />
                  <span className="grow font-medium">{t(`remedy.${remedy}`)}</span>
                  <Badge tone={start.isOn ? "allow" : "neutral"}>{t(start.isOn ? "on" : "offWord")}</Badge>
                </summary>
                <NoticeForm page={page} start={start} />
              </details>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
