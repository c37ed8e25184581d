import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leafHash, pathOf, rootFromPath, rootOf, TreeBuilder } from "./tree";

const leaves = fc
  .array(fc.uint8Array({ minLength: 32, maxLength: 96 }), { minLength: 1, maxLength: 70 })
  .map((all) => all.map((bytes) => leafHash(Buffer.from(bytes))));

/** The tree as RFC 6962 defines it, by recursion. */
function slowRoot(all: readonly Buffer[]): Buffer {
  const [first] = all;
  if (!first) throw new Error("none");
  if (all.length === 1) return first;
  let split = 1;
  while (split * 2 < all.length) split *= 2;
  const halves = [slowRoot(all.slice(0, split)), slowRoot(all.slice(split))];
  return createHash("sha256")
    .update(Buffer.concat([Buffer.from([1]), ...halves]))
    .digest();
}

describe("a tree over leaves", () => {
  it("has the root that RFC 6962 gives, whatever its size, and keeps few hashes while it grows", () => {
    fc.assert(
      fc.property(leaves, (all) => {
        expect(rootOf(all)).toEqual(slowRoot(all));
      }),
    );
    expect(new TreeBuilder().root()).toBeNull();
  });

  // Risk: a leaf that isn't in the tree is proven to be, or one that is can't be.
  it("leads from every leaf to its root, and from no other leaf, place, size or path", () => {
    fc.assert(
      fc.property(leaves, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 7 }), (all, at, byte, bit) => {
        const place = at % all.length;
        const leaf = all[place] as Buffer;
        const root = rootOf(all);
        const path = pathOf(all, place);
        const lead = (l: Buffer, p: number, size: number, way: readonly Buffer[]) =>
          rootFromPath(l, p, size, way)?.equals(root) ?? false;
        expect(lead(leaf, place, all.length, path)).toBe(true);
        const turned = Buffer.from(leaf);
        turned[byte % 32] = (turned[byte % 32] ?? 0) ^ (1 << bit);
        expect(lead(turned, place, all.length, path)).toBe(false);
        for (const [step] of path.entries()) {
          const other = path.map((hash) => Buffer.from(hash));
          const hash = other[step] as Buffer;
          hash[byte % 32] = (hash[byte % 32] ?? 0) ^ (1 << bit);
          expect(lead(leaf, place, all.length, other)).toBe(false);
        }
        expect(lead(leaf, place, all.length, [...path, root])).toBe(false);
        if (path.length > 0) expect(lead(leaf, place, all.length, path.slice(1))).toBe(false);
        expect(lead(leaf, all.length, all.length, path)).toBe(false);
        expect(lead(leaf, -1, all.length, path)).toBe(false);
      }),
    );
  });

  it("never takes an inner node for a leaf", () => {
    const [a, b] = [leafHash(Buffer.alloc(32, 1)), leafHash(Buffer.alloc(32, 2))];
    expect(leafHash(Buffer.concat([a, b]))).not.toEqual(rootOf([a, b]));
  });
});
