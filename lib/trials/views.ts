import type { Trial } from "@/lib/trials/types";

/** A trial as REST shows it: ids, no names of people. */
export function toRestTrial({ team, startedBy, endedBy, ...trial }: Trial) {
  return {
    ...trial,
    team: team.id,
    teamKey: team.key,
    startedBy: startedBy.id,
    endedBy: endedBy?.id ?? null,
  };
}
