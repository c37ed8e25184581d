"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";

export type Place = "desk" | "floor" | "settings";

export function Nav({ places }: { places: readonly Place[] }) {
  const t = useTranslations("common.place");
  const path = usePathname();
  // Whoever has one place only is always there.
  if (places.length < 2) return null;
  return (
    <nav aria-label={t("label")} className="flex items-center gap-0.5">
      {places.map((place) => {
        const here = path === `/${place}` || path.startsWith(`/${place}/`);
        return (
          <Link
            key={place}
            href={`/${place}`}
            aria-current={here ? "page" : undefined}
            className={cn(
              "flex h-8 items-center rounded-md px-2.5 text-ink-2 text-sm transition-colors hover:bg-sunken hover:text-ink pointer-coarse:h-11",
              here && "bg-sunken font-medium text-ink",
            )}
          >
            {t(place)}
          </Link>
        );
      })}
    </nav>
  );
}
