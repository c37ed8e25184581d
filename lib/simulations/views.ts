import type { SimulationFault, SimulationView } from "@/lib/simulations/types";

/** Why a replay failed, in words for whoever asked for it. */
const FAULTS: Record<SimulationFault, string> = {
  nothing: "Nobody asked for anything in these days. Choose others.",
  broken: "The replay broke, and that was noted. Ask for it once more.",
};

/** A replay as REST shows it: without the name of who asked for it, and each number once. */
export function toRestSimulation({ askedBy, verdicts, ...simulation }: SimulationView) {
  const { fault } = simulation;
  return { ...simulation, detail: fault === null ? null : FAULTS[fault] };
}
