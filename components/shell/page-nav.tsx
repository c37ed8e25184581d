"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
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

/** The pages of a place: in one line, which is moved sideways where it is longer than the screen is wide. */
export function PageNav({ label, pages, isAt = isBelow, className, listClassName }: PageNavProps) {
  const path = usePathname();
  // The longest that the address begins with: a place's first page begins all of them.
  const here = pages.findLast(({ href }) => isAt(href, path));
  const list = useRef<HTMLUListElement>(null);
  const open = useRef<HTMLLIElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another address opens another page of the list
  useEffect(() => {
    if (!list.current || !open.current) return;
    const { offsetLeft, offsetWidth } = open.current;
    list.current.scrollLeft = offsetLeft + offsetWidth / 2 - list.current.clientWidth / 2;
  }, [path]);
  return (
    // Where it is an item of a grid, it would be as wide as all of its pages.
    <nav aria-label={label} className={cn("min-w-0", className)}>
      <ul
        ref={list}
        className={cn(
          // What leaves the screen is cut by its edge and not by a margin, so that one sees that it goes on.
          "-mx-4 relative flex gap-1 overflow-x-auto px-1.5 py-1 [scrollbar-width:none] sm:-mx-6 sm:px-3.5 lg:-mx-2.5 lg:px-0",
          listClassName,
        )}
      >
        {pages.map((page) => (
          <li key={page.name} ref={page === here ? open : undefined} className="shrink-0">
            <Link
              href={page.href}
              aria-current={page === here ? "page" : undefined}
              className={cn(
                "flex h-8 items-center whitespace-nowrap rounded-md px-2.5 text-ink-2 transition-colors hover:bg-sunken hover:text-ink pointer-coarse:h-11",
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
