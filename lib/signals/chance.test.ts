import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chanceOf } from "./chance";

/** The same, slowly: every outcome of every try by itself. */
function slowly(hits: number, tries: number, rate: number): number {
  let reached = [1];
  for (let i = 0; i < tries; i++) {
    const next = Array.from({ length: reached.length + 1 }, () => 0);
    for (const [before, chance] of reached.entries()) {
      next[before] = (next[before] ?? 0) + chance * (1 - rate);
      next[before + 1] = (next[before + 1] ?? 0) + chance * rate;
    }
    reached = next;
  }
  return reached.slice(Math.max(0, hits)).reduce((sum, chance) => sum + chance, 0);
}

// Risk: a base rate that is wrong makes a suspicion of what is ordinary.
describe("the chance of so many hits or more", () => {
  it("is the sum over every outcome", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (hits, tries, rate) => {
          const expected = slowly(hits, tries, rate);
          expect(chanceOf(hits, tries, rate)).toBeCloseTo(expected, 9);
          if (expected > 1e-12) expect(chanceOf(hits, tries, rate) / expected).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  it("is never lost where it is tiny, and never above one", () => {
    expect(chanceOf(11, 12, 1 / 8)).toBeCloseTo(12 * (1 / 8) ** 11 * (7 / 8) + (1 / 8) ** 12, 15);
    expect(chanceOf(100, 100, 0.01)).toBeGreaterThan(0);
    expect(chanceOf(1, 1_000_000, 0.5)).toBe(1);
    expect(chanceOf(500_000, 1_000_000, 0.5)).toBeLessThanOrEqual(1);
  });

  it("is one for nothing, and none for what can't be", () => {
    expect(chanceOf(0, 10, 0.1)).toBe(1);
    expect(chanceOf(11, 10, 0.9)).toBe(0);
    expect(chanceOf(1, 10, 0)).toBe(0);
    expect(chanceOf(10, 10, 1)).toBe(1);
  });
});
