import type { ReactNode } from "react";
import { cn } from "./cn";

interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  /** What to do next. */
  children?: ReactNode;
  className?: string;
}

/** Where nothing is yet: says so, and what would change it. */
export function EmptyState({ icon, title, children, className }: EmptyStateProps) {
  return (
    <div className={cn("flex flex-col items-start gap-2 py-6", className)}>
      {icon ? (
        <span aria-hidden className="text-ink-3 [&_svg]:size-5">
          {icon}
        </span>
      ) : null}
      <p className="font-medium text-ink">{title}</p>
      {children ? <div className="max-w-prose text-ink-2">{children}</div> : null}
    </div>
  );
}
