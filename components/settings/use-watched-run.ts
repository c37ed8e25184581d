"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";

/** How long after an answer it is asked again. */
export const PAUSE_MS = 800;

/**
 * Asks at an address how far a run is until it is over, and then reads the page anew. A page that nobody sees doesn't ask.
 * `onHeard` gets each answer on the way; null where none came.
 */
export function useWatchedRun<T extends { status: string }>(
  address: string,
  onHeard: (heard: T | null) => void,
): void {
  const router = useRouter();
  const latest = useRef(onHeard);
  useEffect(() => {
    latest.current = onHeard;
  });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const aborter = new AbortController();
    const again = () => {
      timer = setTimeout(ask, PAUSE_MS);
    };
    const ask = async () => {
      if (document.hidden) return again();
      const heard = await read<T>(address, aborter.signal);
      if (aborter.signal.aborted) return;
      if (heard === "gone" || (heard && heard.status !== "queued" && heard.status !== "running")) {
        return router.refresh();
      }
      latest.current(heard);
      again();
    };
    again();
    return () => {
      aborter.abort();
      clearTimeout(timer);
    };
  }, [address, router]);
}

/** Null where no answer came; `gone` where there is nothing more to wait for here: the page itself says why. */
async function read<T>(address: string, signal: AbortSignal): Promise<T | "gone" | null> {
  try {
    const response = await fetch(address, { signal, cache: "no-store", credentials: "same-origin" });
    if (response.ok) return (await response.json()) as T;
    return response.status < 500 ? "gone" : null;
  } catch {
    // The network, or the abort: either way there is no answer.
    return null;
  }
}
