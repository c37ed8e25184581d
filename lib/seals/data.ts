import type pg from "pg";
import { isId, leastIdAt } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import { DAY_MS } from "@/lib/discretion/windows";
import {
  canonicalNote,
  canonicalRow,
  hashText,
  instantAsText,
  placeOf,
  type RowValues,
  type SealedRowName,
  selectList,
} from "@/lib/seals/records";
import { HASH_BYTES } from "@/lib/seals/tree";
import {
  CHANNELS,
  type Channel,
  type ChannelState,
  type DecisionSeal,
  type Seal,
  type Verification,
  type VerificationResult,
} from "@/lib/seals/types";

/** A row that a leaf covers, as it is hashed. */
export interface SealedRow {
  table: SealedRowName;
  /** Its id, or the parts of its key with a slash between them. */
  id: string;
  text: string;
  hash: Buffer;
}

/** An audit event with the rows that it wrote. */
export interface EventRecord {
  id: string;
  action: string;
  /** The decision that it is about; null where it is about something else. */
  decisionId: string | null;
  /** The customer and the moment of the decision that it recorded. */
  customerId: string | null;
  decidedAt: string | null;
  /** The event, the decision and its note where it recorded one, the ledger entries in their order. */
  rows: SealedRow[];
}

export const RECORDED = "decision.recorded";

const EVENT_ID = placeOf("audit_events", "id");
const ACTION = placeOf("audit_events", "action");
const SUBJECT_KIND = placeOf("audit_events", "subject_kind");
const SUBJECT_ID = placeOf("audit_events", "subject_id");
const DECISION_ID = placeOf("decisions", "id");
const CUSTOMER_ID = placeOf("decisions", "customer_id");
const DECIDED_AT = placeOf("decisions", "created_at");
const ENTRY_DECISION = placeOf("ledger_entries", "decision_id");
const ENTRY_SEQ = placeOf("ledger_entries", "seq");
const ENTRY_EVENT = placeOf("ledger_entries", "event_id");

const EVENTS = `select ${selectList("audit_events", "e")} from audit_events e where e.organization_id = $1 and e.id = any ($2)`;
const DECISIONS = `select ${selectList("decisions", "d")}, d.note from decisions d where d.organization_id = $1 and d.id = any ($2)`;
const ENTRIES = `select ${selectList("ledger_entries", "l")} from ledger_entries l
  where l.organization_id = $1 and l.decision_id = any ($2) and l.event_id = any ($3) order by l.decision_id, l.seq`;

async function readRows(client: pg.PoolClient, text: string, values: unknown[]): Promise<RowValues[]> {
  const { rows } = await client.query<(string | null)[]>({ text, values, rowMode: "array" });
  return rows;
}

/** The events of these ids that are there, with the rows that they wrote. */
export async function readRecords(
  client: pg.PoolClient,
  organizationId: string,
  eventIds: readonly string[],
): Promise<Map<string, EventRecord>> {
  const events = await readRows(client, EVENTS, [organizationId, eventIds]);
  const records = new Map<string, EventRecord>();
  const subjects = new Set<string>();
  const recorded = new Set<string>();
  for (const values of events) {
    const id = values[EVENT_ID] ?? "";
    const subject = (values[SUBJECT_ID] ?? "").toLowerCase();
    const decisionId = values[SUBJECT_KIND] === "decision" && isId(subject) ? subject : null;
    const action = values[ACTION] ?? "";
    records.set(id, {
      id,
      action,
      decisionId,
      customerId: null,
      decidedAt: null,
      rows: [toRow("audit_events", id, canonicalRow("audit_events", values))],
    });
    if (decisionId) subjects.add(decisionId);
    if (decisionId && action === RECORDED) recorded.add(decisionId);
  }
  const decisions = await readDecisions(client, organizationId, recorded);
  const entries = await readEntries(client, organizationId, subjects, eventIds);
  for (const record of records.values()) {
    if (!record.decisionId) continue;
    const decision = record.action === RECORDED ? decisions.get(record.decisionId) : undefined;
    if (decision) {
      record.customerId = decision.customerId;
      record.decidedAt = decision.decidedAt;
      record.rows.push(...decision.rows);
    }
    record.rows.push(...(entries.get(`${record.decisionId}/${record.id}`) ?? []));
  }
  return records;
}

