"use client";

import { useEffect, useState } from "react";

/**
 * Whole seconds until a moment of the server's, counted down; 0 once it has passed, or where there is none.
 *
 * @param now the server's clock when the page was made, ISO 8601: the browser's own may be wrong.
 */
export function useSecondsLeft(until: string | null, now: string): number {
  const span = until === null ? 0 : Math.max(0, Date.parse(until) - Date.parse(now));
  const [left, setLeft] = useState(() => seconds(span));
  useEffect(() => {
    setLeft(seconds(span));
    if (span === 0) return;
    const began = Date.now();
    const timer = setInterval(() => {
      const rest = span - (Date.now() - began);
      setLeft(seconds(rest));
      if (rest <= 0) clearInterval(timer);
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [span]);
  return left;
}

const TICK_MS = 250;

function seconds(milliseconds: number): number {
  return Math.max(0, Math.ceil(milliseconds / 1000));
}
