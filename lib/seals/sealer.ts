import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { sealHash } from "@/lib/seals/chain";
import { lastSeal, readRecords, readWaiting } from "@/lib/seals/data";
import { instantText } from "@/lib/seals/records";
import { leafHash, rootOf } from "@/lib/seals/tree";
import type { Seal } from "@/lib/seals/types";

/** How many events a seal covers at most. */
export const SEAL_EVENTS = 1_000;

export interface SealedSoFar {
  seals: number;
  events: number;
  /** Another sealer was at it, so there may be more to seal. */
  busy: boolean;
  last: Pick<Seal, "seq" | "hash"> | null;
}

/**
 * Seals all that waits in an organization, seal by seal. Several may be called at once, from several processes: one of
 * them seals, the others leave it to that one.
 *
 * The queue says what there is to seal. Its rows come with the transaction that wrote the event, so an id that was made
 * early and committed late is in a later seal, and none is missed.
 *
 * @param signal stops it after the seal at hand.
 */
export async function sealHistory(options: {
  organizationId: string;
  now?: () => Date;
  eventsPerSeal?: number;
  signal?: AbortSignal;
}): Promise<SealedSoFar> {
  const { organizationId, now = () => new Date(), eventsPerSeal = SEAL_EVENTS, signal } = options;
  const sealed: SealedSoFar = { seals: 0, events: 0, busy: false, last: null };
  while (!signal?.aborted) {
    const seal = await sealOnce(organizationId, now, eventsPerSeal);
    if (seal === "busy") return { ...sealed, busy: true };
    if (seal === null) break;
    sealed.seals += 1;
    sealed.events += seal.leafCount;
    sealed.last = { seq: seal.seq, hash: seal.hash };
    if (seal.leafCount < eventsPerSeal) break;
  }
  return sealed;
}

async function sealOnce(
  organizationId: string,
  now: () => Date,
  eventsPerSeal: number,
): Promise<Seal | "busy" | null> {
  return withTenant(organizationId, async (client) => {
    const { rows: locks } = await client.query<{ mine: boolean }>(
      "select pg_try_advisory_xact_lock(hashtextextended('leeway.seal/' || $1, 0)) as mine",
      [organizationId],
    );
    if (!locks[0]?.mine) return "busy";
    const events = await readWaiting(client, organizationId, eventsPerSeal);
    if (events.length === 0) return null;
    const records = await readRecords(client, organizationId, events);
    const leaves = events.map((id) => {
      const rows = records.get(id)?.rows ?? [];
      const rowHashes = Buffer.concat(rows.map(({ hash }) => hash));
      return { rowHashes, hash: leafHash(rowHashes) };
    });
    const previous = await lastSeal(client, organizationId);
    const at = now();
    const header = {
      organizationId,
      seq: (previous?.seq ?? 0) + 1,
      previousHash: previous?.hash ?? null,
      root: rootOf(leaves.map(({ hash }) => hash)).toString("hex"),
      leafCount: leaves.length,
      sealedAt: instantText(at),
    };
    const seal = { ...header, hash: sealHash(header) };
    const { rows } = await client.query<{ written: boolean }>(
      "select write_seal($1, $2, $3, $4, $5, $6, $7, $8, $9) as written",
      [
        organizationId,
        seal.seq,
        seal.previousHash === null ? null : Buffer.from(seal.previousHash, "hex"),
        Buffer.from(seal.root, "hex"),
        Buffer.from(seal.hash, "hex"),
        events,
        leaves.map(({ hash }) => hash),
        leaves.map(({ rowHashes }) => rowHashes),
        at,
      ],
    );
    // With the lock held nobody else can have moved the chain on.
    if (!rows[0]?.written) throw new Error(`Seal ${seal.seq} doesn't follow the chain.`);
    return seal;
  });
}

/** The ids of all organizations. */
export async function listOrganizations(): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>("select list_organizations() as id");
  return rows.map(({ id }) => id);
}
