"use client";

import { useEffect, useState } from "react";
import type { Similar } from "@/lib/precedents/types";
import { readSimilar } from "./requests";
import { useDebounced } from "./use-debounced";

const TYPING_MS = 300;

type Query = Parameters<typeof readSimilar>[0];

/**
 * What others did when the same went wrong, as soon as its cause is known. It helps and is needed for nothing, so where it
 * can't be had nothing is said.
 */
export function useSimilar(query: Query | null): Similar | null {
  const key = useDebounced(query ? JSON.stringify(query) : "", TYPING_MS);
  const [similar, setSimilar] = useState<Similar | null>(null);
  useEffect(() => {
    if (key === "") {
      setSimilar(null);
      return;
    }
    const aborter = new AbortController();
    readSimilar(JSON.parse(key) as Query, aborter.signal).then(
      (answer) => setSimilar(answer.ok ? answer.value : null),
      // Nothing but the abort is thrown, and then a newer question has taken over.
      () => undefined,
    );
    return () => aborter.abort();
  }, [key]);
  return similar;
}
