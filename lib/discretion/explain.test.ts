import { describe, expect, test } from "vitest";
import type { AmountSpan } from "./applies";
import { largestOutside } from "./explain";

const END = Number.POSITIVE_INFINITY;

describe("the largest amount outside blocked spans", () => {
  test.each<[string, [from: number, to: number][], number | null]>([
    ["nothing blocked", [], null],
    ["a span that ends", [[5, 9]], null],
    ["a span without an end", [[5, END]], 4],
    ["everything", [[0, END]], 0],
    ["everything but 0", [[1, END]], 0],
    [
      "two spans that touch",
      [
        [5, END],
        [3, 4],
      ],
      2,
    ],
    [
      "two spans one apart",
      [
        [5, END],
        [2, 3],
      ],
      4,
    ],
    [
      "a single amount right below",
      [
        [5, END],
        [4, 4],
      ],
      3,
    ],
    [
      "a chain, out of order",
      [
        [2, 3],
        [8, END],
        [4, 5],
        [6, 7],
      ],
      1,
    ],
    [
      "spans within each other",
      [
        [5, END],
        [9, END],
        [6, 7],
      ],
      4,
    ],
    [
      "an empty span",
      [
        [5, END],
        [8, 3],
      ],
      4,
    ],
    [
      "an empty span around the answer",
      [
        [9, END],
        [12, 8],
      ],
      8,
    ],
    [
      "a span from below zero",
      [
        [5, END],
        [-END, 4],
      ],
      0,
    ],
  ])("with %s", (_name, spans, largest) => {
    const blocked: AmountSpan[] = spans.map(([from, to]) => ({ from, to }));
    expect(largestOutside(blocked)).toBe(largest);
    expect(largestOutside(blocked.toReversed())).toBe(largest);
  });
});
