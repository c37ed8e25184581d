import { type Policy, VERDICTS, type Verdict } from "@/lib/discretion/schema";
import { createSimulation, type Simulation, type SimulationRow } from "@/lib/discretion/simulate";
import type { Hold } from "@/lib/discretion/types";
import { type Agenda, createAgenda } from "@/lib/simulations/agenda";
import { createGroups } from "@/lib/simulations/groups";
import { addTo, noTally } from "@/lib/simulations/tallies";
import type { ByVerdict, Flow, SimulationResult, Voices } from "@/lib/simulations/types";

/** When a decision ceased to count. Epoch milliseconds. */
export interface Ending {
  at: number;
  /**
   * What came to nothing: the handover alone, declined or run out, so that a draft that had not asked anybody is not
   * concerned; or what was given, reversed or never carried out, whoever had decided it.
   */
  of: "handover" | "gift";
}

/** A decision of the past, as it is replayed. */
export interface RecordedDecision {
  row: SimulationRow;
  verdict: Verdict;
  ending: Ending | null;
}

/** A decision of the time before the span that counted at its beginning. */
export interface StandingDecision {
  row: SimulationRow;
  as: "posted" | "reserved";
  /** When it ceased to count, epoch milliseconds; null where it still does. */
  endedAt: number | null;
}

/** What was about to be asked for and was not sent. */
export interface UnsentAsk {
  row: SimulationRow;
  verdict: Verdict;
  /** Something lower was sent instead, which is among the decisions. */
  isLowered: boolean;
}

export interface ReplayedDecision {
  recorded: Verdict;
  current: Verdict;
  draft: Verdict;
  /** The check of the draft that its verdict hangs on. */
  binding: string | null;
}

/** Replays history, which must come in order of time, under a draft and under the version in force at once. */
export interface Replay {
  /** Counts what happened before the span and counted at its beginning. */
  remember(decision: StandingDecision): void;
  decide(decision: RecordedDecision): ReplayedDecision;
  ask(ask: UnsentAsk): void;
  /** What came of it so far; teams are named by their keys. */
  result(): Omit<SimulationResult, "differing" | "remembered"> & {
    differing: Omit<SimulationResult["differing"], "kept">;
  };
}

/**
 * Starts a replay. Budgets cascade in each of the two on their own: what one of them would have denied leaves room for
 * what came later.
 *
 * What is known of how things ended is taken over: a handover that was declined or ran out gave its amount back then,
 * and so did what was reversed. A handover that only the replay asks for is taken to have been approved.
 */
export function createReplay(draft: Policy, current: Policy): Replay {
  const simulations = { current: createSimulation(current), draft: createSimulation(draft) };
  const agenda = createAgenda();
  const decisions = noTally();
  const verdicts = voices(byVerdict);
  const flow = { recorded: noFlow(), current: noFlow() };
  const teams = createGroups();
  const causes = createGroups();
  const differing = { recorded: 0, current: 0 };
  const unsent = { abandoned: voices(byVerdict), lowered: voices(byVerdict) };

  return {
    remember({ row, as, endedAt }) {
      agenda.reach(row.at);
      for (const simulation of Object.values(simulations)) {
        const holds = simulation.remember(row, as);
        if (endedAt !== null) giveBackAt(agenda, endedAt, simulation, holds, as);
      }
    },

    decide({ row, verdict: recorded, ending }) {
      agenda.reach(row.at);
      const before = step(simulations.current, row, ending, agenda);
      const after = step(simulations.draft, row, ending, agenda);
      const said = { recorded, current: before.verdict, draft: after.verdict };
      const { amount } = after;
      addTo(decisions, amount);
      tell(verdicts, said, amount);
      addTo(flow.recorded[recorded][after.verdict], amount);
      addTo(flow.current[before.verdict][after.verdict], amount);
      teams.add(row.team ?? null, said, amount);
      causes.add(row.cause ?? null, said, amount);
      if (recorded !== after.verdict) differing.recorded += 1;
      if (before.verdict !== after.verdict) differing.current += 1;
      return { ...said, binding: after.binding };
    },

    ask({ row, verdict: recorded, isLowered }) {
      agenda.reach(row.at);
      // What was sent in its place counts for those to come; counting both would spend the budget twice.
      const say = isLowered ? "peek" : "decide";
      const before = simulations.current[say](row);
      const after = simulations.draft[say](row);
      const said = { recorded, current: before.verdict, draft: after.verdict };
      tell(isLowered ? unsent.lowered : unsent.abandoned, said, after.counted ?? 0);
    },

    result: () => ({
      decisions,
      verdicts,
      flow,
      teams: teams.read(),
      causes: causes.read(),
      differing,
      unsent,
    }),
  };
}

/** Decides a row, and sees to it that what it holds is given back when it ended. */
function step(
  simulation: Simulation,
  row: SimulationRow,
  ending: Ending | null,
  agenda: Agenda,
): { verdict: Verdict; binding: string | null; amount: number } {
  const { verdict, counted, explanation, holds } = simulation.evaluateNext(row);
  const isConcerned = ending !== null && (ending.of === "gift" || verdict === "handover");
  if (isConcerned) {
    giveBackAt(agenda, ending.at, simulation, holds, verdict === "handover" ? "reserved" : "posted");
  }
  return { verdict, binding: explanation.binding, amount: counted ?? 0 };
}

function giveBackAt(
  agenda: Agenda,
  at: number,
  simulation: Simulation,
  holds: readonly Hold[],
  as: "posted" | "reserved",
): void {
  if (holds.length > 0) agenda.add(at, () => simulation.release(holds, as));
}

const VOICES = ["recorded", "current", "draft"] as const;

function byVerdict(): ByVerdict {
  return { allow: noTally(), bend: noTally(), handover: noTally(), deny: noTally() };
}

function noFlow(): Flow {
  return Object.fromEntries(VERDICTS.map((verdict) => [verdict, byVerdict()])) as Flow;
}

function voices<T>(make: () => T): Voices<T> {
  return { recorded: make(), current: make(), draft: make() };
}

function tell(tallies: Voices<ByVerdict>, said: Voices<Verdict>, amount: number): void {
  for (const voice of VOICES) addTo(tallies[voice][said[voice]], amount);
}
