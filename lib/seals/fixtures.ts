import { sealHash } from "./chain";
import { canonicalNote, canonicalRow, hashText, SEALED_TABLES, type SealedTableName } from "./records";
import type { Proof } from "./schema";
import { leafHash, pathOf, rootOf } from "./tree";
import type { Seal } from "./types";

export const ORGANIZATION = "01890000-0000-7000-8000-000000000001";
export const DECISION = "01890000-0000-7000-8000-000000000002";
const EVENTS = ["01890000-0000-7000-8000-00000000000a", "01890000-0000-7000-8000-00000000000b"];

function row(table: SealedTableName, named: Record<string, string>) {
  const values = SEALED_TABLES[table].columns.map(([name]) => named[name] ?? null);
  const text = canonicalRow(table, values);
  return { table, text, hash: hashText(text).toString("hex") };
}

function eventRows(turn: number): Proof["leaves"][number]["rows"] {
  const id = EVENTS[turn] ?? "";
  const common = { organization_id: ORGANIZATION };
  const event = row("audit_events", {
    ...common,
    id,
    action: turn === 0 ? "decision.recorded" : "decision.reversed",
    subject_kind: "decision",
    subject_id: DECISION,
    data: "{}",
    created_at: "2026-03-10T03:30:00Z",
  });
  const entry = row("ledger_entries", {
    ...common,
    decision_id: DECISION,
    seq: String(turn + 1),
    event_id: id,
    status_before: turn === 0 ? "asked" : "posted",
    status_after: turn === 0 ? "posted" : "reversed",
  });
  if (turn > 0) return [event, entry];
  const note = canonicalNote(DECISION, "The parcel was wet.");
  return [
    event,
    row("decisions", {
      ...common,
      id: DECISION,
      remedy: "credit",
      amount: "2500",
      currency: "USD",
      verdict: "allow",
    }),
    { table: "decisions.note", text: note, hash: hashText(note).toString("hex") },
    entry,
  ];
}

/** A decision that was recorded and reversed, in the first and the last of some seals, among other leaves. */
export function makeProof(sizes: readonly number[], places: readonly [number, number]): Proof {
  const seals: Seal[] = [];
  const leaves: Proof["leaves"] = [];
  for (const [at, size] of sizes.entries()) {
    const turn = at === 0 ? 0 : at === sizes.length - 1 ? 1 : null;
    const place = turn === null ? null : (places[turn] ?? 0) % size;
    const rows = turn === null ? [] : eventRows(turn);
    const hashes = Array.from({ length: size }, (_, index) =>
      index === place
        ? leafHash(Buffer.concat(rows.map(({ hash }) => Buffer.from(hash, "hex"))))
        : hashText(`leaf ${at} ${index}`),
    );
    const header = {
      organizationId: ORGANIZATION,
      seq: at + 5,
      previousHash: seals.at(-1)?.hash ?? hashText("before").toString("hex"),
      root: rootOf(hashes).toString("hex"),
      leafCount: size,
      sealedAt: "2026-03-10T03:31:00.5Z",
    };
    seals.push({ ...header, hash: sealHash(header) });
    if (place !== null) {
      const path = pathOf(hashes, place).map((hash) => hash.toString("hex"));
      leaves.push({ seal: header.seq, position: place, rows, path });
    }
  }
  return {
    format: "leeway-proof",
    version: 1,
    organizationId: ORGANIZATION,
    decisionId: DECISION,
    leaves,
    seals,
    waiting: [],
  };
}
