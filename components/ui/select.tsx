"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { CONTROL_LOOK, useFieldControl } from "./field";

/** The browser's own list: it opens as the phone's wheel on a phone and takes type-ahead everywhere. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={cn("relative block min-w-0", className)}>
      <select
        {...props}
        {...useFieldControl(props)}
        className={cn(CONTROL_LOOK, "h-10 appearance-none truncate pr-9 pointer-coarse:h-11")}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}
