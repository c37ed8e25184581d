import { expect, it } from "vitest";
import { GIVE_UP_MS, nextTry } from "@/lib/execution/webhook/schedule";

const FIRST = new Date("2026-03-01T00:00:00Z");

function tries(): number[] {
  const seen = [FIRST.getTime()];
  for (let attempt = 1; ; attempt += 1) {
    const next = nextTry(attempt, FIRST, new Date(seen.at(-1) ?? 0));
    if (next === null) return seen.map((at) => (at - FIRST.getTime()) / 1000);
    seen.push(next.getTime());
  }
}

it("what nobody takes is sent again sooner at first, then every four hours, for three days and not longer", () => {
  const at = tries();
  expect(at.slice(0, 5)).toEqual([0, 5, 20, 65, 200]);
  const waits = at.slice(1).map((each, index) => each - (at[index] ?? 0));
  expect(Math.max(...waits)).toBe(4 * 60 * 60);
  expect(at.at(-1)).toBe(GIVE_UP_MS / 1000);
  expect(at.length).toBeLessThan(40);
});

it("a worker that was away doesn't make up for what it missed", () => {
  const late = new Date(FIRST.getTime() + 60 * 60 * 1000);
  expect(nextTry(1, FIRST, late)).toEqual(new Date(late.getTime() + 5000));
  expect(nextTry(3, FIRST, new Date(FIRST.getTime() + GIVE_UP_MS))).toBeNull();
});
