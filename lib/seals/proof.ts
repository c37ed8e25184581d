import { linkFault, sealHash } from "@/lib/seals/chain";
import { hashText, placeOf, type RowValues, SEALED_TABLES, type SealedTableName } from "@/lib/seals/records";
import { type Proof, proofSchema } from "@/lib/seals/schema";
import { leafHash, rootFromPath } from "@/lib/seals/tree";
import type { Seal } from "@/lib/seals/types";

/*
 * Checks a proof by itself: it needs nothing but the proof, and the hash of a seal that is known from elsewhere.
 */

/** An event of the decision, as it was sealed. */
export interface ProvenEvent {
  id: string;
  action: string;
  at: string;
  seal: number;
  sealedAt: string;
  entries: number;
}

/** What a proof proves. */
export interface Proven {
  organizationId: string;
  decisionId: string;
  /** The decision's columns as they were sealed, by name. */
  decision: Readonly<Record<string, string | null>>;
  note: "none" | "kept" | "erased";
  /** After the last entry that the proof holds. */
  status: string;
  events: ProvenEvent[];
  first: Seal;
  last: Seal;
  /** The seal that is known from elsewhere; null where no hash was given. */
  anchor: Seal | null;
  waiting: number;
}

export type ProofAnswer = { ok: true; proven: Proven } | { ok: false; reason: string };

/** Thrown inside of this file alone: the first thing that is wrong ends the check. */
class Refuted extends Error {}

/**
 * Checks that what a proof says was sealed, and that its chain leads to one of the `anchors` (hashes of seals that are
 * known from outside; null where none is). Never throws for what is in the proof.
 */
export function checkProof(document: unknown, anchors: ReadonlySet<string> | null): ProofAnswer {
  const parsed = proofSchema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return {
      ok: false,
      reason: issue ? `${issue.path.join(".") || "the file"}: ${issue.message}` : "no proof",
    };
  }
  try {
    return { ok: true, proven: prove(parsed.data, anchors) };
  } catch (error) {
    if (error instanceof Refuted) return { ok: false, reason: error.message };
    throw error;
  }
}

function prove(proof: Proof, anchors: ReadonlySet<string> | null): Proven {
  const { first, last } = checkChain(proof);
  const leaves = proof.leaves.map((leaf) => checkLeaf(proof, leaf));
  const [recorded] = leaves;
  if (!recorded?.decision) throw new Refuted("It doesn't begin with the event that recorded the decision.");
  if (leaves.slice(1).some(({ decision }) => decision)) {
    throw new Refuted("The decision is recorded twice in it.");
  }
  const status = checkSteps(leaves.flatMap(({ entries }) => entries));
  return {
    organizationId: proof.organizationId,
    decisionId: proof.decisionId,
    decision: recorded.decision,
    note: recorded.note,
    status,
    events: leaves.map(({ event }) => event),
    first,
    last,
    anchor: findAnchor(proof, anchors),
    waiting: proof.waiting.length,
  };
}

function checkChain({ seals, organizationId }: Proof): { first: Seal; last: Seal } {
  let previous: Seal | null = null;
  const [first] = seals;
  if (!first) throw new Refuted("There is no seal in it.");
  for (const seal of seals) {
    if (seal.organizationId !== organizationId) {
      throw new Refuted(`Seal ${seal.seq} is another organization's.`);
    }
    if (previous) {
      const fault = linkFault(seal, previous);
      if (fault) throw new Refuted(fault);
    } else if (seal.hash !== sealHash(seal)) {
      throw new Refuted(`Seal ${seal.seq} doesn't say what its hash was made of.`);
    }
    previous = seal;
  }
  return { first, last: previous ?? first };
}

function findAnchor({ seals }: Proof, anchors: ReadonlySet<string> | null): Seal | null {
  if (anchors === null) return null;
  const anchor = seals.findLast(({ hash }) => anchors.has(hash));
  if (anchor) return anchor;
  throw new Refuted(
    "None of its seals has the hash that is known from elsewhere. That seal may be older than the decision, or newer than the proof: name another one, or make the proof anew.",
  );
}

type NamedRow = Readonly<Record<string, string | null>>;

interface CheckedLeaf {
  event: ProvenEvent;
  decision: NamedRow | null;
  note: Proven["note"];
  entries: NamedRow[];
}