async function readDecisions(client: pg.PoolClient, organizationId: string, ids: ReadonlySet<string>) {
  const decisions = new Map<string, { customerId: string; decidedAt: string; rows: SealedRow[] }>();
  if (ids.size === 0) return decisions;
  for (const row of await readRows(client, DECISIONS, [organizationId, [...ids]])) {
    const values = row.slice(0, -1);
    const note = row.at(-1) ?? null;
    const id = values[DECISION_ID] ?? "";
    decisions.set(id, {
      customerId: values[CUSTOMER_ID] ?? "",
      decidedAt: values[DECIDED_AT] ?? "",
      rows: [
        toRow("decisions", id, canonicalRow("decisions", values)),
        toRow("decisions.note", id, canonicalNote(id, note)),
      ],
    });
  }
  return decisions;
}

/** By decision and event. */
async function readEntries(
  client: pg.PoolClient,
  organizationId: string,
  subjects: ReadonlySet<string>,
  eventIds: readonly string[],
) {
  const entries = new Map<string, SealedRow[]>();
  if (subjects.size === 0) return entries;
  for (const values of await readRows(client, ENTRIES, [organizationId, [...subjects], eventIds])) {
    const key = `${values[ENTRY_DECISION]}/${values[ENTRY_EVENT]}`;
    const id = `${values[ENTRY_DECISION]}/${values[ENTRY_SEQ]}`;
    const row = toRow("ledger_entries", id, canonicalRow("ledger_entries", values));
    const known = entries.get(key);
    if (known) known.push(row);
    else entries.set(key, [row]);
  }
  return entries;
}

function toRow(table: SealedRowName, id: string, text: string): SealedRow {
  return { table, id, text, hash: hashText(text) };
}

/** The hashes that stand one after the other in a leaf. */
export function splitHashes(rowHashes: Buffer): Buffer[] {
  return Array.from({ length: Math.floor(rowHashes.length / HASH_BYTES) }, (_, place) =>
    rowHashes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES),
  );
}

const SEAL = `s.organization_id as "organizationId", s.seq::int as seq, encode(s.previous_hash, 'hex') as "previousHash",
  encode(s.root, 'hex') as root, encode(s.hash, 'hex') as hash, s.leaf_count as "leafCount", ${instantAsText("s.sealed_at")} as "sealedAt"`;

/** Seals after a number, in the order of their numbers. */
export async function readSeals(organizationId: string, after: number, limit: number): Promise<Seal[]> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<Seal>(
      `select ${SEAL} from seals s where s.organization_id = $1 and s.seq > $2 order by s.seq limit $3`,
      [organizationId, after, limit],
    );
    return rows;
  });
}

/** The newest seals below a number, the newest first. */
export async function readNewestSeals(
  organizationId: string,
  { below, limit }: { below: number | null; limit: number },
): Promise<Seal[]> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<Seal>(
      `select ${SEAL} from seals s where s.organization_id = $1 and ($2::bigint is null or s.seq < $2) order by s.seq desc limit $3`,
      [organizationId, below, limit],
    );
    return rows;
  });
}

/** One seal; null where there is none of that number. */
export async function readSealAt(
  client: pg.PoolClient,
  organizationId: string,
  seq: number,
): Promise<Seal | null> {
  const { rows } = await client.query<Seal>(
    `select ${SEAL} from seals s where s.organization_id = $1 and s.seq = $2`,
    [organizationId, seq],
  );
  return rows[0] ?? null;
}

