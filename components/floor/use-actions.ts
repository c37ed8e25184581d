"use client";

import { useRef, useState } from "react";
import type { ActionSlice } from "@/lib/floor/types";
import type { ActionRow } from "@/lib/insights/types";

interface Loaded {
  /** The part that the page was made with. */
  first: ActionSlice;
  rows: readonly ActionRow[];
  next: string | null;
  lookedBackTo: string | null;
}

/** What was loaded last, so that whoever comes back from a decision finds the list as they left it. */
let left: { query: string; loaded: Loaded } | null = null;

function begin(first: ActionSlice, query: string): Loaded {
  const isSame = left?.query === query && left.loaded.first.rows[0]?.id === first.rows[0]?.id;
  if (left && isSame) return { ...left.loaded, first };
  return { first, rows: first.rows, next: first.next, lookedBackTo: first.lookedBackTo };
}

/**
 * The rows of the list so far, and how it goes on. `query` is the address's without a place in it. A part that could not
 * be loaded is asked for again only when somebody says so.
 */
export function useActions(first: ActionSlice, query: string) {
  const [loaded, setLoaded] = useState(() => begin(first, query));
  const [step, setStep] = useState<"loading" | "failed" | null>(null);
  const asked = useRef<string | null>(null);
  if (loaded.first !== first) setLoaded(begin(first, query));

  async function loadMore() {
    const { next } = loaded;
    if (next === null || asked.current === next) return;
    asked.current = next;
    setStep("loading");
    const slice = await readSlice(query, next);
    asked.current = null;
    if (slice === null) return setStep("failed");
    setStep(null);
    setLoaded((before) => {
      // Meanwhile the list may have begun anew.
      if (before.first !== first || before.next !== next) return before;
      const after = {
        first,
        rows: [...before.rows, ...slice.rows],
        next: slice.next,
        lookedBackTo: slice.lookedBackTo,
      };
      left = { query, loaded: after };
      return after;
    });
  }

  return {
    rows: loaded.rows,
    isWhole: loaded.next === null,
    lookedBackTo: loaded.lookedBackTo,
    step,
    loadMore,
  };
}

async function readSlice(query: string, cursor: string): Promise<ActionSlice | null> {
  const search = new URLSearchParams(query);
  search.set("cursor", cursor);
  try {
    const answer = await fetch(`/floor/actions?${search}`, {
      cache: "no-store",
      headers: { Accept: "application/json" },
    });
    return answer.ok ? ((await answer.json()) as ActionSlice) : null;
  } catch {
    // The network is away; whoever reads on asks again.
    return null;
  }
}
