import { expect, test } from "vitest";
import { createAgenda } from "./agenda";

// Risk: what ran out at noon still holds its amount at one o'clock, or gave it back at eleven.
test("does what is due up to a moment, that moment included, in order of time and once", () => {
  const done: string[] = [];
  const agenda = createAgenda();
  for (const [at, name] of [
    [30, "c"],
    [10, "a"],
    [20, "b"],
    [20, "b again"],
    [40, "d"],
  ] as const) {
    agenda.add(at, () => done.push(name));
  }
  agenda.reach(9);
  expect(done).toEqual([]);
  agenda.reach(20);
  expect(done).toEqual(["a", "b", "b again"]);
  agenda.add(5, () => done.push("late"));
  agenda.reach(20);
  expect(done.slice(3)).toEqual(["late"]);
  agenda.reach(100);
  agenda.reach(200);
  expect(done.slice(4)).toEqual(["c", "d"]);
});
