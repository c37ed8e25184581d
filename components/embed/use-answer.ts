"use client";

import { useEffect, useRef, useState } from "react";
import type { HandoverView } from "@/lib/handovers/types";
import { readHandover } from "./requests";

/** How often it is asked for: a stream can't be opened by a token. */
const ASK_MS = 4_000;

/**
 * How what was handed over stands, soon after that changed; null until it was asked for, or where there is no `decisionId`.
 * `onChange` hears of each change. Nobody is asked while nobody looks.
 */
export function useAnswer(decisionId: string | null, onChange: () => void): HandoverView | null {
  const [handover, setHandover] = useState<HandoverView | null>(null);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  const isOver = handover !== null && handover.status !== "waiting";
  useEffect(() => {
    if (decisionId === null || isOver) return;
    let asking = false;
    async function look() {
      if (asking || document.visibilityState !== "visible" || decisionId === null) return;
      asking = true;
      const answer = await readHandover(decisionId);
      asking = false;
      if (!answer.ok || answer.value === null) return;
      const now = answer.value;
      setHandover((before) => (JSON.stringify(before) === JSON.stringify(now) ? before : now));
      if (now.status !== "waiting") latest.current();
    }
    void look();
    const timer = setInterval(look, ASK_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [decisionId, isOver]);
  return handover;
}
