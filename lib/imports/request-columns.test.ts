import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REMEDIES, ROLES } from "@/lib/discretion/schema";
import { createRequestColumns, type FileRequest } from "./request-columns";

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const whole = fc.maxSafeNat();
/** Few instants, so that many are the same. */
const instant = fc.integer({ min: 0, max: 5 }).map((step) => Date.UTC(2026, 0, 1) + step);

const request: fc.Arbitrary<FileRequest> = fc.record({
  id: name,
  at: instant,
  employee: name,
  customer: name,
  remedy: fc.constantFrom(...REMEDIES),
  amount: whole,
  currency: maybe(fc.constantFrom("USD", "JPY")),
  role: maybe(fc.constantFrom(...ROLES)),
  team: maybe(name),
  tier: maybe(name),
  order: maybe(name),
  orderPaid: maybe(whole),
  orderAt: maybe(instant),
  case: maybe(name),
  cause: maybe(name),
  channel: maybe(name),
  tenureDays: maybe(whole),
});

function columnsOf(requests: readonly FileRequest[]) {
  const columns = createRequestColumns();
  for (const one of requests) columns.add(one);
  return columns;
}

const plain: FileRequest = {
  ...{
    id: "r",
    at: 0,
    employee: "e",
    customer: "c",
    remedy: "credit",
    amount: 1,
    currency: null,
    role: null,
  },
  ...{ team: null, tier: null, order: null, orderPaid: null, orderAt: null, case: null, cause: null },
  ...{ channel: null, tenureDays: null },
};

describe("requests kept by column", () => {
  // Risk: what is kept compactly is not what the file said.
  it("come out as they went in", () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 60 }), (requests) => {
        const columns = columnsOf(requests);
        expect(columns.count()).toBe(requests.length);
        for (const [place, one] of requests.entries()) {
          expect(columns.rowAt(place)).toEqual(one);
          expect(columns.idAt(place)).toBe(one.id);
        }
      }),
    );
  });

  it("come out in order of time, and those of the same time as they went in", () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 60 }), (requests) => {
        const expected = [...requests.entries()].sort(([, a], [, b]) => a.at - b.at).map(([place]) => place);
        expect([...columnsOf(requests).placesInReplayOrder()]).toEqual(expected);
      }),
    );
  });

  it("are told apart by microseconds, which the engine does not know", () => {
    const columns = columnsOf([
      { ...plain, at: 1_770_000_000_000.002 },
      { ...plain, at: 1_770_000_000_000.001 },
    ]);
    expect([...columns.placesInReplayOrder()]).toEqual([1, 0]);
    expect(columns.rowAt(1).at).toBe(1_770_000_000_000);
  });

  // Risk: a column grows, and loses what it held before.
  it("are all there when there are many of them", () => {
    const many = Array.from({ length: 5_000 }, (_, i) => ({
      ...plain,
      id: `r-${i}-${"ü€😀".repeat(i % 7)}`,
      at: i,
      amount: i,
      team: `team-${i % 300}`,
      order: i % 2 === 0 ? null : "o".repeat(i % 90) || "o",
    }));
    const columns = columnsOf(many);
    for (const place of [0, 1, 1_023, 1_024, 2_047, 2_048, 4_999]) {
      expect(columns.rowAt(place)).toEqual(many[place]);
    }
  });
});
