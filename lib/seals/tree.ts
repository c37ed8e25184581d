import { createHash } from "node:crypto";

/*
 * The Merkle tree of RFC 6962: leaves and inner nodes are told apart by their first byte, and a tree of any size is split
 * at the largest power of two below it.
 */

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);
export const HASH_BYTES = 32;

/** The hash of a leaf: of the hashes of its rows, one after the other. */
export function leafHash(rowHashes: Buffer): Buffer {
  return createHash("sha256").update(LEAF).update(rowHashes).digest();
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash("sha256").update(NODE).update(left).update(right).digest();
}

/** Takes leaves one after the other and keeps no more of them than the tree is deep. */
export class TreeBuilder {
  /** The roots of whole subtrees, the largest first. */
  readonly #whole: { size: number; hash: Buffer }[] = [];

  add(leaf: Buffer): void {
    let hash = leaf;
    let size = 1;
    for (let last = this.#whole.at(-1); last?.size === size; last = this.#whole.at(-1)) {
      this.#whole.pop();
      hash = nodeHash(last.hash, hash);
      size *= 2;
    }
    this.#whole.push({ size, hash });
  }

  /** The root over the leaves so far; null where there is none. */
  root(): Buffer | null {
    return this.#whole.reduceRight<Buffer | null>(
      (right, { hash }) => (right === null ? hash : nodeHash(hash, right)),
      null,
    );
  }
}

/** The root over the leaves. There has to be one. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  const builder = new TreeBuilder();
  for (const leaf of leaves) builder.add(leaf);
  const root = builder.root();
  if (!root) throw new Error("A tree without leaves has no root.");
  return root;
}

/** The hashes that lead from a leaf to the root, the leaf's neighbour first. */
export function pathOf(leaves: readonly Buffer[], place: number): Buffer[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return place < split
    ? [...pathOf(left, place), rootOf(right)]
    : [...pathOf(right, place - split), rootOf(left)];
}

/**
 * The root that a leaf at this place of a tree of this size leads to by a path; null where no tree of the size has such a
 * path. The sides come from place and size, so that a path cannot claim others.
 */
export function rootFromPath(
  leaf: Buffer,
  place: number,
  size: number,
  path: readonly Buffer[],
): Buffer | null {
  if (place < 0 || place >= size) return null;
  if (size === 1) return path.length === 0 ? leaf : null;
  const sibling = path.at(-1);
  if (!sibling) return null;
  const rest = path.slice(0, -1);
  const split = splitOf(size);
  if (place < split) {
    const left = rootFromPath(leaf, place, split, rest);
    return left && nodeHash(left, sibling);
  }
  const right = rootFromPath(leaf, place - split, size - split, rest);
  return right && nodeHash(sibling, right);
}

/** The largest power of two below it. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
