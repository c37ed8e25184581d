import { withTenant } from "@/lib/db/tenant";
import { linkFault } from "@/lib/seals/chain";
import {
  countHistory,
  type EventRecord,
  findOrphanEntry,
  findStrayLeaf,
  findUncoveredEvent,
  findUnkeptPublication,
  findUnregistered,
  idTime,
  type Leaf,
  type OrphanEntry,
  RECORDED,
  readDecisionStates,
  readLeaves,
  readNotesExpiredBefore,
  readQueue,
  readRecords,
  readSeals,
  type SealedRow,
  splitHashes,
  wasErased,
} from "@/lib/seals/data";
import { canonicalNote } from "@/lib/seals/records";
import { leafHash, TreeBuilder } from "@/lib/seals/tree";
import type {
  Seal,
  SealBreak,
  SealDoubt,
  VerificationPhase,
  VerificationProgress,
  VerificationResult,
} from "@/lib/seals/types";

const SEALS = 1_000;
const LEAVES = 1_000;
const ROWS = 5_000;
/** How many doubts are named; all are counted. */
const DOUBTS = 20;

/** Clocks of several machines differ by less, and no transaction takes as long. */
const LATE_MS = 15 * 60_000;

/** Below every id. */
const NOTHING = "00000000-0000-0000-0000-000000000000";

/** Hashes of seals that were published, by number. A number with several was published differently. */
export type Anchors = ReadonlyMap<number, ReadonlySet<string>>;

interface Options {
  organizationId: string;
  /** Seals of this organization that are known from outside of the database. */
  anchors?: Anchors | null;
  onProgress?: (progress: VerificationProgress) => void | Promise<void>;
  /** Stops it: what it was aborted with is thrown. */
  signal?: AbortSignal;
}

/**
 * Holds the whole history of an organization against its seals, and says where it breaks first. It writes nothing, holds
 * a batch of rows at a time, and may run while people decide and others seal: each look at the database is one statement,
 * and what was sealed meanwhile is left to the next time.
 *
 * Everything is hashed here, from rows that are read by plain statements; no function of the database has a say in it.
 */
export async function verifyHistory(options: Options): Promise<VerificationResult> {
  return new Verifier(options).run();
}

