import type { Against, Group } from "@/lib/simulations/types";

/** The groups by how many of their decisions need asking or don't any more; then by the money, then by their size. */
export function byMovement(groups: readonly Group[], against: Against): Group[] {
  const moved = ({ solved }: Group, what: "count" | "amount") =>
    Math.abs(solved.draft[what] - solved[against][what]);
  return [...groups].sort(
    (a, b) =>
      Number(a.others !== undefined) - Number(b.others !== undefined) ||
      moved(b, "count") - moved(a, "count") ||
      moved(b, "amount") - moved(a, "amount") ||
      b.total.count - a.total.count,
  );
}