/** The newest seal, as the transaction sees it; null before the first. */
export async function lastSeal(client: pg.PoolClient, organizationId: string): Promise<Seal | null> {
  const { rows } = await client.query<Seal>(
    `select ${SEAL} from seals s where s.organization_id = $1 order by s.seq desc limit 1`,
    [organizationId],
  );
  return rows[0] ?? null;
}

/**
 * The events that wait to be sealed, the oldest ids first. What cannot be sealed is left out, so that it keeps nothing
 * else from being sealed: an event that is gone, and one that a seal covers already. A verification names both.
 */
export async function readWaiting(
  client: pg.PoolClient,
  organizationId: string,
  limit: number,
): Promise<string[]> {
  // As values, not as joins, which would read the whole of a long queue for each batch of it.
  const { rows } = await client.query<{ id: string }>(
    `select u.event_id as id from unsealed u
     where u.organization_id = $1
       and (select true from audit_events e where e.organization_id = $1 and e.id = u.event_id limit 1)
       and (select true from seal_leaves l where l.organization_id = $1 and l.event_id = u.event_id limit 1) is null
     order by u.event_id limit $2`,
    [organizationId, limit],
  );
  return rows.map(({ id }) => id);
}

export interface Leaf {
  sealSeq: number;
  position: number;
  eventId: string;
  hash: Buffer;
  rowHashes: Buffer;
  /** When the event came into the queue; epoch milliseconds, null where nobody noted it. */
  queuedAt: number | null;
}

const LEAF = `l.seal_seq::int as "sealSeq", l.position, l.event_id as "eventId", l.hash, l.row_hashes as "rowHashes",
  (extract(epoch from l.queued_at) * 1000)::float8 as "queuedAt"`;

/** Leaves after a place, up to a seal, in the order of seals and places. */
export async function readLeaves(
  client: pg.PoolClient,
  organizationId: string,
  after: Pick<Leaf, "sealSeq" | "position">,
  upTo: number,
  limit: number,
): Promise<Leaf[]> {
  const { rows } = await client.query<Leaf>(
    `select ${LEAF} from seal_leaves l
     where l.organization_id = $1 and (l.seal_seq, l.position) > ($2, $3) and l.seal_seq <= $4
     order by l.seal_seq, l.position limit $5`,
    [organizationId, after.sealSeq, after.position, upTo, limit],
  );
  return rows;
}

/** The leaves of one seal, in the order of their places. */
export async function readLeavesOf(
  client: pg.PoolClient,
  organizationId: string,
  seal: number,
): Promise<Leaf[]> {
  const { rows } = await client.query<Leaf>(
    `select ${LEAF} from seal_leaves l where l.organization_id = $1 and l.seal_seq = $2 order by l.position`,
    [organizationId, seal],
  );
  return rows;
}

/** A seal that the register knows and the chain has not, or the other way round; null where they are the same. */
export async function findUnregistered(
  organizationId: string,
): Promise<{ seq: number; missing: "seal" | "register"; another: boolean } | null> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ seq: number; missing: "seal" | "register"; another: boolean }>(
      `select coalesce(r.seq, s.seq)::int as seq, case when s.seq is null then 'seal' else 'register' end as missing,
         exists (select 1 from seals o where o.organization_id = $1 and o.seq = r.seq) as another
       from (select seq, hash from seal_register where organization_id = $1) r
       full join (select seq, hash from seals where organization_id = $1) s on s.seq = r.seq and s.hash = r.hash
       where r.seq is null or s.seq is null order by 1, 2 desc limit 1`,
      [organizationId],
    );
    return rows[0] ?? null;
  });
}

/** A seal that was told outside, and that the chain has not (any more); null where there is none such. */
export async function findUnkeptPublication(
  organizationId: string,
): Promise<{ seq: number; channel: string } | null> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ seq: number; channel: string }>(
      `select p.seal_seq::int as seq, p.channel from seal_publications p
       where p.organization_id = $1 and p.published_at is not null and not exists (
         select 1 from seals s where s.organization_id = $1 and s.seq = p.seal_seq and s.hash = p.hash)
       order by p.seal_seq limit 1`,
      [organizationId],
    );
    return rows[0] ?? null;
  });
}

