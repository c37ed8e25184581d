"use client";

import { use, useCallback, useEffect, useState } from "react";
import { type DecisionBody, previewDecision } from "@/components/desk/requests";
import { useDebounced } from "@/components/desk/use-debounced";
import type { Answer } from "@/components/shell/rest";
import type { PreviewView } from "@/lib/decisions/types";
import { PassCount } from "./use-pass";

const TYPING_MS = 150;

/** The server's verdict on what is being typed; `fresh` once it answers what is typed now. */
export function useVerdict(body: DecisionBody | null) {
  const said = body ? JSON.stringify(body) : "";
  const settled = useDebounced(said, TYPING_MS);
  const [heard, setHeard] = useState<{ said: string; answer: Answer<PreviewView> } | null>(null);
  const [turn, setTurn] = useState(0);
  const passes = use(PassCount);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` counts how often it was asked for again, `passes` by how many passes.
  useEffect(() => {
    if (settled === "") return setHeard(null);
    const aborter = new AbortController();
    previewDecision(JSON.parse(settled) as DecisionBody, aborter.signal).then(
      (answer) => setHeard({ said: settled, answer }),
      // Nothing but the abort is thrown, and then a newer question has taken over.
      () => undefined,
    );
    return () => aborter.abort();
  }, [settled, turn, passes]);

  const again = useCallback(() => setTurn((count) => count + 1), []);
  return {
    answer: said === "" ? null : (heard?.answer ?? null),
    fresh: said !== "" && heard?.said === said,
    again,
  };
}
