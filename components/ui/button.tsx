import { cva, type VariantProps } from "class-variance-authority";
import Link from "next/link";
import type { ComponentProps } from "react";
import { cn } from "./cn";

export const look = cva(
  [
    "inline-flex shrink-0 select-none items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap",
    "transition-colors disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  ],
  {
    variants: {
      variant: {
        /** The one next action of a page. */
        primary: "bg-accent text-accent-ink hover:not-disabled:bg-accent-hover",
        secondary: "border border-line-strong bg-surface text-ink hover:not-disabled:bg-sunken",
        quiet: "text-ink-2 hover:not-disabled:bg-sunken hover:not-disabled:text-ink",
        danger: "border border-deny bg-surface text-deny hover:not-disabled:bg-deny-soft",
      },
      size: {
        sm: "h-8 px-3 text-sm pointer-coarse:h-11",
        md: "h-10 px-4 text-sm pointer-coarse:h-11",
        lg: "h-12 px-5 text-base",
        icon: "size-8 pointer-coarse:size-11",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

type Look = VariantProps<typeof look>;

/** `busy` keeps the button focusable and says so to a screen reader; give it words that tell what is going on. */
export function Button({
  className,
  variant,
  size,
  busy = false,
  type = "button",
  onClick,
  ...props
}: ComponentProps<"button"> & Look & { busy?: boolean }) {
  return (
    <button
      type={type}
      className={cn(look({ variant, size }), className)}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        // A disabled button would lose the focus; a busy one only doesn't act.
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
      {...props}
    />
  );
}

/** A link that looks like a button: for going somewhere, never for doing something. */
export function ButtonLink({ className, variant, size, ...props }: ComponentProps<typeof Link> & Look) {
  return <Link className={cn(look({ variant, size }), className)} {...props} />;
}
