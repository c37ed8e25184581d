import type { Verdict } from "@/lib/discretion/schema";
import { addTo, isSolved, noTally, sumOf } from "@/lib/simulations/tallies";
import type { Group, Tally, Voices } from "@/lib/simulations/types";

/** How many groups are told apart while history is read; causes are free text, and there may be any number of them. */
export const GROUPS_TRACKED = 5_000;

/** How many are told of by name. */
export const GROUPS_LISTED = 60;

interface Sums {
  total: Tally;
  solved: Voices<Tally>;
}

/** Requests by team, or by cause. What is beyond the bounds is put together, so that the sums are always whole. */
export function createGroups() {
  const groups = new Map<string | null, Sums>();
  const beyond = noSums();
  return {
    add(key: string | null, said: Voices<Verdict>, amount: number): void {
      let sums = groups.get(key);
      if (sums === undefined) {
        sums = groups.size < GROUPS_TRACKED ? noSums() : beyond;
        if (sums !== beyond) groups.set(key, sums);
      }
      addTo(sums.total, amount);
      for (const voice of VOICES) if (isSolved(said[voice])) addTo(sums.solved[voice], amount);
    },
    /** The largest first. */
    read(): Group[] {
      const sorted = [...groups]
        .map(([key, sums]) => ({ key, name: null, ...sums }))
        .sort((a, b) => b.total.count - a.total.count);
      const listed: Group[] = sorted.slice(0, GROUPS_LISTED);
      const rest: Sums[] = sorted.slice(GROUPS_LISTED);
      if (beyond.total.count > 0) rest.push(beyond);
      if (rest.length > 0) listed.push({ key: null, name: null, others: rest.length, ...together(rest) });
      return listed;
    },
  };
}

const VOICES = ["recorded", "current", "draft"] as const;

function noSums(): Sums {
  return { total: noTally(), solved: { recorded: noTally(), current: noTally(), draft: noTally() } };
}

function together(groups: readonly Sums[]): Sums {
  const solved = (voice: keyof Voices<Tally>) => sumOf(...groups.map((group) => group.solved[voice]));
  return {
    total: sumOf(...groups.map(({ total }) => total)),
    solved: { recorded: solved("recorded"), current: solved("current"), draft: solved("draft") },
  };
}