class Verifier {
  readonly #organizationId: string;
  readonly #anchors: Anchors | null;
  readonly #options: Options;
  #processed = 0;
  #total: number | null = null;
  #head: Seal | null = null;
  #seals = 0;
  #events = 0;
  #decisions = 0;
  #entries = 0;
  #waiting = 0;
  #doubts: SealDoubt[] = [];
  #doubtCount = 0;
  /** The highest id in a seal before the one at hand, and up to it. */
  #sealedUpTo: string | null = null;
  #highest: string | null = null;
  readonly #erased = new Map<string, boolean>();
  #notesExpired: Promise<number | null> | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#organizationId = options.organizationId;
    this.#anchors = options.anchors ?? null;
  }

  async run(): Promise<VerificationResult> {
    const { events, decisions, entries } = await countHistory(this.#organizationId);
    this.#total = events * 2 + decisions + entries;
    const found =
      (await this.#lookAtSeals()) ??
      (await this.#lookAtLeaves()) ??
      (await this.#lookAtQueue()) ??
      (await this.#lookAtEvents()) ??
      // Before the decisions: an entry that was put in contradicts the status of a decision that is as it was.
      (await this.#lookAtEntries()) ??
      (await this.#lookAtDecisions());
    return {
      organizationId: this.#organizationId,
      state: found ? "broken" : this.#doubtCount > 0 ? "doubtful" : "whole",
      break: found,
      doubts: this.#doubts,
      doubtCount: this.#doubtCount,
      lastSeal: this.#head && {
        seq: this.#head.seq,
        hash: this.#head.hash,
        sealedAt: this.#head.sealedAt,
      },
      seals: this.#seals,
      events: this.#events,
      decisions: this.#decisions,
      entries: this.#entries,
      waiting: this.#waiting,
      anchors: this.#anchors && [...this.#anchors.values()].reduce((sum, hashes) => sum + hashes.size, 0),
    };
  }

  async #step(phase: VerificationPhase, count: number): Promise<void> {
    this.#options.signal?.throwIfAborted();
    this.#processed += count;
    // What came since it was counted makes it more than there was.
    const total = this.#total === null ? null : Math.max(this.#total, this.#processed);
    await this.#options.onProgress?.({ phase, processed: this.#processed, total });
  }

  /** The chain by itself, and against every other place that knows of its seals. */
  async #lookAtSeals(): Promise<SealBreak | null> {
    await this.#step("seals", 0);
    for await (const seal of this.#readChain(Number.MAX_SAFE_INTEGER)) {
      const fault = linkFault(seal, this.#head) ?? this.#anchorFault(seal);
      if (fault) return this.#sealBreak(seal.seq, fault.includes("is gone") ? "missing" : "changed", fault);
      this.#head = seal;
      this.#seals += 1;
    }
    const unregistered = await findUnregistered(this.#organizationId);
    if (unregistered) return this.#registerBreak(unregistered);
    const unkept = await findUnkeptPublication(this.#organizationId);
    if (unkept) {
      return this.#sealBreak(
        unkept.seq,
        unkept.seq > (this.#head?.seq ?? 0) ? "missing" : "changed",
        `Seal ${unkept.seq} was published (${unkept.channel}), and the chain doesn't hold it.`,
      );
    }
    for (const [seq, hashes] of this.#anchors ?? []) {
      if (seq <= (this.#head?.seq ?? 0)) continue;
      const [hash = ""] = hashes;
      return this.#sealBreak(
        seq,
        "missing",
        `Seal ${seq} was published with the hash ${hash}; the chain ends with ${this.#head ? `seal ${this.#head.seq}` : "nothing"}.`,
      );
    }
    const stray = await findStrayLeaf(this.#organizationId);
    if (!stray) return null;
    return this.#sealBreak(
      stray.sealSeq,
      "missing",
      `Seal ${stray.sealSeq} is gone: leaves of it are still there, such as that of the event ${stray.eventId}.`,
    );
  }

  async *#readChain(upTo: number): AsyncGenerator<Seal> {
    for (let after = 0; after < upTo; ) {
      const page = await readSeals(this.#organizationId, after, SEALS);
      for (const seal of page) if (seal.seq <= upTo) yield seal;
      const last = page.at(-1);
      if (!last || page.length < SEALS) return;
      after = last.seq;
    }
  }

  #anchorFault({ seq, hash }: Seal): string | null {
    const published = this.#anchors?.get(seq);
    if (!published) return null;
    const other = [...published].find((each) => each !== hash);
    return other === undefined
      ? null
      : `Seal ${seq} was published with the hash ${other}; the chain's has ${hash}.`;
  }

  #registerBreak({ seq, missing, another }: { seq: number; missing: "seal" | "register"; another: boolean }) {
    if (missing === "register") {
      return this.#sealBreak(
        seq,
        "unknown",
        `Seal ${seq} is not in the register of seals that were written.`,
      );
    }
    if (another) {
      return this.#sealBreak(
        seq,
        "changed",
        `The register knows of a seal ${seq} that is gone: the one in its place was written later, or was changed.`,
      );
    }
    return this.#sealBreak(seq, "missing", `Seal ${seq} is gone: the register says that it was written.`);
  }

  #sealBreak(seq: number, kind: SealBreak["kind"], text: string): SealBreak {
    return { table: "seals", id: String(seq), kind, seal: seq, text };
  }

  /** Every leaf against its rows, and each seal's root against its leaves. */
  async #lookAtLeaves(): Promise<SealBreak | null> {
    const chain = this.#readChain(this.#head?.seq ?? 0);
    let open: OpenSeal | null = null;
    let next = this.#readAhead({ sealSeq: 0, position: -1 });
    for (;;) {
      const { leaves, records } = await next;
      const last = leaves.at(-1);
      // The database reads the next batch while this one is hashed.
      if (last) next = this.#readAhead(last);
      for (const leaf of leaves) {
        while (!open || open.seal.seq < leaf.sealSeq) {
          const fault = open && closeSeal(open);
          if (fault) return fault;
          const { value: seal } = await chain.next();
          if (!seal) throw new Error("There is a leaf past the end of the chain.");
          open = { seal, builder: new TreeBuilder(), next: 0 };
          this.#sealedUpTo = this.#highest;
        }
        const fault = takeLeaf(open, leaf) ?? (await this.#compareRows(leaf, records.get(leaf.eventId)));
        if (fault) return fault;
        this.#doubtLate(leaf.eventId, leaf.queuedAt, leaf.sealSeq);
        if (this.#highest === null || leaf.eventId > this.#highest) this.#highest = leaf.eventId;
      }
      this.#events += leaves.length;
      await this.#step("leaves", leaves.length);
      if (!last) break;
    }
    const fault = open && closeSeal(open);
    if (fault) return fault;
    // Seals after the last leaf have none at all.
    const { value: bare } = await chain.next();
    this.#sealedUpTo = this.#highest;
    return bare ? closeSeal({ seal: bare, builder: new TreeBuilder(), next: 0 }) : null;
  }

  #readAhead(after: Pick<Leaf, "sealSeq" | "position">) {
    const batch = this.#readLeafBatch(after);
    // Where a break ends the verification nobody waits for it any more; elsewhere whoever waits hears of it.
    batch.catch(() => undefined);
    return batch;
  }

  async #readLeafBatch(after: Pick<Leaf, "sealSeq" | "position">) {
    return withTenant(this.#organizationId, async (client) => {
      const upTo = this.#head?.seq ?? 0;
      const leaves = await readLeaves(client, this.#organizationId, after, upTo, LEAVES);
      const ids = leaves.map(({ eventId }) => eventId);
      const records =
        leaves.length === 0
          ? new Map<string, EventRecord>()
          : await readRecords(client, this.#organizationId, ids);
      return { leaves, records };
    });
  }

  async #compareRows(leaf: Leaf, record: EventRecord | undefined): Promise<SealBreak | null> {
    const seal = leaf.sealSeq;
    if (!record) {
      return rowBreak(
        "audit_events",
        leaf.eventId,
        "missing",
        seal,
        `The event is gone; seal ${seal} covers it.`,
      );
    }
    const sealed = splitHashes(leaf.rowHashes);
    const rows = record.rows;
    for (const [place, row] of rows.entries()) {
      const hash = sealed[place];
      if (hash && row.hash.equals(hash)) continue;
      if (row.table === "decisions.note" && hash && (await this.#isNoteGoneRightly(row, record))) continue;
      return differs({ place, row, rows, sealed, record, seal });
    }
    if (rows.length === sealed.length) return null;
    return lacksRow(record, rows, sealed, seal);
  }

  /**
   * A note that went with its customer, or because its time was over, is null, and the seal of it stands: history itself
   * says that it went.
   */
  async #isNoteGoneRightly(
    { id, text }: SealedRow,
    { customerId, decidedAt }: EventRecord,
  ): Promise<boolean> {
    if (text !== canonicalNote(id, null) || customerId === null || decidedAt === null) return false;
    this.#notesExpired ??= readNotesExpiredBefore(this.#organizationId);
    const expired = await this.#notesExpired;
    if (expired !== null && Date.parse(decidedAt) < expired) return true;
    const known = this.#erased.get(customerId);
    if (known !== undefined) return known;
    const erased = await withTenant(this.#organizationId, (client) =>
      wasErased(client, this.#organizationId, customerId),
    );
    this.#erased.set(customerId, erased);
    return erased;
  }

  /**
   * An id begins with its moment. One that is much older than what was sealed before it came, and that came at another
   * time than it claims, was put in later, or made by a clock that was wrong.
   */
  #doubtLate(eventId: string, queuedAt: number | null, seal: number | null): void {
    if (this.#sealedUpTo === null) return;
    const claimed = idTime(eventId);
    if (claimed >= idTime(this.#sealedUpTo) - LATE_MS) return;
    if (queuedAt !== null && Math.abs(queuedAt - claimed) <= LATE_MS) return;
    this.#doubtCount += 1;
    if (this.#doubts.length >= DOUBTS) return;
    const came = queuedAt === null ? "nobody knows when" : new Date(queuedAt).toISOString();
    this.#doubts.push({
      id: eventId,
      seal,
      text: `It claims to be of ${new Date(claimed).toISOString()} and came into the history later: ${came}, after events up to ${new Date(idTime(this.#sealedUpTo)).toISOString()} had been sealed.`,
    });
  }

  /** What waits: each an event that is there, and that no seal covers yet. */
  async #lookAtQueue(): Promise<SealBreak | null> {
    for (let after = NOTHING; ; ) {
      const page = await readQueue(this.#organizationId, after, ROWS);
      for (const { eventId, queuedAt, isThere, isSealed } of page) {
        if (!isThere) {
          return rowBreak(
            "audit_events",
            eventId,
            "missing",
            null,
            "The event is gone; it was waiting to be sealed.",
          );
        }
        if (isSealed) {
          return rowBreak(
            "unsealed",
            eventId,
            "contradicts",
            null,
            "It waits to be sealed, and a seal covers it.",
          );
        }
        this.#doubtLate(eventId, queuedAt, null);
      }
      this.#waiting += page.length;
      await this.#step("queue", 0);
      const last = page.at(-1);
      if (!last || page.length < ROWS) return null;
      after = last.eventId;
    }
  }

  /** No event that isn't covered. */
  async #lookAtEvents(): Promise<SealBreak | null> {
    for (let after = NOTHING; ; ) {
      const { count, last, uncovered } = await findUncoveredEvent(this.#organizationId, after, ROWS);
      if (uncovered) {
        return rowBreak(
          "audit_events",
          uncovered,
          "unknown",
          null,
          "No seal covers the event, and it doesn't wait for one: it was put in past the app, or its leaf was taken away.",
        );
      }
      await this.#step("events", count);
      if (last === null || count < ROWS) return null;
      after = last;
    }
  }

  /** No decision that nobody recorded, and none whose status isn't what its entries say. */
  async #lookAtDecisions(): Promise<SealBreak | null> {
    for (let after = NOTHING; ; ) {
      const page = await readDecisionStates(this.#organizationId, after, ROWS);
      for (const { id, status, lastStatus, recordings } of page) {
        if (recordings === 0) {
          const text = "No event says that the decision was recorded: it was put in past the app.";
          return rowBreak("decisions", id, "unknown", null, text);
        }
        if (recordings > 1) {
          const text = `${recordings} events say that the decision was recorded; one does.`;
          return rowBreak("decisions", id, "contradicts", null, text);
        }
        if (status !== (lastStatus ?? "refused")) {
          const text = `Its status is ${status}; ${lastStatus ? `its last ledger entry says ${lastStatus}` : "it has no ledger entry, so it was refused"}.`;
          return rowBreak("decisions", id, "contradicts", null, text);
        }
      }
      this.#decisions += page.length;
      await this.#step("decisions", page.length);
      const last = page.at(-1);
      if (!last || page.length < ROWS) return null;
      after = last.id;
    }
  }

  /** No entry beside those that a leaf accounts for. */
  async #lookAtEntries(): Promise<SealBreak | null> {
    for (let after = { decisionId: NOTHING, seq: 0 }; ; ) {
      const { count, last, orphan } = await findOrphanEntry(this.#organizationId, after, ROWS);
      if (orphan) return orphanBreak(orphan);
      this.#entries += count;
      await this.#step("entries", count);
      if (last === null || count < ROWS) return null;
      after = last;
    }
  }
}

function rowBreak(
  table: string,
  id: string,
  kind: SealBreak["kind"],
  seal: number | null,
  text: string,
): SealBreak {
  return { table, id, kind, seal, text };
}

interface OpenSeal {
  seal: Seal;
  builder: TreeBuilder;
  /** The place of the next leaf. */
  next: number;
}

/** Puts the next leaf into its seal's tree; answers what is wrong with it by itself. */
function takeLeaf(open: OpenSeal, leaf: Leaf): SealBreak | null {
  const { seq, leafCount } = open.seal;
  if (leaf.position !== open.next) {
    const text = `Leaf ${open.next} of seal ${seq} is gone.`;
    return rowBreak("seal_leaves", `${seq}/${open.next}`, "missing", seq, text);
  }
  const id = `${seq}/${leaf.position}`;
  if (leaf.position >= leafCount) {
    return rowBreak(
      "seal_leaves",
      id,
      "unknown",
      seq,
      `Seal ${seq} has ${leafCount} leaves; this is one more.`,
    );
  }
  if (!leafHash(leaf.rowHashes).equals(leaf.hash)) {
    const text = `The leaf of the event ${leaf.eventId} doesn't say what its hash was made of.`;
    return rowBreak("seal_leaves", id, "changed", seq, text);
  }
  open.builder.add(leaf.hash);
  open.next += 1;
  return null;
}

function closeSeal({ seal, builder, next }: OpenSeal): SealBreak | null {
  const { seq, leafCount, root } = seal;
  if (next < leafCount) {
    const text = `Seal ${seq} has ${leafCount} leaves; those from ${next} on are gone.`;
    return rowBreak("seal_leaves", `${seq}/${next}`, "missing", seq, text);
  }
  if (builder.root()?.toString("hex") === root) return null;
  const text = `The ${leafCount} leaves of seal ${seq} don't lead to its root: one of them, with the rows that it covers, was changed, or two were swapped.`;
  return rowBreak("seal_leaves", String(seq), "changed", seq, text);
}

interface Difference {
  place: number;
  row: SealedRow;
  rows: readonly SealedRow[];
  sealed: readonly Buffer[];
  record: EventRecord;
  seal: number;
}

/** What it means that a row isn't the one that was sealed in its place. */
function differs({ place, row, rows, sealed, record, seal }: Difference): SealBreak {
  if (row.table !== "ledger_entries" || rows.length === sealed.length) return changed(row, seal);
  if (rows.length < sealed.length) return lacksRow(record, rows, sealed, seal);
  // One more than was sealed: the one that no hash is of was put in.
  const added =
    rows.slice(place).find(({ hash }) => !sealed.some((each) => each.equals(hash))) ?? rows.at(-1) ?? row;
  const text = `The event ${record.id} wrote ${sealed.length - fixedRows(record)} ledger entries; this is one more, which seal ${seal} doesn't cover.`;
  return rowBreak("ledger_entries", added.id, "unknown", seal, text);
}

function changed({ table, id }: SealedRow, seal: number): SealBreak {
  if (table === "decisions.note") {
    const text = `The note isn't the one that seal ${seal} covers, and history doesn't say that it was erased.`;
    return rowBreak("decisions", id, "changed", seal, text);
  }
  const text = `The row doesn't say what was sealed in seal ${seal}. What it said then, a seal can't tell.`;
  return rowBreak(table, id, "changed", seal, text);
}

/** How many rows of a record come before its ledger entries. */
function fixedRows({ rows }: EventRecord): number {
  return rows.filter(({ table }) => table !== "ledger_entries").length;
}

/** Names the row that was sealed and is gone, as far as what is left tells. */
function lacksRow(
  record: EventRecord,
  rows: readonly SealedRow[],
  sealed: readonly Buffer[],
  seal: number,
): SealBreak {
  const { id, decisionId, action } = record;
  if (action === RECORDED && decisionId && !rows.some(({ table }) => table === "decisions")) {
    const text = `The decision is gone; seal ${seal} covers it, and the event ${id} says that it was recorded.`;
    return rowBreak("decisions", decisionId, "missing", seal, text);
  }
  const place = sealed.findIndex((hash, at) => !rows[at]?.hash.equals(hash));
  const seqOf = (row: SealedRow | undefined) =>
    row?.table === "ledger_entries" ? Number(row.id.slice(row.id.lastIndexOf("/") + 1)) : null;
  const before = seqOf(rows[place - 1]);
  const after = seqOf(rows[place]);
  const seq = before !== null ? before + 1 : after !== null && after > 1 ? after - 1 : 1;
  const text = `The ledger entry is gone that seal ${seal} covers: the event ${id} wrote ${sealed.length - fixedRows(record)} of them, and ${rows.length - fixedRows(record)} are there.`;
  return rowBreak("ledger_entries", `${decisionId}/${seq}`, "missing", seal, text);
}

function orphanBreak({ decisionId, seq, eventId, lacks }: OrphanEntry): SealBreak {
  const text = {
    decision: "The entry belongs to a decision that isn't there.",
    event: `The event ${eventId} that the entry names isn't there: it was put in past the app, or the event was taken away.`,
    subject: `The event ${eventId} that the entry names is about something else: it was put in past the app.`,
  }[lacks];
  return rowBreak("ledger_entries", `${decisionId}/${seq}`, "unknown", null, text);
}
