"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";

interface PageNavProps {
  label: string;
  pages: readonly { name: string; href: string; label: string }[];
  /** Whether a page is the one at an address; the last of them that says so is shown as the one that is open. */
  isAt?: (href: string, path: string) => boolean;
  className?: string;
  listClassName?: string;
}

/** Whether an address is a page's own, or one below it. */
export function isBelow(href: string, path: string): boolean {
  return path === href || path.startsWith(`${href}/`);
}

/** The pages of a place. */
export function PageNav({ label, pages, isAt = isBelow, className, listClassName }: PageNavProps) {
  const path = usePathname();
  // The longest that the address begins with: a place's first page begins all of them.
  const here = pages.findLast(({ href }) => isAt(href, path));
  return (
    <nav aria-label={label} className={className}>
      <ul className={cn("-mx-2.5 flex flex-wrap gap-1", listClassName)}>
        {pages.map((page) => (
          <li key={page.name}>
            <Link
              href={page.href}
              aria-current={page === here ? "page" : undefined}
              className={cn(
                "flex h-8 items-center rounded-md px-2.5 text-ink-2 transition-colors hover:bg-sunken hover:text-ink pointer-coarse:h-11",
                page === here && "bg-sunken font-medium text-ink",
              )}
            >
              {page.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
