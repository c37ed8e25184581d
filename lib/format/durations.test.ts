import { expect, it } from "vitest";
import { formatDuration } from "./durations";

// Risk: a customer's wait is said a unit too small.
it("a duration is said in the units that people say it in", () => {
  const said = [0, 42, 60, 100, 599, 600, 3_599, 3_600, 7_800, 86_399, 86_400, 100_000, 90_000_000];
  expect(said.map(formatDuration)).toEqual([
    "0 s",
    "42 s",
    "1 min",
    "1 min 40 s",
    "9 min 59 s",
    "10 min",
    "59 min",
    "1 h",
    "2 h 10 min",
    "23 h 59 min",
    "1 d",
    "1 d 3 h",
    "1,041 d 16 h",
  ]);
});
