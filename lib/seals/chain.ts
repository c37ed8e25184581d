import { hashText } from "@/lib/seals/records";
import type { Seal, SealHeader } from "@/lib/seals/types";

/** The hash of a seal: over everything that its header says, the hash of the seal before included. */
export function sealHash(header: SealHeader): string {
  const { organizationId, seq, previousHash, root, leafCount, sealedAt } = header;
  const text = JSON.stringify([
    "leeway-seal",
    1,
    organizationId,
    seq,
    previousHash,
    root,
    leafCount,
    sealedAt,
  ]);
  return hashText(text).toString("hex");
}

/** What a seal doesn't fit the one before it by; null where it does. `previous` is null before the first. */
export function linkFault(seal: Seal, previous: Seal | null): string | null {
  const expected = previous ? previous.seq + 1 : 1;
  if (seal.seq !== expected) return `Seal ${expected} is gone: the chain goes on with seal ${seal.seq}.`;
  if (seal.hash !== sealHash(seal)) return `Seal ${seal.seq} doesn't say what its hash was made of.`;
  if (seal.previousHash === (previous?.hash ?? null)) return null;
  return previous
    ? `Seal ${seal.seq} doesn't follow seal ${previous.seq}: it names another hash for it.`
    : `Seal ${seal.seq} is the first and names one before it.`;
}
