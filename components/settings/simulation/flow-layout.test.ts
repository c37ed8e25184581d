import { describe, expect, it } from "vitest";
import { VERDICTS, type Verdict } from "@/lib/discretion/schema";
import type { Flow } from "@/lib/simulations/types";
import { layoutFlow, streamPath } from "./flow-layout";

function flowOf(...streams: [from: Verdict, to: Verdict, count: number][]): Flow {
  const flow = Object.fromEntries(
    VERDICTS.map((from) => [from, Object.fromEntries(VERDICTS.map((to) => [to, { count: 0, amount: 0 }]))]),
  ) as Flow;
  for (const [from, to, count] of streams) flow[from][to] = { count, amount: count * 100 };
  return flow;
}

describe("the picture of verdicts before and after", () => {
  const layout = layoutFlow(
    flowOf(["allow", "allow", 800], ["allow", "handover", 100], ["bend", "bend", 60], ["deny", "allow", 40]),
  );

  // Risk: a picture that lies is worse than none.
  it("is as high as what goes by each verdict", () => {
    const heights = (nodes: typeof layout.before) =>
      nodes.map(({ height }) => Math.round(height * 100) / 100);
    expect(heights(layout.before)).toEqual([288, 19.2, 0, 12.8]);
    expect(heights(layout.after)).toEqual([268.8, 19.2, 32, 0]);
    expect(layout.before.map(({ tally }) => tally.count)).toEqual([900, 60, 0, 40]);
    expect(layout.after.map(({ tally }) => tally.amount)).toEqual([84_000, 6_000, 10_000, 0]);
  });

  it("lets the streams of a verdict stand side by side on both ends, none over another", () => {
    for (const [side, nodes] of [
      ["from", layout.before],
      ["to", layout.after],
    ] as const) {
      for (const { verdict, y, height } of nodes) {
        const own = layout.streams
          .filter((stream) => stream[side] === verdict)
          .map((stream) => ({ y: stream[`${side}Y`], thickness: stream.thickness }))
          .sort((a, b) => a.y - b.y);
        let next = y;
        for (const stream of own) {
          expect(stream.y).toBeCloseTo(next);
          next += stream.thickness;
        }
        expect(next).toBeCloseTo(y + height);
      }
    }
  });

  it("keeps room for the words of every verdict, also of one that nothing goes by", () => {
    for (const nodes of [layout.before, layout.after]) {
      const centers = nodes.map(({ y, height }) => y + height / 2);
      for (const [i, center] of centers.entries()) {
        if (i > 0) expect(center - (centers[i - 1] ?? 0)).toBeGreaterThanOrEqual(40);
        expect(center).toBeGreaterThanOrEqual(18);
        expect(center).toBeLessThanOrEqual(layout.height - 18);
      }
    }
  });

  it("shows one decision of a hundred thousand", () => {
    const thin = layoutFlow(flowOf(["allow", "allow", 99_999], ["allow", "deny", 1]));
    expect(thin.streams.at(-1)).toMatchObject({ from: "allow", to: "deny", thickness: 2 });
  });

  it("draws what changes over what stays", () => {
    expect(layout.streams.map(({ from, to }) => from === to)).toEqual([true, true, false, false]);
    expect(
      streamPath({
        from: "allow",
        to: "deny",
        tally: { count: 1, amount: 1 },
        fromY: 0,
        toY: 10,
        thickness: 4,
      }),
    ).toBe("M 0 0 C 50 0 50 10 100 10 L 100 14 C 50 14 50 4 0 4 Z");
  });
});