/** A leaf beyond the chain's end; null where there is none. */
export async function findStrayLeaf(
  organizationId: string,
): Promise<Pick<Leaf, "sealSeq" | "eventId"> | null> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<Pick<Leaf, "sealSeq" | "eventId">>(
      `select l.seal_seq::int as "sealSeq", l.event_id as "eventId" from seal_leaves l
       where l.organization_id = $1
         and (l.seal_seq < 1 or l.seal_seq > (select coalesce(max(s.seq), 0) from seals s where s.organization_id = $1))
       order by l.seal_seq limit 1`,
      [organizationId],
    );
    return rows[0] ?? null;
  });
}

export interface QueuedEvent {
  eventId: string;
  queuedAt: number | null;
  isThere: boolean;
  isSealed: boolean;
}

/** The queue after an event, with what is known of each. */
export async function readQueue(
  organizationId: string,
  after: string,
  limit: number,
): Promise<QueuedEvent[]> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<QueuedEvent>(
      `select u.event_id as "eventId", (extract(epoch from u.queued_at) * 1000)::float8 as "queuedAt",
         exists (select 1 from audit_events e where e.organization_id = $1 and e.id = u.event_id) as "isThere",
         exists (select 1 from seal_leaves l where l.organization_id = $1 and l.event_id = u.event_id) as "isSealed"
       from unsealed u where u.organization_id = $1 and u.event_id > $2 order by u.event_id limit $3`,
      [organizationId, after, limit],
    );
    return rows;
  });
}

export interface Stretch {
  count: number;
  /** Where the next one begins; null at the end. */
  last: string | null;
}

/** Looks at a stretch of events for one that neither a seal covers nor the queue holds. */
export async function findUncoveredEvent(
  organizationId: string,
  after: string,
  limit: number,
): Promise<Stretch & { uncovered: string | null }> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<Stretch & { uncovered: string | null }>(
      `with page as materialized (
         select e.id from audit_events e where e.organization_id = $1 and e.id > $2 order by e.id limit $3
       )
       select (select count(*)::int from page) as count, (select id from page order by id desc limit 1) as last,
         (select p.id from page p
          left join seal_leaves l on l.organization_id = $1 and l.event_id = p.id
          left join unsealed u on u.organization_id = $1 and u.event_id = p.id
          where l.event_id is null and u.event_id is null order by p.id limit 1) as uncovered`,
      [organizationId, after, limit],
    );
    return rows[0] ?? { count: 0, last: null, uncovered: null };
  });
}

/** What is said of a decision's status, and how many events say that it was recorded. */
export interface DecisionState {
  id: string;
  status: string;
  /** After its last entry; null where it has none. */
  lastStatus: string | null;
  recordings: number;
}

