import { expect, test } from "vitest";
import { spanDays } from "./mutations";
import { SPAN_DAYS_MAX, spanFault, spanSchema } from "./schema";

const NOW = new Date("2026-03-05T03:30:00Z");

test("a span that says nothing is the ninety days up to the organization's today", () => {
  expect(spanDays({}, NOW, "America/New_York")).toEqual({ from: "2025-12-05", to: "2026-03-04" });
  expect(spanDays({}, NOW, "Asia/Kathmandu")).toEqual({ from: "2025-12-06", to: "2026-03-05" });
  expect(spanDays({ from: "2026-03-01" }, NOW, "UTC")).toEqual({ from: "2026-03-01", to: "2026-03-05" });
  expect(spanDays({ to: "2026-03-01" }, NOW, "UTC")).toEqual({ from: "2025-12-02", to: "2026-03-01" });
  expect(spanDays({ from: "2026-04-01" }, NOW, "UTC")).toEqual({ from: "2026-04-01", to: "2026-04-01" });
});

// Risk: one request of a hundred years keeps the worker busy for a day.
test("a span is as long as may be replayed at once, and not a day longer", () => {
  expect(SPAN_DAYS_MAX).toBe(1_100);
  expect(spanFault("2023-01-01", "2026-01-04")).toBeNull();
  expect(spanFault("2022-12-31", "2026-01-04")).toMatchObject({ path: "from" });
  expect(spanFault("2026-01-02", "2026-01-01")).toMatchObject({ path: "to" });
  expect(spanFault("2026-01-01", "2026-01-01")).toBeNull();
});

test("a span's days are days of the calendar", () => {
  expect(spanSchema.safeParse({ from: "2026-02-28", to: "2026-02-28" }).success).toBe(true);
  for (const from of ["2026-02-30", "2026-2-3", "yesterday", "", 20260203, "+010000-01-01"]) {
    expect(spanSchema.safeParse({ from }).success, String(from)).toBe(false);
  }
  expect(spanSchema.safeParse({ from: "2026-02-28", to: "2026-02-27" }).error?.issues[0]?.path).toEqual([
    "to",
  ]);
  expect(spanSchema.safeParse({ days: 7 }).success).toBe(false);
});
