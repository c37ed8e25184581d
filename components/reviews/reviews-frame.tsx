"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

const PARTS = [
  { name: "queue", href: "/floor/reviews" },
  { name: "precedents", href: "/floor/reviews/precedents" },
] as const;

/** The heading of everything about looking back, and its two parts. */
export function ReviewsFrame({
  title,
  text,
  children,
}: {
  title: string;
  text: string;
  children: ReactNode;
}) {
  const t = useTranslations("reviews.parts");
  const path = usePathname();
  return (
    <div className="flex flex-col gap-5 pt-5">
      <header className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{title}</h1>
        <p className="max-w-prose text-ink-2">{text}</p>
      </header>
      <nav aria-label={t("label")} className="border-line border-b">
        <ul className="flex gap-5">
          {PARTS.map(({ name, href }) => (
            <li key={name}>
              <Link
                href={href}
                aria-current={path === href ? "page" : undefined}
                className={cn(
                  "-mb-px flex h-9 items-center border-transparent border-b-2 text-ink-2 hover:text-ink pointer-coarse:h-11",
                  path === href && "border-accent-text font-medium text-ink",
                )}
              >
                {t(name)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </div>
  );
}
