"use client";

import { useState } from "react";
import type { SimulationLine, SimulationProgress } from "@/lib/simulations/types";
import { PAUSE_MS, useWatchedRun } from "../use-watched-run";

export interface Watched {
  progress: SimulationProgress;
  /** How long ago anything moved last; milliseconds. */
  stillMs: number;
  /** The last question was not answered. */
  unreachable: boolean;
}

/** Asks how far a replay is until it is over, and then reads the page anew. A page that nobody sees doesn't ask. */
export function useProgress(run: SimulationLine, now: string): Watched {
  const [watched, setWatched] = useState<Watched>(() => ({
    progress: { id: run.id, status: run.status, processed: run.processed, total: run.total },
    // One that waits has waited since it was asked for; of one that runs it is not known.
    stillMs: run.status === "queued" ? Math.max(0, Date.parse(now) - Date.parse(run.createdAt)) : 0,
    unreachable: false,
  }));

  const address = `/settings/policies/${run.version}/simulation/progress?run=${run.id}`;
  useWatchedRun<SimulationProgress>(address, (heard) =>
    setWatched((before) => {
      if (!heard) return { ...before, unreachable: true };
      const moved = heard.status !== before.progress.status || heard.processed !== before.progress.processed;
      return { progress: heard, stillMs: moved ? 0 : before.stillMs + PAUSE_MS, unreachable: false };
    }),
  );
  return watched;
}
