import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// The names that only this design has; without them a size would be taken for a colour and dropped.
const merge = extendTailwindMerge({
  extend: { theme: { text: ["figure"], radius: ["inner"], shadow: ["float"] } },
});

/** Joins class names; of two that fight, the later one wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
