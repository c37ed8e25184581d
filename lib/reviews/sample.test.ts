import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/ids";
import { drawOf, sampleReasons } from "./sample";
import type { ReviewRule } from "./schema";

const NOTHING: ReviewRule = { sharePercent: 0, bends: false, fromAmount: null, newDays: null };
const DECISION = {
  id: "019dfed3-ae0b-7395-b6a2-e64a00000063",
  verdict: "allow",
  countedAmount: 5000,
  daysSinceStart: 10,
} as const;

// Risk: whom a manager looks at is a matter of whom they like.
describe("the rule of what is looked back at", () => {
  it("chooses nothing where it says nothing", () => {
    expect(sampleReasons({ ...DECISION, verdict: "bend" }, NOTHING)).toEqual([]);
  });

  it("chooses every bend, where it says so", () => {
    expect(sampleReasons({ ...DECISION, verdict: "bend" }, { ...NOTHING, bends: true })).toEqual(["bend"]);
    expect(sampleReasons(DECISION, { ...NOTHING, bends: true })).toEqual([]);
  });

  it("chooses from its amount on, and no less", () => {
    expect(sampleReasons(DECISION, { ...NOTHING, fromAmount: 5000 })).toEqual(["amount"]);
    expect(sampleReasons(DECISION, { ...NOTHING, fromAmount: 5001 })).toEqual([]);
    expect(sampleReasons({ ...DECISION, countedAmount: null }, { ...NOTHING, fromAmount: 1 })).toEqual([]);
  });

  it("chooses the first days of somebody new, and none whose first day nobody knows", () => {
    expect(sampleReasons(DECISION, { ...NOTHING, newDays: 11 })).toEqual(["new"]);
    expect(sampleReasons(DECISION, { ...NOTHING, newDays: 10 })).toEqual([]);
    expect(sampleReasons({ ...DECISION, daysSinceStart: null }, { ...NOTHING, newDays: 366 })).toEqual([]);
  });

  it("draws a share by the id: the same whoever asks, none at 0 and all at 100", () => {
    expect(drawOf(DECISION.id)).toBe(0x63);
    expect(sampleReasons(DECISION, { ...NOTHING, sharePercent: 99 })).toEqual([]);
    expect(sampleReasons(DECISION, { ...NOTHING, sharePercent: 100 })).toEqual(["share"]);
  });

  it("draws about as many as it says, of anybody's", () => {
    const drawn = Array.from({ length: 20_000 }, () => newId()).filter((id) => drawOf(id) < 10).length;
    // Twelve standard deviations to either side.
    expect(drawn).toBeGreaterThan(1_490);
    expect(drawn).toBeLessThan(2_510);
  });
});
