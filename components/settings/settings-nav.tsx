"use client";

import { useTranslations } from "next-intl";
import { PageNav } from "@/components/shell/page-nav";

const PAGES = [
  { name: "policy", href: "/settings" },
  { name: "versions", href: "/settings/policies" },
  { name: "causes", href: "/settings/causes" },
  { name: "rates", href: "/settings/rates" },
  { name: "execution", href: "/settings/execution" },
  { name: "providers", href: "/settings/providers" },
  { name: "organization", href: "/settings/organization" },
  { name: "embed", href: "/settings/embed" },
  { name: "webhooks", href: "/settings/webhooks" },
  { name: "notices", href: "/settings/notices" },
  { name: "reconciliation", href: "/settings/reconciliation" },
  { name: "seals", href: "/settings/seals" },
] as const;

/** The pages of the settings: beside them, or above them on a phone. */
export function SettingsNav() {
  const t = useTranslations("settings.nav");
  return (
    <PageNav
      label={t("label")}
      pages={PAGES.map((page) => ({ ...page, label: t(page.name) }))}
      className="lg:sticky lg:top-20 lg:self-start"
      listClassName="lg:flex-col"
    />
  );
}
