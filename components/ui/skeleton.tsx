import { cn } from "./cn";

/** Holds the place of what is coming. `label` is what a screen reader hears meanwhile. */
export function Skeleton({ label, className }: { label: string; className?: string }) {
  return (
    <div role="status" className={cn("skeleton rounded-md", className)}>
      <span className="sr-only">{label}</span>
    </div>
  );
}
