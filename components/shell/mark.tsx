import { cn } from "@/components/ui/cn";

/** Two limits, and the room between them. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={cn("size-6 shrink-0", className)}>
      <rect width="24" height="24" rx="6" className="fill-accent" />
      <path d="M6.5 6.5v11M17.5 6.5v11" className="stroke-accent-ink" strokeWidth="2" strokeLinecap="round" />
      <circle cx="11" cy="12" r="2.25" className="fill-accent-ink" />
    </svg>
  );
}
