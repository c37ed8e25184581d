import type { Role } from "@/lib/discretion/schema";

/** Somebody who may be asked, as far as the order of asking goes. */
export interface Colleague {
  id: string;
  role: Role;
  teamId: string | null;
  managerId: string | null;
  onDuty: boolean;
  deputyId: string | null;
  /** How many handovers wait for them already. */
  waiting: number;
}

/** Of two who are as near, who has more discretion as a rule is asked first. */
const RANK: Record<Role, number> = { manager: 0, admin: 1, agent: 2, auditor: 3 };

/** The nearest first: the line manager, others of the team, the managers above, then anyone. */
function nearest(asker: Colleague, people: readonly Colleague[]): Colleague[] {
  const above = chainAbove(asker, people);
  const distance = ({ id, teamId }: Colleague) => {
    if (id === asker.managerId) return 0;
    if (asker.teamId !== null && teamId === asker.teamId) return 1;
    return above.has(id) ? 2 : 3;
  };
  return people.toSorted(
    (a, b) =>
      distance(a) - distance(b) ||
      RANK[a.role] - RANK[b.role] ||
      a.waiting - b.waiting ||
      (a.id < b.id ? -1 : 1),
  );
}

function chainAbove(asker: Colleague, people: readonly Colleague[]): Set<string> {
  const byId = new Map(people.map((one) => [one.id, one]));
  const above = new Set<string>();
  for (let id = asker.managerId; id !== null && !above.has(id); id = byId.get(id)?.managerId ?? null) {
    above.add(id);
  }
  return above;
}

/** Who stands in for somebody who is away: their deputy, or the deputy's, as long as those are away too. */
function standIn(away: Colleague, byId: ReadonlyMap<string, Colleague>): Colleague | null {
  const seen = new Set([away.id]);
  let one: Colleague | undefined = away;
  while (one && !one.onDuty) {
    const next: string | null = one.deputyId;
    if (next === null || seen.has(next)) return null;
    seen.add(next);
    one = byId.get(next);
  }
  return one ?? null;
}

/**
 * Who is asked one after the other: people on duty alone, the nearest first, and in the place of somebody who is away
 * their deputy. Never whoever asks, and never an auditor, who decides nothing.
 */
export function lineOf(askerId: string, people: readonly Colleague[]): string[] {
  const byId = new Map(people.map((one) => [one.id, one]));
  const asker = byId.get(askerId);
  if (!asker) return [];
  const line = new Set<string>();
  for (const one of nearest(asker, people)) {
    if (one.id === askerId || one.role === "auditor") continue;
    const there = one.onDuty ? one : standIn(one, byId);
    if (there && there.id !== askerId && there.role !== "auditor") line.add(there.id);
  }
  return [...line];
}

/** Those who would be asked if they were there. */
export function awayOf(askerId: string, people: readonly Colleague[]): string[] {
  return people
    .filter(({ id, onDuty, role }) => !onDuty && id !== askerId && role !== "auditor")
    .map(({ id }) => id);
}

/** Until when somebody is asked, before the next in line is: half of what is left; null where that is too short to matter. */
export function standInAt(now: Date, deadlineAt: Date): Date | null {
  const left = deadlineAt.getTime() - now.getTime();
  return left < SHORTEST_MS ? null : new Date(now.getTime() + Math.round(left / 2));
}

const SHORTEST_MS = 20_000;