function checkLeaf(proof: Proof, leaf: Proof["leaves"][number]): CheckedLeaf {
  const seal = proof.seals.find(({ seq }) => seq === leaf.seal);
  const name = `The leaf at place ${leaf.position} of seal ${leaf.seal}`;
  if (!seal) throw new Refuted(`${name} is of a seal that is not in the proof.`);
  const hashes = leaf.rows.map(({ table, text, hash }, at) => {
    if (text === null && table !== "decisions.note")
      throw new Refuted(`${name} lacks the text of row ${at + 1}.`);
    if (text !== null && hashText(text).toString("hex") !== hash) {
      throw new Refuted(`${name}: row ${at + 1} (${table}) doesn't say what its hash was made of.`);
    }
    return Buffer.from(hash, "hex");
  });
  const path = leaf.path.map((hash) => Buffer.from(hash, "hex"));
  const root = rootFromPath(leafHash(Buffer.concat(hashes)), leaf.position, seal.leafCount, path);
  if (root?.toString("hex") !== seal.root) throw new Refuted(`${name} doesn't lead to the seal's root.`);
  return { ...readLeaf(proof, leaf, name), event: readEvent(proof, leaf, seal, name) };
}

function readEvent(proof: Proof, leaf: Proof["leaves"][number], seal: Seal, name: string): ProvenEvent {
  const event = readRow("audit_events", leaf.rows[0], name);
  if (event.organization_id !== proof.organizationId) throw new Refuted(`${name} is another organization's.`);
  if (event.subject_kind !== "decision" || event.subject_id?.toLowerCase() !== proof.decisionId) {
    throw new Refuted(`${name} is about something else.`);
  }
  return {
    id: event.id ?? "",
    action: event.action ?? "",
    at: event.created_at ?? "",
    seal: seal.seq,
    sealedAt: seal.sealedAt,
    entries: leaf.rows.filter(({ table }) => table === "ledger_entries").length,
  };
}

/** The rows after the event: the decision and its note where it was recorded, then entries, all of this decision. */
function readLeaf(
  { organizationId, decisionId }: Proof,
  { rows }: Proof["leaves"][number],
  name: string,
): Omit<CheckedLeaf, "event"> {
  const event = readRow("audit_events", rows[0], name);
  const isRecording = event.action === "decision.recorded";
  const decision = isRecording ? readRow("decisions", rows[1], name) : null;
  if (decision && (decision.id !== decisionId || decision.organization_id !== organizationId)) {
    throw new Refuted(`${name} holds another decision.`);
  }
  const note = isRecording ? readNote(rows[2], decisionId, name) : "none";
  const entries = rows.slice(isRecording ? 3 : 1).map((row) => readRow("ledger_entries", row, name));
  const strange = entries.some(
    (entry) =>
      entry.organization_id !== organizationId ||
      entry.decision_id !== decisionId ||
      entry.event_id !== event.id,
  );
  if (strange) throw new Refuted(`${name} holds another decision's entry.`);
  return { decision, note, entries };
}

type ProofRow = Proof["leaves"][number]["rows"][number];

function readRow(table: SealedTableName, row: ProofRow | undefined, name: string): NamedRow {
  const { columns, version } = SEALED_TABLES[table];
  const values = row?.table === table && row.text !== null ? parseArray(row.text) : null;
  if (
    values?.[0] !== table ||
    String(values[1]) !== String(version) ||
    values.length !== columns.length + 2
  ) {
    throw new Refuted(`${name} holds no row of ${table} where one has to be.`);
  }
  return Object.fromEntries(
    columns.map(([column]) => {
      const value = values[placeOf(table, column) + 2];
      return [column, typeof value === "string" ? value : null];
    }),
  );
}

function readNote(row: ProofRow | undefined, decisionId: string, name: string): Proven["note"] {
  if (row?.table !== "decisions.note") throw new Refuted(`${name} holds nothing of the decision's note.`);
  if (row.text === null) return "erased";
  const values = parseArray(row.text);
  if (values?.length !== 4 || values[0] !== "decisions.note" || values[2] !== decisionId) {
    throw new Refuted(`${name} holds the note of another decision.`);
  }
  return values[3] === null ? "none" : "kept";
}

function parseArray(text: string): (RowValues[number] | number)[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** The entries count up from 1 and each begins where the last one ended, so that none is left out in between. */
function checkSteps(entries: readonly NamedRow[]): string {
  let status = "asked";
  for (const [at, entry] of entries.entries()) {
    if (entry.seq !== String(at + 1))
      throw new Refuted(`Ledger entry ${at + 1} of the decision is not in it.`);
    status = entry.status_after ?? status;
  }
  return entries.length === 0 ? "refused" : status;
}
