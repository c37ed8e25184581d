import { expect, test } from "vitest";
import { spanFault } from "@/lib/simulations/schema";
import { countOf, faultOf, lastDays, presetOf } from "./spans";

test("so many days up to today have today among them", () => {
  expect(lastDays(7, "2026-03-03")).toEqual({ from: "2026-02-25", to: "2026-03-03" });
  expect(countOf(lastDays(90, "2026-03-03"))).toBe(90);
  expect(presetOf(lastDays(30, "2026-03-03"), "2026-03-03")).toBe(30);
  expect(presetOf(lastDays(30, "2026-03-02"), "2026-03-03")).toBeNull();
  expect(presetOf(lastDays(31, "2026-03-03"), "2026-03-03")).toBeNull();
});

// Risk: the form sends what the server refuses, or refuses what the server would take.
test("a span is refused by the form as it is by the server", () => {
  expect(faultOf({ from: "", to: "2026-03-03" })).toEqual({ field: "from", fault: "missing" });
  expect(faultOf({ from: "2026-03-03", to: "" })).toEqual({ field: "to", fault: "missing" });
  for (const [from, to] of [
    ["2026-03-04", "2026-03-03"],
    ["2026-03-03", "2026-03-03"],
    ["2023-01-01", "2026-01-04"],
    ["2022-12-31", "2026-01-04"],
  ] as const) {
    expect(faultOf({ from, to })?.field, `${from} to ${to}`).toBe(spanFault(from, to)?.path);
    expect(countOf({ from, to }) === null).toBe(spanFault(from, to) !== null);
  }
});
