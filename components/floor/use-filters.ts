"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { useTransition } from "react";
import { EVERY_ACTION, TABLE_PARAMS } from "@/lib/floor/schema";
import { FILTERS, type FilterName, type Preset } from "@/lib/insights/schema";

// As text: the server reads the address and says what it can't read, so nothing may be dropped here.
const PARSERS = Object.fromEntries([...FILTERS, ...TABLE_PARAMS].map((name) => [name, parseAsString]));

export type FilterChange = Partial<Record<FilterName | "sort" | "columns", string | null>>;

/** The span that the largest amounts are looked for in, where none was chosen: of years at once it would take long. */
const SPAN_OF_THE_LARGEST: Preset = "30";

function withSpan(change: FilterChange, query: Record<string, string | null>): FilterChange {
  const hasSpan = query.days || query.from || query.to;
  return change.sort === "amount" && !hasSpan ? { days: SPAN_OF_THE_LARGEST, ...change } : change;
}

/**
 * Writes filters, order and columns into the address; the page is made anew on the server, from its first line. Whoever
 * begins with a view of their own (`beginsWithView`) says in the address when they want every action.
 */
export function useFilters({ beginsWithView }: { beginsWithView: boolean }) {
  const [pending, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(PARSERS, {
    history: "push",
    shallow: false,
    scroll: false,
    startTransition,
  });
  return {
    pending,
    names: FILTERS,
    set(asked: FilterChange) {
      const change = withSpan(asked, query);
      const next = { ...query, ...change, cursor: null };
      const isBare = Object.entries(next).every(([name, value]) => name === "view" || value === null);
      const view = isBare ? (beginsWithView ? EVERY_ACTION : null) : query.view;
      void setQuery({ ...change, cursor: null, view });
    },
  };
}
