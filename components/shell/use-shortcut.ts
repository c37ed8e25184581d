"use client";

import { useEffect, useRef } from "react";
import { isTyping } from "./is-typing";

/** Does something when a key is pressed by itself, where nothing is being typed and no dialog asks for something else. */
export function useShortcut(key: string, run: (() => void) | null): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const active = run !== null;
  useEffect(() => {
    if (!active) return;
    function onKey(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== key || event.repeat || event.defaultPrevented || isTyping(event))
        return;
      if (document.querySelector("[role=dialog], [role=menu]")) return;
      event.preventDefault();
      latest.current?.();
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [key, active]);
}
