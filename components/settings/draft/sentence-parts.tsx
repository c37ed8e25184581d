"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { faultId, useFault } from "./fault";

/** A word of a sentence that can be changed: it reads as text and shows that it is a control. */
export const PART_LOOK = cn(
  "h-8 rounded-t-inner border-line-strong border-b bg-sunken px-1.5 align-baseline font-medium text-base text-ink pointer-coarse:h-11",
  "transition-colors hover:border-ink aria-invalid:border-deny aria-invalid:bg-deny-soft",
);

interface PlacedProps {
  /** The place in the draft under which its fault is kept; left out, where it is none of the draft's. */
  path?: string;
  /** It can't be read; what to do about it is said nearby. */
  invalid?: boolean;
}

export function PartInput({
  path = "",
  invalid = false,
  className,
  ...props
}: ComponentProps<"input"> & PlacedProps) {
  const fault = useFault(path);
  return (
    <input
      autoComplete="off"
      {...props}
      aria-invalid={fault || invalid ? true : undefined}
      aria-describedby={fault ? faultId(path) : undefined}
      className={cn(PART_LOOK, "figures field-sizing-content min-w-14 max-w-full text-right", className)}
    />
  );
}

export function PartSelect({
  path = "",
  className,
  children,
  ...props
}: ComponentProps<"select"> & Pick<PlacedProps, "path">) {
  const fault = useFault(path);
  return (
    <span className="relative inline-block max-w-full">
      <select
        {...props}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault ? faultId(path) : undefined}
        className={cn(PART_LOOK, "field-sizing-content max-w-full appearance-none pr-6", className)}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-1.5 size-3.5 -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}

/** Opens what a single list could not hold. */
export function PartButton({ className, children, ...props }: ComponentProps<"button">) {
  return (
    <button
      type="button"
      {...props}
      className={cn(PART_LOOK, "inline-flex max-w-full items-center gap-1 text-left", className)}
    >
      {children}
      <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
    </button>
  );
}
