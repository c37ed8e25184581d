import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./cn";

const look = cva(
  "inline-flex h-6 w-fit shrink-0 items-center gap-1 whitespace-nowrap rounded-inner px-1.5 font-medium text-xs [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        neutral: "bg-sunken text-ink-2",
        allow: "bg-allow-soft text-allow",
        bend: "bg-bend-soft text-bend",
        handover: "bg-handover-soft text-handover",
        deny: "bg-deny-soft text-deny",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

/** A word about a thing. Colour never says anything that the word doesn't. */
export function Badge({ tone, className, ...props }: ComponentProps<"span"> & VariantProps<typeof look>) {
  return <span className={cn(look({ tone }), className)} {...props} />;
}
