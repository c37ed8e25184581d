"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";

const PAGES = [
  { name: "policy", href: "/settings" },
  { name: "versions", href: "/settings/policies" },
  { name: "rates", href: "/settings/rates" },
] as const;

/** The pages of the settings: beside them, or above them on a phone. */
export function SettingsNav() {
  const t = useTranslations("settings.nav");
  const path = usePathname();
  // The longest that the address begins with: "/settings" begins all of them.
  const here = PAGES.findLast(({ href }) => path === href || path.startsWith(`${href}/`));
  return (
    <nav aria-label={t("label")} className="lg:sticky lg:top-20 lg:self-start">
      <ul className="-mx-2.5 flex gap-1 lg:flex-col">
        {PAGES.map((page) => (
          <li key={page.name}>
            <Link
              href={page.href}
              aria-current={page === here ? "page" : undefined}
              className={cn(
                "flex h-8 items-center rounded-md px-2.5 text-ink-2 transition-colors hover:bg-sunken hover:text-ink pointer-coarse:h-11",
                page === here && "bg-sunken font-medium text-ink",
              )}
            >
              {t(page.name)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
