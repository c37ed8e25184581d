"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { SimulationLine, SimulationProgress } from "@/lib/simulations/types";

const PAUSE_MS = 800;

export interface Watched {
  progress: SimulationProgress;
  /** How long ago anything moved last; milliseconds. */
  stillMs: number;
  /** The last question was not answered. */
  unreachable: boolean;
}

/** Asks how far a replay is until it is over, and then reads the page anew. A page that nobody sees doesn't ask. */
export function useProgress(run: SimulationLine, now: string): Watched {
  const router = useRouter();
  const [watched, setWatched] = useState<Watched>(() => ({
    progress: { id: run.id, status: run.status, processed: run.processed, total: run.total },
    // One that waits has waited since it was asked for; of one that runs it is not known.
    stillMs: run.status === "queued" ? Math.max(0, Date.parse(now) - Date.parse(run.createdAt)) : 0,
    unreachable: false,
  }));

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const aborter = new AbortController();
    const again = () => {
      timer = setTimeout(ask, PAUSE_MS);
    };
    const ask = async () => {
      if (document.hidden) return again();
      const heard = await readProgress(run, aborter.signal);
      if (aborter.signal.aborted) return;
      if (heard === "gone" || (heard && heard.status !== "queued" && heard.status !== "running")) {
        return router.refresh();
      }
      setWatched((before) => {
        if (!heard) return { ...before, unreachable: true };
        const moved =
          heard.status !== before.progress.status || heard.processed !== before.progress.processed;
        return { progress: heard, stillMs: moved ? 0 : before.stillMs + PAUSE_MS, unreachable: false };
      });
      again();
    };
    again();
    return () => {
      aborter.abort();
      clearTimeout(timer);
    };
  }, [run, router]);

  return watched;
}

/** Null where no answer came; `gone` where there is nothing more to wait for here: the page itself says why. */
async function readProgress(
  { version, id }: SimulationLine,
  signal: AbortSignal,
): Promise<SimulationProgress | "gone" | null> {
  try {
    const response = await fetch(`/settings/policies/${version}/simulation/progress?run=${id}`, {
      signal,
      cache: "no-store",
      credentials: "same-origin",
    });
    if (response.ok) return (await response.json()) as SimulationProgress;
    return response.status < 500 ? "gone" : null;
  } catch {
    // The network, or the abort: either way there is no answer.
    return null;
  }
}
