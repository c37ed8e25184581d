import { VERDICTS, type Verdict } from "@/lib/discretion/schema";
import type { Flow, Tally } from "@/lib/simulations/types";

/** All that goes by one verdict on one side of the picture. Pixels. */
export interface FlowNode {
  verdict: Verdict;
  tally: Tally;
  y: number;
  height: number;
}

/** What goes from a verdict before to a verdict after. Pixels: `y` of its upper edge on either side. */
export interface FlowStream {
  from: Verdict;
  to: Verdict;
  tally: Tally;
  fromY: number;
  toY: number;
  thickness: number;
}

export interface FlowLayout {
  before: FlowNode[];
  after: FlowNode[];
  /** The ones that change nothing first, so that the others are drawn over them. */
  streams: FlowStream[];
  height: number;
}

/** Between two verdicts there is room for the words of both. */
const GAP = 40;
/** What all decisions together are high. */
const BODY = 320;
/** Half a line above the first verdict and below the last one, which may be as thin as a hair. */
const MARGIN = 18;
/** A single decision of thousands can still be seen, and hit. */
const LEAST = 2;

/** Lays two stacks of verdicts beside one another, as high as what goes by them, and the streams between. */
export function layoutFlow(flow: Flow): FlowLayout {
  const streams = VERDICTS.flatMap((from) =>
    VERDICTS.map((to) => ({ from, to, tally: flow[from][to] })),
  ).filter(({ tally }) => tally.count > 0);
  const total = streams.reduce((sum, { tally }) => sum + tally.count, 0);
  const sized = streams.map((stream) => ({
    ...stream,
    thickness: Math.max(LEAST, (stream.tally.count / total) * BODY),
  }));
  const before = stack(sized, "from");
  const after = stack(sized, "to");
  const fromY = places(before);
  const toY = places(after);
  const laid = sized.map((stream) => ({ ...stream, fromY: fromY(stream, "from"), toY: toY(stream, "to") }));
  return {
    before,
    after,
    streams: [...laid.filter(isSame), ...laid.filter((stream) => !isSame(stream))],
    height: Math.max(bottom(before), bottom(after)) + MARGIN,
  };
}

interface Sized {
  from: Verdict;
  to: Verdict;
  tally: Tally;
  thickness: number;
}

function isSame({ from, to }: Pick<Sized, "from" | "to">): boolean {
  return from === to;
}

function stack(streams: readonly Sized[], side: "from" | "to"): FlowNode[] {
  let y = MARGIN;
  return VERDICTS.map((verdict) => {
    const own = streams.filter((stream) => stream[side] === verdict);
    const height = own.reduce((sum, { thickness }) => sum + thickness, 0);
    const tally = {
      count: own.reduce((sum, stream) => sum + stream.tally.count, 0),
      amount: own.reduce((sum, stream) => sum + stream.tally.amount, 0),
    };
    const node = { verdict, tally, y, height };
    y += height + GAP;
    return node;
  });
}

/** Gives each stream the next place at its verdict, in the order in which it is asked. */
function places(nodes: readonly FlowNode[]) {
  const next = new Map(nodes.map(({ verdict, y }) => [verdict, y]));
  return (stream: Sized, side: "from" | "to"): number => {
    const y = next.get(stream[side]) ?? 0;
    next.set(stream[side], y + stream.thickness);
    return y;
  };
}

function bottom(nodes: readonly FlowNode[]): number {
  const last = nodes.at(-1);
  return last ? last.y + last.height : 0;
}

/** The outline of a stream, over a width of 100 and as high as the layout. */
export function streamPath({ fromY, toY, thickness }: FlowStream): string {
  const lower = { from: fromY + thickness, to: toY + thickness };
  return [
    `M 0 ${fromY}`,
    `C 50 ${fromY} 50 ${toY} 100 ${toY}`,
    `L 100 ${lower.to}`,
    `C 50 ${lower.to} 50 ${lower.from} 0 ${lower.from}`,
    "Z",
  ].join(" ");
}
