"use client";

import { type ReactNode, useEffect, useRef } from "react";
import type { DifferenceFilter } from "@/lib/simulations/types";

interface ListHeadingProps {
  id: string;
  filter: DifferenceFilter;
  children: ReactNode;
}

/** Takes the focus when the list is narrowed from elsewhere on the page, so that a screen reader reads on from there. */
export function ListHeading({ id, filter: { from, to }, children }: ListHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(`${from} ${to}`);
  useEffect(() => {
    const now = `${from} ${to}`;
    if (shown.current === now) return;
    shown.current = now;
    heading.current?.focus({ preventScroll: true });
  }, [from, to]);
  return (
    <h2 ref={heading} id={id} tabIndex={-1} className="font-semibold text-base">
      {children}
    </h2>
  );
}
