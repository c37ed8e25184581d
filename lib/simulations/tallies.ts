import type { Verdict } from "@/lib/discretion/schema";
import type { ByVerdict, Tally } from "@/lib/simulations/types";

export function noTally(): Tally {
  return { count: 0, amount: 0 };
}

/** Counts one more. Sums stay what a number carries exactly, and stop at the largest of those. */
export function addTo(tally: Tally, amount: number): void {
  tally.count += 1;
  tally.amount = Math.min(tally.amount + amount, Number.MAX_SAFE_INTEGER);
}

/** The sum of several tallies. */
export function sumOf(...tallies: readonly Tally[]): Tally {
  return {
    count: tallies.reduce((sum, { count }) => sum + count, 0),
    amount: Math.min(
      tallies.reduce((sum, { amount }) => sum + amount, 0),
      Number.MAX_SAFE_INTEGER,
    ),
  };
}

/** Whether a verdict puts things right without asking anybody. */
export function isSolved(verdict: Verdict): boolean {
  return verdict === "allow" || verdict === "bend";
}

/** What was solved without asking anybody. */
export function solvedOf(verdicts: ByVerdict): Tally {
  return sumOf(verdicts.allow, verdicts.bend);
}

/** All that was asked for. */
export function totalOf({ allow, bend, handover, deny }: ByVerdict): Tally {
  return sumOf(allow, bend, handover, deny);
}

/** The share solved without asking, 0 to 1; null where nothing was asked for. */
export function shareOf(part: Tally, whole: Tally): number | null {
  return whole.count === 0 ? null : part.count / whole.count;
}
