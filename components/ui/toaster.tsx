"use client";

import { useTheme } from "next-themes";
import { Toaster as Sonner } from "sonner";

/** Passing remarks such as "Copied". What matters about money stands on the page itself. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-center"
      duration={3000}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-fit mx-auto inset-x-0 items-center gap-2 rounded-md bg-ink px-3 py-2 text-page text-sm shadow-float [&_svg]:size-4",
        },
      }}
    />
  );
}