/** A stretch of decisions, in the order of their ids. */
export async function readDecisionStates(
  organizationId: string,
  after: string,
  limit: number,
): Promise<DecisionState[]> {
  return withTenant(organizationId, async (client) => {
    const { rows: page } = await client.query<{ id: string }>(
      "select d.id from decisions d where d.organization_id = $1 and d.id > $2 order by d.id limit $3",
      [organizationId, after, limit],
    );
    const ids = page.map(({ id }) => id);
    const [first, last] = [ids[0], ids.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { rows } = await client.query<Omit<DecisionState, "recordings">>(
      `select d.id, d.status, l.status_after as "lastStatus" from decisions d
       left join lateral (
         select e.status_after from ledger_entries e
         where e.organization_id = $1 and e.decision_id = d.id order by e.seq desc limit 1
       ) l on true
       where d.organization_id = $1 and d.id = any ($2) order by d.id`,
      [organizationId, ids],
    );
    // An event has nearly the same moment in its id as the decision that it recorded, so few months are looked into;
    // where that finds not exactly one, all are.
    const near = await countRecordings(client, organizationId, ids, {
      from: leastIdAt(idTime(first) - DAY_MS),
      to: leastIdAt(idTime(last) + DAY_MS),
    });
    const odd = ids.filter((id) => near.get(id) !== 1);
    const all = odd.length === 0 ? near : await countRecordings(client, organizationId, odd, null);
    return rows.map((row) => ({ ...row, recordings: (near.get(row.id) === 1 ? 1 : all.get(row.id)) ?? 0 }));
  });
}

async function countRecordings(
  client: pg.PoolClient,
  organizationId: string,
  ids: readonly string[],
  within: { from: string; to: string } | null,
): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: string; count: number }>(
    `select e.subject_id as id, count(*)::int as count from audit_events e
     where e.organization_id = $1 and e.subject_kind = 'decision' and e.subject_id = any ($2) and e.action = '${RECORDED}'
       ${within ? "and e.id >= $3 and e.id < $4" : ""}
     group by e.subject_id`,
    [organizationId, ids, ...(within ? [within.from, within.to] : [])],
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** The moment in an id, epoch milliseconds. */
export function idTime(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

export interface EntryPlace {
  decisionId: string;
  seq: number;
}

/** An entry that no event of its decision accounts for. */
export interface OrphanEntry extends EntryPlace {
  eventId: string;
  /** What is not there, or is about something else. */
  lacks: "decision" | "event" | "subject";
}

/** Looks at a stretch of entries for one that belongs to no decision, or that no event of its decision wrote. */
export async function findOrphanEntry(
  organizationId: string,
  after: EntryPlace,
  limit: number,
): Promise<{ count: number; last: EntryPlace | null; orphan: OrphanEntry | null }> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{
      count: number;
      last: EntryPlace | null;
      orphan: OrphanEntry | null;
    }>(
      `with page as materialized (
         select l.decision_id, l.seq, l.event_id from ledger_entries l
         where l.organization_id = $1 and (l.decision_id, l.seq) > ($2, $3) order by l.decision_id, l.seq limit $4
       ), judged as (
         select p.*, case when d.id is null then 'decision' when e.id is null then 'event'
             when e.subject_kind <> 'decision' or lower(e.subject_id) <> p.decision_id::text then 'subject' end as lacks
         from page p
         left join decisions d on d.organization_id = $1 and d.id = p.decision_id
         left join audit_events e on e.organization_id = $1 and e.id = p.event_id
       )
       select (select count(*)::int from page) as count,
         (select json_build_object('decisionId', decision_id, 'seq', seq) from page order by decision_id desc, seq desc limit 1) as last,
         (select json_build_object('decisionId', decision_id, 'seq', seq, 'eventId', event_id, 'lacks', lacks)
          from judged where lacks is not null order by decision_id, seq limit 1) as orphan`,
      [organizationId, after.decisionId, after.seq, limit],
    );
    return rows[0] ?? { count: 0, last: null, orphan: null };
  });
}

/**
 * Whether history says that a customer was erased: the one that a decision was taken for, or a record that it was ever
 * merged with.
 */
export async function wasErased(
  client: pg.PoolClient,
  organizationId: string,
  customerId: string,
): Promise<boolean> {
  const { rows } = await client.query<{ erased: boolean }>(
    `with recursive same (id) as (
       select $2::uuid
       union
       select x.id from same s cross join lateral (
         select m.customer_id as id from customer_merges m where m.organization_id = $1 and m.duplicate_id = s.id
         union all
         select m.duplicate_id from customer_merges m where m.organization_id = $1 and m.customer_id = s.id
       ) x
     )
     select exists (
       select 1 from same s
       join audit_events e on e.organization_id = $1 and e.subject_kind = 'customer' and e.subject_id = s.id::text
         and e.action = 'customer.erased'
       where exists (select 1 from seal_leaves l where l.organization_id = $1 and l.event_id = e.id)
         or exists (select 1 from unsealed u where u.organization_id = $1 and u.event_id = e.id)
     ) as erased`,
    [organizationId, customerId],
  );
  return rows[0]?.erased ?? false;
}

