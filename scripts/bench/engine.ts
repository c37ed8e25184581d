import { evaluate } from "@/lib/discretion/evaluate";
import { VERDICTS } from "@/lib/discretion/schema";
import { createSimulation } from "@/lib/discretion/simulate";
import { HOUSE_POLICY, houseHistory } from "./history";
import { manyPartsPolicy, questionsFor } from "./many-parts";
import { measureRounds, perSecond, type Result } from "./rounds";

/** How many of them are prepared; each is asked several times in a round, but never twice in a row. */
const QUESTIONS = 2_000;

/** What the rules engine does on one core, without a database. */
export async function benchEngine({ quick }: { quick: boolean }): Promise<Result> {
  const evaluations = prepareEvaluations(quick ? 6_000 : 30_000);
  const replay = prepareReplay(quick ? 20_000 : 50_000);
  // The first run is the compiler's.
  evaluations();
  replay();
  return await measureRounds("The rules engine", () => ({
    evaluatePerSecond: evaluations(),
    simulateRequestsPerSecond: replay(),
  }));
}

/** Evaluations a second against 50 limits and 50 rules. */
function prepareEvaluations(times: number): () => number {
  const policy = manyPartsPolicy();
  const questions = questionsFor(policy, QUESTIONS);
  return () => {
    const seen = new Set<string>();
    const begunAt = performance.now();
    for (let turn = 0; turn < times; turn++) {
      const { request, facts, usage } = questions[turn % QUESTIONS] as (typeof questions)[number];
      seen.add(evaluate(policy, request, facts, usage).verdict);
    }
    const rate = perSecond(times, begunAt);
    requireEveryVerdict(seen);
    return rate;
  };
}

/** Requests a second that a simulation replays under a house's policy. */
function prepareReplay(requests: number): () => number {
  const history = houseHistory(requests);
  return () => {
    const seen = new Set<string>();
    const begunAt = performance.now();
    const { decide } = createSimulation(HOUSE_POLICY);
    for (const row of history) seen.add(decide(row).verdict);
    const rate = perSecond(requests, begunAt);
    requireEveryVerdict(seen);
    return rate;
  };
}

/** Where everything were allowed, or everything denied, the engine would be spared the half of its work. */
function requireEveryVerdict(seen: ReadonlySet<string>): void {
  const missing = VERDICTS.filter((verdict) => !seen.has(verdict));
  if (missing.length > 0) throw new Error(`Nothing came out as ${missing.join(", ")}: no realistic mix.`);
}
