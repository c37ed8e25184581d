"use client";

import { use, useCallback, useEffect, useRef, useState } from "react";
import { PassCount } from "@/components/shell/pass-count";
import type { Answer } from "@/components/shell/rest";
import type { PreviewView } from "@/lib/decisions/types";
import { type DecisionBody, previewTogether } from "./requests";
import { useDebounced } from "./use-debounced";

const TYPING_MS = 150;

interface Heard {
  key: string;
  answer: Answer<PreviewView[]>;
}

export interface LiveVerdict {
  /**
   * The latest answer, one verdict for each request; that to an earlier question until the newer one's is there, so that
   * nothing flickers.
   */
  answer: Answer<PreviewView[]> | null;
  /** Whether it answers what is typed now. */
  fresh: boolean;
  /** Asks at once, and answers with the verdicts on just these. */
  ask: (bodies: readonly DecisionBody[]) => Promise<Answer<PreviewView[]>>;
  /** Asks again what was asked last. */
  again: () => void;
}

/**
 * The server's verdict on what is being typed: on each remedy of the case, after the ones before it. There are no `bodies`
 * as long as there is nothing to decide on. It is asked for anew when another version of the policy comes into force.
 */
export function useLiveVerdict(bodies: readonly DecisionBody[], policyVersion?: number): LiveVerdict {
  const key = bodies.length > 0 ? JSON.stringify(bodies) : "";
  const settled = useDebounced(key, TYPING_MS);
  const [heard, setHeard] = useState<Heard | null>(null);
  const [turn, setTurn] = useState(0);
  const aborter = useRef<AbortController | null>(null);
  const passes = use(PassCount);

  const ask = useCallback(async (about: readonly DecisionBody[]) => {
    aborter.current?.abort();
    const answer = await previewTogether(about);
    setHeard({ key: JSON.stringify(about), answer });
    return answer;
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` counts how often it was asked for again, `passes` by how many passes, and another policy may say something else.
  useEffect(() => {
    if (settled === "") {
      setHeard(null);
      return;
    }
    const mine = new AbortController();
    aborter.current = mine;
    previewTogether(JSON.parse(settled) as DecisionBody[], mine.signal).then(
      (answer) => setHeard({ key: settled, answer }),
      // Nothing but the abort is thrown, and then a newer question has taken over.
      () => undefined,
    );
    return () => mine.abort();
  }, [settled, turn, policyVersion, passes]);

  const again = useCallback(() => setTurn((count) => count + 1), []);
  return {
    answer: key === "" ? null : (heard?.answer ?? null),
    fresh: key !== "" && heard?.key === key,
    ask,
    again,
  };
}
