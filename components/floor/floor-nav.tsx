"use client";

import { useTranslations } from "next-intl";
import { isBelow, PageNav } from "@/components/shell/page-nav";

const PAGES = [
  { name: "actions", href: "/floor" },
  { name: "dashboards", href: "/floor/insights" },
  { name: "hotSpots", href: "/floor/hot-spots" },
  { name: "asking", href: "/floor/asking" },
  { name: "executions", href: "/floor/executions" },
  { name: "byHand", href: "/floor/by-hand" },
  { name: "causes", href: "/floor/causes" },
  { name: "reviews", href: "/floor/reviews" },
  { name: "consistency", href: "/floor/consistency" },
  { name: "signals", href: "/floor/signals" },
] as const;

/** The pages of the floor, in one line above them. */
export function FloorNav() {
  const t = useTranslations("floor.nav");
  return (
    <PageNav
      label={t("label")}
      pages={PAGES.map((page) => ({ ...page, label: t(page.name) }))}
      isAt={isAt}
      className="pt-3 print:hidden"
    />
  );
}

/** "/floor" begins every address here, also that of the queue, which is none of these; a decision is one of the actions. */
function isAt(href: string, path: string): boolean {
  if (href === "/floor") return path === href || path.startsWith("/floor/decisions/");
  return isBelow(href, path);
}
