"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { FILTERS, type FilterName } from "@/lib/insights/schema";

// As text: the server reads the address and says what it can't read, so nothing may be dropped here.
const PARSERS = Object.fromEntries([...FILTERS, "cursor", "newer"].map((name) => [name, parseAsString]));

export type FilterChange = Partial<Record<FilterName, string | null>>;

/** Writes filters into the address; the page is made anew on the server, from its first line. */
export function useFilters() {
  const [pending, startTransition] = useTransition();
  const [, setQuery] = useQueryStates(PARSERS, {
    history: "push",
    shallow: false,
    scroll: false,
    startTransition,
  });
  return {
    pending,
    names: FILTERS,
    set(change: FilterChange) {
      void setQuery({ ...change, cursor: null, newer: null });
    },
  };
}
