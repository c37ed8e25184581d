import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { policyDifference } from "@/lib/discretion/difference";
import { type DraftDocument, MERGED_LISTS, mergePolicies, resolve, type Side } from "@/lib/discretion/merge";
import type { Limit, Policy } from "@/lib/discretion/schema";

/** Parts out of a small world, so that ids meet; some without an id, some of one id twice, some that are no parts. */
const part = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record(
      {
        id: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", ""),
        max: fc.constantFrom(1, 2, 3, Number.NaN),
        measure: fc.constantFrom("amount", "count"),
        why: fc.constantFrom("one", "two"),
        when: fc.constantFrom({ roles: ["agent"] }, { hasOrder: true }),
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(null, 3, "part", [1]) },
);
const list = fc.oneof(
  { weight: 9, arbitrary: fc.array(part, { maxLength: 7 }) },
  { weight: 1, arbitrary: fc.constant(7) },
);

const draft: fc.Arbitrary<DraftDocument> = fc.record(
  {
    mission: fc.constantFrom("one", "two", "", null),
    currency: fc.constantFrom("USD", "EUR"),
    timeZone: fc.constantFrom("UTC", "Europe/London"),
    values: list,
    limits: list,
    rules: list,
    examples: list,
    surprise: fc.anything({ maxDepth: 1, withNullPrototype: false }).filter((value) => value !== undefined),
  },
  { requiredKeys: ["limits"] },
) as fc.Arbitrary<DraftDocument>;

/** What somebody makes of a document: parts dropped, changed, added and shuffled. */
const edit = fc.record({
  drop: fc.nat({ max: 15 }),
  change: fc.nat({ max: 15 }),
  added: fc.array(part, { maxLength: 2 }),
  /** Where one part goes. */
  move: fc.tuple(fc.nat(), fc.nat()),
  fields: draft,
});

function edited(
  document: DraftDocument,
  { drop, change, added, move, fields }: typeof edit extends fc.Arbitrary<infer E> ? E : never,
): DraftDocument {
  const lists = MERGED_LISTS.map((name) => {
    const parts = document[name];
    if (!Array.isArray(parts)) return [name, fields[name]];
    const kept = parts
      .filter((_, index) => index % 16 !== drop)
      .map((one, index) =>
        index % 5 === change && typeof one === "object" && one ? { ...one, max: 99, say: "x" } : one,
      );
    const [moving] = kept.splice(move[0] % Math.max(1, kept.length), 1);
    kept.splice(move[1] % (kept.length + 1), 0, ...(moving === undefined ? [] : [moving]), ...added);
    return [name, kept];
  });
  const result = {
    ...document,
    ...(change % 2 === 0 ? { mission: fields.mission } : {}),
    ...Object.fromEntries(lists),
  };
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined));
}

/** A document and what two people have made of it, or of nothing at all. */
const versions = fc.oneof(
  fc
    .tuple(draft, edit, edit)
    .map(([base, mine, theirs]) => [base, edited(base, mine), edited(base, theirs)] as const),
  fc.tuple(draft, draft, draft),
);

const all = (side: Side, merge: ReturnType<typeof mergePolicies>) =>
  resolve(merge, Object.fromEntries(merge.conflicts.map(({ key }) => [key, side])));

