"use client";

import Link from "next/link";
import { createContext, use } from "react";

/** Whether this page stands in a frame of another site. */
export const InFrame = createContext(false);

interface DeskLinkProps {
  href: string;
  className?: string;
  children: React.ReactNode;
}

/** A link to a page of Leeway's own: none of these is shown in a frame, so from there it opens a window of its own. */
export function DeskLink({ href, className, children }: DeskLinkProps) {
  if (!use(InFrame)) {
    return (
      <Link href={href} className={className}>
        {children}
      </Link>
    );
  }
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className={className}>
      {children}
    </a>
  );
}
