import { describe, expect, it } from "vitest";
import { GIVE_UP_MS, nextAttempt } from "@/lib/jobs/backoff";

const FIRST = new Date("2026-03-01T12:00:00Z");
const HOUR = 3_600_000;

/** When it is tried, in milliseconds after the first time, where nobody ever takes it. */
function tries(chance: number): number[] {
  const at = [0];
  for (;;) {
    const now = new Date(FIRST.getTime() + (at.at(-1) ?? 0));
    const next = nextAttempt(at.length, FIRST, now, chance);
    if (next === null) return at;
    at.push(next.getTime() - FIRST.getTime());
  }
}

describe("what nobody takes", () => {
  // Risk: a receiver that is away for a weekend misses what happened; or it is tried for ever.
  it.each([0, 0.5, 1])(
    "is tried again for three days, ever more rarely, a last time at their end (%d)",
    (chance) => {
      const at = tries(chance);
      expect(at.at(-1)).toBe(GIVE_UP_MS);
      const pauses = at.slice(1).map((each, index) => each - (at[index] ?? 0));
      expect(pauses.slice(0, 4)).toEqual(
        [5_000, 30_000, 120_000, 600_000].map((ms) => ms * (1 + chance / 10)),
      );
      const before = pauses.slice(0, -1);
      expect(before).toEqual([...before].sort((a, b) => a - b));
      expect(Math.max(...pauses)).toBe(Math.round(4 * HOUR * (1 + chance / 10)));
      expect(at.length).toBeGreaterThan(20);
      expect(at.length).toBeLessThan(40);
    },
  );

  it("is spread by up to a tenth, so that what failed together doesn't come together again", () => {
    const at = (chance: number) => (nextAttempt(5, FIRST, FIRST, chance)?.getTime() ?? 0) - FIRST.getTime();
    expect([at(0), at(1)]).toEqual([1_800_000, 1_980_000]);
  });

  it("is not made up for by a worker that was away", () => {
    const late = new Date(FIRST.getTime() + HOUR);
    expect(nextAttempt(1, FIRST, late, 0)).toEqual(new Date(late.getTime() + 5_000));
    expect(nextAttempt(3, FIRST, new Date(FIRST.getTime() + GIVE_UP_MS))).toBeNull();
    expect(nextAttempt(3, FIRST, new Date(FIRST.getTime() + 2 * GIVE_UP_MS))).toBeNull();
  });
});
