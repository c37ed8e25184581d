import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

/** A checkbox with its words, which are part of what can be pressed. */
export function Checkbox({ label, className, ...props }: ComponentProps<"input"> & { label: ReactNode }) {
  return (
    <label className={cn("flex min-h-8 items-center gap-2 text-sm pointer-coarse:min-h-11", className)}>
      <input type="checkbox" className="size-4 shrink-0 accent-(--accent)" {...props} />
      <span>{label}</span>
    </label>
  );
}
