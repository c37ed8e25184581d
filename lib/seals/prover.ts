import { withTenant } from "@/lib/db/tenant";
import { type Leaf, readLeavesOf, readRecords, readSeals, splitHashes } from "@/lib/seals/data";
import { checkProof } from "@/lib/seals/proof";
import { canonicalNote } from "@/lib/seals/records";
import { PROOF_FORMAT, type Proof } from "@/lib/seals/schema";
import { pathOf } from "@/lib/seals/tree";
import type { Seal } from "@/lib/seals/types";

export type ProveAnswer =
  | { ok: true; proof: Proof }
  | { ok: false; code: "not_found" }
  /** Nothing of it is sealed yet. */
  | { ok: false; code: "waiting" }
  /** The chain ends before the seal that was asked for, or that one is older than the decision. */
  | { ok: false; code: "no_such_seal" }
  /** What is there isn't what was sealed. */
  | { ok: false; code: "broken"; reason: string };

const SEALS = 1_000;

/**
 * What proves, without the database, that a decision and all that became of it was sealed: its rows, the paths to the
 * roots of their seals, and the chain of seals from the first of them up to `upTo`, or to the newest.
 */
export async function proveDecision(options: {
  organizationId: string;
  decisionId: string;
  upTo?: number;
}): Promise<ProveAnswer> {
  const { organizationId, upTo = Number.MAX_SAFE_INTEGER } = options;
  const decisionId = options.decisionId.toLowerCase();
  const events = await findEvents(organizationId, decisionId);
  if (events.length === 0) return { ok: false, code: "not_found" };
  const sealed = events.flatMap(({ sealSeq }) => (sealSeq === null || sealSeq > upTo ? [] : [sealSeq]));
  const first = Math.min(...sealed);
  if (sealed.length === 0) {
    const isSealed = events.some(({ sealSeq }) => sealSeq !== null);
    return { ok: false, code: isSealed ? "no_such_seal" : "waiting" };
  }
  const seals = await readChain(organizationId, first, upTo);
  if (options.upTo !== undefined && seals.at(-1)?.seq !== options.upTo)
    return { ok: false, code: "no_such_seal" };
  const leaves: Proof["leaves"] = [];
  for (const seal of [...new Set(sealed)].sort((a, b) => a - b)) {
    const ids = new Set(events.filter(({ sealSeq }) => sealSeq === seal).map(({ id }) => id));
    leaves.push(...(await proveLeaves(organizationId, seal, ids)));
  }
  const proof: Proof = {
    format: PROOF_FORMAT,
    version: 1,
    organizationId,
    decisionId,
    leaves,
    seals,
    waiting: events.filter(({ sealSeq }) => sealSeq === null).map(({ id }) => id),
  };
  const checked = checkProof(proof, null);
  return checked.ok ? { ok: true, proof } : { ok: false, code: "broken", reason: checked.reason };
}

async function findEvents(
  organizationId: string,
  decisionId: string,
): Promise<{ id: string; sealSeq: number | null }[]> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ id: string; sealSeq: number | null }>(
      `select e.id, l.seal_seq::int as "sealSeq" from audit_events e
       left join seal_leaves l on l.organization_id = $1 and l.event_id = e.id
       where e.organization_id = $1 and e.subject_kind = 'decision' and e.subject_id = $2 order by e.id`,
      [organizationId, decisionId],
    );
    return rows;
  });
}

async function readChain(organizationId: string, from: number, upTo: number): Promise<Seal[]> {
  const seals: Seal[] = [];
  for (let after = from - 1; ; ) {
    const page = await readSeals(organizationId, after, SEALS);
    seals.push(...page.filter(({ seq }) => seq <= upTo));
    const last = page.at(-1);
    if (!last || page.length < SEALS || last.seq >= upTo) return seals;
    after = last.seq;
  }
}

/** The leaves of some events in one seal, each with its rows and its path. */
async function proveLeaves(
  organizationId: string,
  seal: number,
  eventIds: ReadonlySet<string>,
): Promise<Proof["leaves"]> {
  return withTenant(organizationId, async (client) => {
    const all = await readLeavesOf(client, organizationId, seal);
    const hashes = all.map(({ hash }) => hash);
    const records = await readRecords(client, organizationId, [...eventIds]);
    return all
      .map((leaf, place) => ({ leaf, place }))
      .filter(({ leaf }) => eventIds.has(leaf.eventId))
      .map(({ leaf, place }) => ({
        seal,
        position: leaf.position,
        rows: provenRows(leaf, records.get(leaf.eventId)?.rows ?? []),
        path: pathOf(hashes, place).map((hash) => hash.toString("hex")),
      }));
  });
}

type Rows = Proof["leaves"][number]["rows"];

/** An erased note has only the hash that was sealed of it. */
function provenRows(
  leaf: Leaf,
  rows: readonly { table: Rows[number]["table"]; id: string; text: string; hash: Buffer }[],
): Rows {
  const sealed = splitHashes(leaf.rowHashes);
  return rows.map(({ table, id, text, hash }, place) => {
    const was = sealed[place];
    const isErased =
      table === "decisions.note" &&
      text === canonicalNote(id, null) &&
      was !== undefined &&
      !hash.equals(was);
    return isErased
      ? { table, text: null, hash: was.toString("hex") }
      : { table, text, hash: hash.toString("hex") };
  });
}
