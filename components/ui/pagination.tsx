import { ArrowLeft, ArrowRight } from "lucide-react";
import { ButtonLink } from "./button";
import { cn } from "./cn";

interface PaginationProps {
  /** Names the landmark: "Pages of …". */
  label: string;
  /** Where the newer and the older ones are; null where there are none. */
  newer: { href: string; label: string } | null;
  older: { href: string; label: string } | null;
  className?: string;
}

/** By position in the list, not by number of page: it stays fast and stays right while new ones come in. */
export function Pagination({ label, newer, older, className }: PaginationProps) {
  if (!newer && !older) return null;
  return (
    <nav aria-label={label} className={cn("flex items-center justify-between gap-2 py-3", className)}>
      {newer ? (
        <ButtonLink href={newer.href} size="sm" rel="prev">
          <ArrowLeft aria-hidden />
          {newer.label}
        </ButtonLink>
      ) : (
        <span />
      )}
      {older ? (
        <ButtonLink href={older.href} size="sm" rel="next">
          {older.label}
          <ArrowRight aria-hidden />
        </ButtonLink>
      ) : null}
    </nav>
  );
}
