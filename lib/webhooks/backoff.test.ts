import { describe, expect, it } from "vitest";
import { GIVE_UP_MS, nextAttempt } from "@/lib/webhooks/backoff";

const FIRST = new Date("2026-03-01T12:00:00Z");

describe("a message that doesn't get through", () => {
  // Risk: a receiver that is away for a weekend misses what happened; or it is tried for ever.
  it("is tried again and again for three days, ever more rarely, and then no more", () => {
    const gaps: number[] = [];
    let now = FIRST;
    for (let attempts = 1; ; attempts += 1) {
      const next = nextAttempt(attempts, FIRST, now, 0);
      if (next === null) break;
      gaps.push(next.getTime() - now.getTime());
      now = next;
    }
    expect(gaps.slice(0, 3)).toEqual([5_000, 30_000, 120_000]);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps.length).toBeGreaterThan(14);
    const took = now.getTime() - FIRST.getTime();
    expect(took).toBeLessThanOrEqual(GIVE_UP_MS);
    expect(took).toBeGreaterThan(GIVE_UP_MS - 8 * 3_600_000);
  });

  it("is spread by up to a tenth, so that what failed together doesn't come together again", () => {
    const at = (chance: number) => (nextAttempt(5, FIRST, FIRST, chance)?.getTime() ?? 0) - FIRST.getTime();
    expect([at(0), at(1)]).toEqual([1_800_000, 1_980_000]);
  });
});
