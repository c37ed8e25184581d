import type { ComponentProps } from "react";
import { cn } from "./cn";

/** A key to press. Unread by screen readers: the control itself carries `aria-keyshortcuts`. */
export function Kbd({ className, ...props }: ComponentProps<"kbd">) {
  return (
    <kbd
      aria-hidden
      className={cn(
        "inline-flex h-5 min-w-5 items-center justify-center rounded-inner border border-line bg-page px-1 font-sans text-ink-3 text-xs max-md:hidden pointer-coarse:hidden",
        className,
      )}
      {...props}
    />
  );
}