/** Notes of decisions before this moment (epoch milliseconds) went because their time was over, as history says; null: none did. */
export async function readNotesExpiredBefore(organizationId: string): Promise<number | null> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ before: string | null }>(
      `select max(e.data ->> 'before') as before from audit_events e
       where e.organization_id = $1 and e.subject_kind = 'organization' and e.subject_id = $1::text
         and e.action = 'texts.expired' and e.data ->> 'kind' = 'notes' and (
           exists (select 1 from seal_leaves l where l.organization_id = $1 and l.event_id = e.id)
           or exists (select 1 from unsealed u where u.organization_id = $1 and u.event_id = e.id))`,
      [organizationId],
    );
    const before = Date.parse(rows[0]?.before ?? "");
    return Number.isNaN(before) ? null : before;
  });
}

/** How much there is to verify. */
export async function countHistory(
  organizationId: string,
): Promise<{ events: number; decisions: number; entries: number }> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ events: number; decisions: number; entries: number }>(
      `select ((select coalesce(sum(leaf_count), 0) from seals where organization_id = $1)
           + (select count(*) from unsealed where organization_id = $1))::float8 as events,
         (select count(*) from decisions where organization_id = $1)::float8 as decisions,
         (select count(*) from ledger_entries where organization_id = $1)::float8 as entries`,
      [organizationId],
    );
    return rows[0] ?? { events: 0, decisions: 0, entries: 0 };
  });
}

/** How far each channel is, whether or not it is in this process's settings. */
export async function readChannels(organizationId: string): Promise<Omit<ChannelState, "configured">[]> {
  const rows = await withTenant(organizationId, async (client) => {
    const answer = await client.query<{
      channel: Channel;
      published: number | null;
      published_at: Date | null;
      fault: string | null;
      attempted_at: Date | null;
    }>(
      `select c.channel, p.seal_seq::int as published, p.published_at, f.fault, f.attempted_at
       from unnest($2::text[]) as c (channel)
       left join lateral (
         select x.seal_seq, x.published_at from seal_publications x
         where x.organization_id = $1 and x.channel = c.channel and x.published_at is not null
         order by x.seal_seq desc limit 1
       ) p on true
       left join lateral (
         select x.fault, x.attempted_at from seal_publications x
         where x.organization_id = $1 and x.channel = c.channel and x.fault is not null
         order by x.seal_seq desc limit 1
       ) f on true`,
      [organizationId, CHANNELS],
    );
    return answer.rows;
  });
  return rows.map(({ channel, published, published_at, fault, attempted_at }) => ({
    channel,
    published,
    publishedAt: published_at?.toISOString() ?? null,
    fault,
    faultAt: attempted_at?.toISOString() ?? null,
  }));
}

/** The channels that were told of each of these seals. */
export async function readPublished(
  organizationId: string,
  seqs: readonly number[],
): Promise<Map<number, Channel[]>> {
  const rows = await withTenant(organizationId, async (client) => {
    const answer = await client.query<{ seq: number; channels: Channel[] }>(
      `select p.seal_seq::int as seq, array_agg(p.channel order by p.channel) as channels from seal_publications p
       where p.organization_id = $1 and p.seal_seq = any ($2) and p.published_at is not null group by p.seal_seq`,
      [organizationId, seqs],
    );
    return answer.rows;
  });
  return new Map(rows.map(({ seq, channels }) => [seq, channels]));
}

