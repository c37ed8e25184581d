import type pg from "pg";
import { leastIdAt } from "@/lib/db/ids";

/** An event of history, as what goes out reads it. */
export interface NewsEvent {
  id: string;
  action: string;
  subjectKind: string;
  subjectId: string;
  actorKind: string;
  actorId: string | null;
  data: Record<string, unknown>;
  at: Date;
}

export type Reader = "webhooks" | "mail";

/** So many seals are gone through in one transaction; each covers a thousand events at most. */
const SEALS = 10;
/** How far back the events that no seal covers yet are looked through: a transaction is rarely open for longer. */
const AHEAD_MS = 30_000;
const AHEAD_EVENTS = 2_000;

interface Options {
  organizationId: string;
  reader: Reader;
  /** How the actions begin that are of interest: "decision", for decision.recorded. */
  beginnings: readonly string[];
  /**
   * SQL over the event `e` that is true of what was read ahead already. With it the newest events are read before a seal
   * covers them; without it a reader waits for the seal.
   */
  unlessRead?: string;
  now: Date;
}

export interface News {
  events: NewsEvent[];
  /** There is more under later seals. */
  more: boolean;
  /** Notes that all of it was read, in the transaction that read it. */
  advance(): Promise<void>;
}

/**
 * What has happened since the reader last looked, oldest first; null while somebody else reads. Nothing is left out and
 * nothing is waited for on the way of a decision (docs/decisions/0024-what-goes-out-reads-the-seals.md): every event is
 * in exactly one seal, seals come one after the other, and a seal only covers what has been committed. What no seal
 * covers yet is read ahead, so that an endpoint hears of it at once; whatever is missed there, the seal brings.
 */
export async function readNews(client: pg.PoolClient, options: Options): Promise<News | null> {
  const { organizationId, reader, unlessRead, now } = options;
  const { rows: locks } = await client.query<{ mine: boolean }>(
    "select pg_try_advisory_xact_lock(hashtextextended('leeway.feed/' || $2 || '/' || $1, 0)) as mine",
    [organizationId, reader],
  );
  if (!locks[0]?.mine) return null;
  const place = await placeOf(client, organizationId, reader, now);
  const { rows: seals } = await client.query<{ seq: string }>(
    "select seq from seals where organization_id = $1 and seq > $2 order by seq limit $3",
    [organizationId, place.sealSeq, SEALS],
  );
  const upTo = seals.at(-1)?.seq ?? place.sealSeq;
  const ids = await sealedIds(client, organizationId, place.sealSeq, upTo);
  if (unlessRead) ids.push(...(await aheadIds(client, organizationId, now)));
  return {
    events: ids.length === 0 ? [] : await readEvents(client, options, ids, place.since),
    more: seals.length === SEALS,
    advance: async () => {
      if (upTo === place.sealSeq) return;
      await client.query(
        "update event_feeds set seal_seq = $3 where organization_id = $1 and reader = $2 and seal_seq < $3",
        [organizationId, reader, upTo],
      );
    },
  };
}

async function readEvents(
  client: pg.PoolClient,
  { organizationId, beginnings, unlessRead }: Options,
  ids: readonly string[],
  since: Date,
): Promise<NewsEvent[]> {
  const { rows } = await client.query<NewsEvent>(
    `select e.id, e.action, e.subject_kind as "subjectKind", e.subject_id as "subjectId",
       e.actor_kind as "actorKind", e.actor_id as "actorId", e.data, e.created_at as at
     from audit_events e
     where e.organization_id = $1 and e.id = any ($2) and e.created_at >= $3
       and split_part(e.action, '.', 1) = any ($4) ${unlessRead ? `and not (${unlessRead})` : ""}
     order by e.id`,
    [organizationId, ids, since, beginnings],
  );
  return rows;
}

/** Where a reader is. One that is new begins at the newest seal, with what happens from now on. */
async function placeOf(
  client: pg.PoolClient,
  organizationId: string,
  reader: Reader,
  now: Date,
): Promise<{ sealSeq: string; since: Date }> {
  await client.query(
    `insert into event_feeds (organization_id, reader, seal_seq, since)
     select $1, $2, coalesce(max(s.seq), 0), $3 from seals s where s.organization_id = $1
     on conflict (organization_id, reader) do nothing`,
    [organizationId, reader, now],
  );
  const { rows } = await client.query<{ sealSeq: string; since: Date }>(
    'select seal_seq as "sealSeq", since from event_feeds where organization_id = $1 and reader = $2',
    [organizationId, reader],
  );
  if (!rows[0]) throw new Error("A feed that was just begun is gone.");
  return rows[0];
}

async function sealedIds(
  client: pg.PoolClient,
  organizationId: string,
  after: string,
  upTo: string,
): Promise<string[]> {
  if (after === upTo) return [];
  const { rows } = await client.query<{ id: string }>(
    `select event_id as id from seal_leaves
     where organization_id = $1 and seal_seq > $2 and seal_seq <= $3 order by seal_seq, position`,
    [organizationId, after, upTo],
  );
  return rows.map(({ id }) => id);
}

async function aheadIds(client: pg.PoolClient, organizationId: string, now: Date): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    "select event_id as id from unsealed where organization_id = $1 and event_id >= $2 order by event_id desc limit $3",
    [organizationId, leastIdAt(now.getTime() - AHEAD_MS), AHEAD_EVENTS],
  );
  return rows.map(({ id }) => id);
}