describe("a merge", () => {
  test("of what one left alone is what the other made of it", () => {
    fc.assert(
      fc.property(versions, ([base, mine, theirs]) => {
        const asMine = mergePolicies(base, mine, base);
        expect(asMine.merged).toEqual(mine);
        expect([asMine.conflicts, asMine.theirs]).toEqual([[], []]);

        const asTheirs = mergePolicies(base, base, theirs);
        expect(asTheirs.merged).toEqual(theirs);
        expect(asTheirs.conflicts).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });

  test("of what both made alike is that", () => {
    fc.assert(
      fc.property(versions, ([base, both]) => {
        const { merged, conflicts, theirs } = mergePolicies(base, both, both);
        expect(merged).toEqual(both);
        expect([conflicts, theirs]).toEqual([[], []]);
      }),
      { numRuns: 800 },
    );
  });

  test("holds mine until conflicts are settled, and each choice has a key of its own", () => {
    fc.assert(
      fc.property(versions, ([base, mine, theirs]) => {
        const merge = mergePolicies(base, mine, theirs);
        expect(all("mine", merge)).toEqual(merge.merged);
        expect(resolve(merge, {})).toEqual(merge.merged);
        expect(new Set(merge.conflicts.map(({ key }) => key)).size).toBe(merge.conflicts.length);
      }),
      { numRuns: 800 },
    );
  });

  test("comes to the same parts from either side, when the same one's version holds", () => {
    fc.assert(
      fc.property(versions, ([base, mine, theirs]) => {
        const one = all("theirs", mergePolicies(base, mine, theirs));
        const other = all("mine", mergePolicies(base, theirs, mine));
        for (const name of MERGED_LISTS) expect(sorted(other[name])).toEqual(sorted(one[name]));
        expect({ ...other, values: 0, limits: 0, rules: 0, examples: 0 }).toEqual({
          ...one,
          values: 0,
          limits: 0,
          rules: 0,
          examples: 0,
        });
      }),
      { numRuns: 1_500 },
    );
  });

  // Risk: what one of two authors wrote is gone, and neither is told.
  test("loses no part silently", () => {
    fc.assert(
      fc.property(versions, ([base, mine, theirs]) => {
        const { merged, theirs: taken, conflicts } = mergePolicies(base, mine, theirs);
        for (const name of MERGED_LISTS) {
          const ids = (document: DraftDocument) => idsIn(document[name]);
          const told = (id: string) =>
            conflicts.some((conflict) => conflict.list === name && conflict.id === id) ||
            conflicts.some((conflict) => conflict.list === "document" && conflict.id === name) ||
            taken.some((each) => each.list === "document" && each.id === name);
          const gone = (from: DraftDocument) =>
            [...ids(from)].filter((id) => !ids(merged).has(id) && !told(id));
          for (const id of gone(mine)) {
            expect(taken).toContainEqual({ list: name, id, kind: "removed", fields: [] });
            expect(partsOf(base, name, id)).toEqual(expect.arrayContaining(partsOf(mine, name, id)));
          }
          for (const id of gone(theirs)) {
            expect(ids(mine)).not.toContain(id);
            expect(partsOf(base, name, id)).toEqual(expect.arrayContaining(partsOf(theirs, name, id)));
          }
          for (const id of ids(merged)) {
            expect([...ids(mine), ...ids(theirs)]).toContain(id);
          }
        }
      }),
      { numRuns: 1_500 },
    );
  });

  test("has in every field what one of them wrote there, and says which of theirs it took", () => {
    fc.assert(
      fc.property(versions, ([base, mine, theirs]) => {
        const { merged, theirs: taken, conflicts } = mergePolicies(base, mine, theirs);
        for (const name of MERGED_LISTS) {
          for (const id of ["a", "b", "c"]) {
            const [one] = partsOf(merged, name, id);
            const [fromMine] = partsOf(mine, name, id);
            const [fromTheirs] = partsOf(theirs, name, id);
            if (!one || !fromMine || !fromTheirs || partsOf(merged, name, id).length > 1) continue;
            for (const field of new Set([
              ...Object.keys(one),
              ...Object.keys(fromMine),
              ...Object.keys(fromTheirs),
            ])) {
              const isTaken = taken.some(
                (each) => each.id === id && each.list === name && each.fields.includes(field),
              );
              const isWhole = taken.some((each) => each.list === "document" && each.id === name);
              const source = isTaken || isWhole ? fromTheirs : fromMine;
              expect(one[field]).toEqual(source[field]);
            }
          }
        }
        expect(conflicts.every(({ fields, kind }) => kind === "whole" || fields.length > 0)).toBe(true);
      }),
      { numRuns: 1_500 },
    );
  });
});

function isPart(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function partsOf(document: DraftDocument, name: string, id: string): Record<string, unknown>[] {
  const parts = document[name];
  return (Array.isArray(parts) ? parts : []).filter((one) => isPart(one) && one.id === id);
}

function idsIn(parts: unknown): Set<string> {
  const named = (Array.isArray(parts) ? parts : []).filter((one) => isPart(one) && one.id);
  return new Set(named.map((one) => one.id as string));
}

/** Lists as bags: where additions of both stand depends on who merges. */
function sorted(parts: unknown): unknown {
  return Array.isArray(parts)
    ? parts.map((one) => JSON.stringify(one, (_, value) => sortedFields(value))).sort()
    : parts;
}

function sortedFields(value: unknown): unknown {
  return isPart(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}

describe("a difference", () => {
  const limit = fc.record({
    id: fc.constantFrom("a", "b", "c", "d", "e"),
    max: fc.integer({ min: 0, max: 3 }),
    over: fc.constantFrom("bend" as const, "deny" as const),
  });
  const policy = fc.uniqueArray(limit, { selector: ({ id }) => id, maxLength: 5 }).map(
    (limits): Policy => ({
      currency: "USD",
      timeZone: "UTC",
      values: [],
      limits: limits.map(
        (one): Limit => ({
          scope: ["customer"],
          window: "day",
          measure: "amount",
          why: "why",
          say: "say",
          ...one,
        }),
      ),
      rules: [],
    }),
  );

  test("is empty exactly for the same policy, and tells of every part once", () => {
    fc.assert(
      fc.property(policy, policy, (before, after) => {
        const told = policyDifference(before, after);
        expect(told.length === 0).toBe(JSON.stringify(before) === JSON.stringify(after));
        const ids = told.map((one) => ("id" in one ? one.id : ""));
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  test("leads from the one to the other", () => {
    fc.assert(
      fc.property(policy, policy, (before, after) => {
        const parts = new Map(before.limits.map((one) => [one.id, one]));
        for (const one of policyDifference(before, after)) {
          if (one.list !== "limits") continue;
          if (one.kind === "removed") parts.delete(one.id);
          else {
            if (one.kind === "renamed") parts.delete(one.from);
            parts.set(one.id, one.after);
          }
        }
        expect(parts).toEqual(new Map(after.limits.map((one) => [one.id, one])));
      }),
    );
  });
});
