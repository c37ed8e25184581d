import { afterEach, expect, it, vi } from "vitest";
import { CannotProceed } from "../operations/cannot-proceed";
import { printPieces } from "./output";

type Written = (error?: Error | null) => void;

let waiting: { text: string; written: Written }[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  waiting = [];
});

/** A reader that takes what was written when it is told to. */
function slowReader(): void {
  vi.spyOn(process.stdout, "write").mockImplementation((text, ...rest: unknown[]) => {
    waiting.push({ text: String(text), written: rest.at(-1) as Written });
    return false;
  });
}

const failure = (code: string) => Object.assign(new Error(code), { code });

/** Counts how many pieces were asked for. */
function manyPieces() {
  const made = { count: 0 };
  function* pieces() {
    for (; made.count < 100; made.count++) yield "x".repeat(30_000);
  }
  return { made, pieces: pieces() };
}

// Risk: a result of gigabytes piles up in memory because its reader is slow.
it("makes no more than its reader takes", async () => {
  slowReader();
  const { made, pieces } = manyPieces();
  const printed = printPieces(pieces);
  let length = 0;
  for (let turn = 1; waiting.length > 0 || made.count < 100; turn++) {
    expect(waiting).toHaveLength(1);
    expect(made.count).toBeLessThanOrEqual(3 * turn);
    const { text, written } = waiting.shift() as (typeof waiting)[number];
    length += text.length;
    written();
    await new Promise(setImmediate);
  }
  await printed;
  expect(length).toBe(100 * 30_000);
});

it("ends quietly when its reader goes away", async () => {
  slowReader();
  const { made, pieces } = manyPieces();
  const printed = printPieces(pieces);
  waiting[0]?.written(failure("EPIPE"));
  await printed;
  expect(waiting).toHaveLength(1);
  expect(made.count).toBeLessThan(5);
});

// Risk: half a result on a full disk is taken for a whole one.
it("fails when the result cannot be written", async () => {
  slowReader();
  const printed = printPieces(["x"]);
  await new Promise(setImmediate);
  waiting[0]?.written(failure("ENOSPC"));
  await expect(printed).rejects.toBeInstanceOf(CannotProceed);
});
