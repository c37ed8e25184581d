import type { ComponentProps } from "react";
import { cn } from "./cn";

/** Dense rows of 36 pixels. Wider than a phone: show cards there. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return <table className={cn("w-full border-collapse text-left text-sm", className)} {...props} />;
}

export function TableHead({ className, ...props }: ComponentProps<"thead">) {
  return <thead className={cn("sticky top-0 z-10 bg-page text-ink-3 text-xs", className)} {...props} />;
}

export function TableBody({ className, ...props }: ComponentProps<"tbody">) {
  return <tbody className={cn("divide-y divide-line", className)} {...props} />;
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("h-9 transition-colors", className)} {...props} />;
}

/** `end` for money and counts, so that they stand under one another. */
export function TableHeader({
  className,
  align = "start",
  ...props
}: Omit<ComponentProps<"th">, "align"> & { align?: "start" | "end" }) {
  return (
    <th
      scope="col"
      className={cn(
        "h-9 whitespace-nowrap border-line border-b px-2 font-medium first:pl-0 last:pr-0",
        align === "end" && "text-right",
        className,
      )}
      {...props}
    />
  );
}

export function TableCell({
  className,
  align = "start",
  ...props
}: Omit<ComponentProps<"td">, "align"> & { align?: "start" | "end" }) {
  return (
    <td
      className={cn(
        "max-w-64 truncate px-2 py-1 first:pl-0 last:pr-0",
        align === "end" && "figures text-right",
        className,
      )}
      {...props}
    />
  );
}
