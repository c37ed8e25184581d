import { setTimeout as sleep } from "node:timers/promises";
import { findSimulation } from "@/lib/simulations/data";
import type { SimulationView } from "@/lib/simulations/types";

const FIRST_LOOK_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** Whether a replay is over, whatever came of it. */
export function isOver({ status }: Pick<SimulationView, "status">): boolean {
  return status !== "queued" && status !== "running";
}

/** A replay once it is over; as it is where it takes longer, or where whoever waited is gone. Null where there is none. */
export async function waitForSimulation(options: {
  organizationId: string;
  id: string;
  patienceMs: number;
  signal: AbortSignal;
}): Promise<SimulationView | null> {
  const { organizationId, id, signal } = options;
  let left = options.patienceMs;
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const found = await findSimulation(organizationId, id);
    if (!found || isOver(found) || left <= 0 || signal.aborted) return found;
    await sleep(Math.min(pause, left));
    left -= pause;
  }
}
