"use client";

import { useRef, useState } from "react";
import { newKey } from "@/components/shell/intent-key";
import type { Answer, Refused } from "@/components/shell/rest";
import type { ReversedDecision } from "@/lib/reversals/types";
import { takeBack, type Wish } from "./requests";

export interface Asking {
  /** `again`: no answer came yet, and it is asked for once more. */
  step: "sending" | "again" | null;
  refused: Refused | null;
}

export const IDLE: Asking = { step: null, refused: null };

/** Sends one thing at a time; what is asked for meanwhile is left. */
export function useAsking<T>() {
  const [asking, setAsking] = useState(IDLE);
  const running = useRef(false);

  async function ask(send: (onAgain: () => void) => Promise<Answer<T>>): Promise<Answer<T> | null> {
    if (running.current) return null;
    running.current = true;
    setAsking({ step: "sending", refused: null });
    const answer = await send(() => setAsking({ step: "again", refused: null }));
    running.current = false;
    setAsking(answer.ok ? IDLE : { step: null, refused: answer });
    return answer;
  }

  return { asking, ask, clear: () => setAsking(IDLE) };
}

/** Takes a decision back. One wish is one key: the same however often it has to be sent, and another for another wish. */
export function useTakingBack(decisionId: string) {
  const { asking, ask, clear } = useAsking<ReversedDecision>();
  const intent = useRef<{ wish: string; key: string } | null>(null);
  const [wish, setWish] = useState<Wish | null>(null);

  async function send(next: Wish): Promise<Answer<ReversedDecision> | null> {
    const said = JSON.stringify(next);
    if (intent.current?.wish !== said) intent.current = { wish: said, key: newKey() };
    const { key } = intent.current;
    setWish(next);
    const answer = await ask((onAgain) => takeBack(decisionId, next, key, onAgain));
    const isMismatch = answer?.ok === false && codeOf(answer) === "idempotency_mismatch";
    if (isMismatch) intent.current = null;
    return answer;
  }

  return { ...asking, wish, send, clear };
}

/** The problem's code, where it was one. */
export function codeOf(refused: Refused | null): string | null {
  return refused?.reason === "problem" ? refused.problem.code : null;
}
