import { expect, test } from "vitest";
import type { Group } from "@/lib/simulations/types";
import { byMovement } from "./movement";

const group = (key: string, current: number, draft: number, parts: Partial<Group> = {}): Group => ({
  key,
  name: null,
  total: { count: 100, amount: 1000 },
  solved: {
    recorded: { count: 90, amount: 900 },
    current: { count: current, amount: current * 10 },
    draft: { count: draft, amount: draft * 10 },
  },
  ...parts,
});

test("what moves most stands first, whichever way it moves, and what was put together stands last", () => {
  const groups = [
    group("still", 90, 90),
    group("rest", 90, 10, { key: "rest", others: 4 }),
    group("down", 90, 70),
    group("up", 50, 95),
  ];
  expect(byMovement(groups, "current").map(({ key }) => key)).toEqual(["up", "down", "still", "rest"]);
  expect(byMovement(groups, "recorded").map(({ key }) => key)).toEqual(["down", "up", "still", "rest"]);
});