/** What the page of seals says in numbers. */
export async function readSealTotals(
  organizationId: string,
): Promise<{ seals: number; events: number; waiting: number; waitingSince: string | null }> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{
      seals: number;
      events: number;
      waiting: number;
      waiting_since: Date | null;
    }>(
      `select s.seals, s.events, u.waiting, u.waiting_since
       from (select count(*)::float8 as seals, coalesce(sum(leaf_count), 0)::float8 as events
             from seals where organization_id = $1) s,
         (select count(*)::float8 as waiting, min(queued_at) as waiting_since from unsealed where organization_id = $1) u`,
      [organizationId],
    );
    const row = rows[0];
    return {
      seals: row?.seals ?? 0,
      events: row?.events ?? 0,
      waiting: row?.waiting ?? 0,
      waitingSince: row?.waiting_since?.toISOString() ?? null,
    };
  });
}

const VERIFICATION = `v.id, v.status, v.phase, v.processed::float8 as processed, v.total::float8 as total, v.result,
  e.name as "askedBy", v.created_at as "createdAt", v.finished_at as "finishedAt"`;

type VerificationRow = Omit<Verification, "createdAt" | "finishedAt"> & {
  createdAt: Date;
  finishedAt: Date | null;
};

function toVerification(row: VerificationRow): Verification {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** The latest verification that came to an end, and one that waits or runs. */
export async function readVerifications(
  organizationId: string,
): Promise<{ latest: Verification | null; running: Verification | null }> {
  return withTenant(organizationId, async (client) => {
    const read = async (where: string, order: string) => {
      const { rows } = await client.query<VerificationRow>(
        `select ${VERIFICATION} from seal_verifications v
         left join employees e on e.organization_id = v.organization_id and e.id = v.asked_by
         where v.organization_id = $1 and ${where} order by ${order} limit 1`,
        [organizationId],
      );
      return rows[0] ? toVerification(rows[0]) : null;
    };
    // In this order: one that ends in between is then in both, and not in none.
    const running = await read("v.status in ('queued', 'running')", "v.created_at desc, v.id desc");
    const latest = await read("v.status in ('done', 'failed')", "v.finished_at desc, v.id desc");
    return { latest, running: running?.id === latest?.id ? null : running };
  });
}

/** What the latest verification that found anything out says of history; null before the first. */
export async function readLatestState(
  organizationId: string,
): Promise<{ state: VerificationResult["state"]; finishedAt: string } | null> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ state: VerificationResult["state"]; finishedAt: Date }>(
      `select v.result ->> 'state' as state, v.finished_at as "finishedAt" from seal_verifications v
       where v.organization_id = $1 and v.status = 'done' order by v.finished_at desc, v.id desc limit 1`,
      [organizationId],
    );
    const row = rows[0];
    return row ? { state: row.state, finishedAt: row.finishedAt.toISOString() } : null;
  });
}

/** One verification; null where the organization has none of that id. */
export async function findVerification(organizationId: string, id: string): Promise<Verification | null> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<VerificationRow>(
      `select ${VERIFICATION} from seal_verifications v
       left join employees e on e.organization_id = v.organization_id and e.id = v.asked_by
       where v.organization_id = $1 and v.id = $2`,
      [organizationId, id],
    );
    return rows[0] ? toVerification(rows[0]) : null;
  });
}

/** The seal that covers the recording of a decision; null while it waits. */
export async function findDecisionSeal(
  organizationId: string,
  decisionId: string,
): Promise<DecisionSeal | null> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ seal: number; sealedAt: Date }>(
      `select s.seq::int as seal, s.sealed_at as "sealedAt" from audit_events e
       join seal_leaves l on l.organization_id = $1 and l.event_id = e.id
       join seals s on s.organization_id = $1 and s.seq = l.seal_seq
       where e.organization_id = $1 and e.subject_kind = 'decision' and e.subject_id = $2 and e.action = '${RECORDED}'
       order by s.seq limit 1`,
      [organizationId, decisionId],
    );
    const row = rows[0];
    return row ? { seal: row.seal, sealedAt: row.sealedAt.toISOString() } : null;
  });
}
