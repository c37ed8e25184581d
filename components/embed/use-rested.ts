"use client";

import { useEffect, useState } from "react";

const REST_MS = 600;

/**
 * Whether this window has been in front for a moment. Whoever presses twice somewhere else, and is shown this window in
 * between, has not agreed to anything in it.
 */
export function useRested(): boolean {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const begin = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setRested(true), REST_MS);
    };
    const leave = () => {
      clearTimeout(timer);
      setRested(false);
    };
    begin();
    window.addEventListener("focus", begin);
    window.addEventListener("blur", leave);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focus", begin);
      window.removeEventListener("blur", leave);
    };
  }, []);
  return rested;
}
