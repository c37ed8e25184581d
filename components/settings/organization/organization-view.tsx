"use client";

import { useTranslations } from "next-intl";
import { useHydrated } from "@/components/ui/use-hydrated";
import type { OrganizationPage } from "@/lib/organizations/types";
import { PeoplesData } from "./peoples-data";
import { SettingsForm } from "./settings-form";

/** What holds for the whole organization, and what it holds about people. */
export function OrganizationView({ mayEdit, name, currency, timeZone, settings }: OrganizationPage) {
  const t = useTranslations("organization");
  // Not before the page is ready: what would be typed until then would be lost.
  return (
    <fieldset disabled={!useHydrated()} className="flex min-w-0 flex-col gap-10">
      <header className="flex max-w-prose flex-col gap-1">
        <h1 className="break-words font-semibold text-lg">{t("heading", { name })}</h1>
        <p className="text-ink-2">{t("frame", { currency, timeZone })}</p>
        {mayEdit ? null : <p className="text-ink-2">{t("readOnly")}</p>}
      </header>
      <SettingsForm mayEdit={mayEdit} settings={settings} />
      <PeoplesData mayEdit={mayEdit} />
    </fieldset>
  );
}
