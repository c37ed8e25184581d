import type pg from "pg";
import { instantOf, leastIdAt } from "@/lib/db/ids";
import { type Conditions, conjunction } from "@/lib/decisions/filters";
import { DAY_MS } from "@/lib/discretion/windows";

/** Decisions are kept by month: what is near the beginning of a part is looked through first. */
const NEAR_MS = 62 * DAY_MS;

/** So many rows are looked into at first where looking is dear. */
export const CANDIDATES = 500;

/** A stretch that was looked through faster than this is followed by a longer one; one that took no time, by a much longer one. */
const QUICK_MS = 25;
const NO_TIME_MS = 5;

/** How a read runs its statements: in a transaction of the organization's. */
export type Reader = <T>(work: (client: pg.PoolClient) => Promise<T>) => Promise<T>;

/** A page of one statement. `value` makes a parameter. */
export interface StatementPage {
  conditions: (value: (of: unknown) => string) => string[];
  order: string;
  limit: number;
}

export interface Walk<Row> {
  sort: "newest" | "oldest";
  limit: number;
  /** The id that the part before ended with; null at the beginning. */
  after: string | null;
  /** How long it may take before what was found so far is enough. */
  patienceMs: number;
  readRows: (client: pg.PoolClient, page: StatementPage) => Promise<Row[]>;
}

export interface Stretch<Row> {
  rows: Row[];
  /** Where the next part begins; null at the end. */
  next: string | null;
  /** Up to which moment was looked, ISO 8601, where that took long enough; null where the part is whole. */
  lookedBackTo: string | null;
}

/**
 * A part of a list of decisions that is ordered by time. Ids are in that order, so that it reads the time near its beginning,
 * and further only where that holds too few. Where little matches, it answers after a while with what it found, and `next`
 * goes on from there: so no part takes longer for a longer history.
 */
export async function walkByTime<Row extends { id: string }>(
  organizationId: string,
  base: Conditions,
  { sort, limit, after, patienceMs, readRows }: Walk<Row>,
  read: Reader,
): Promise<Stretch<Row>> {
  const begunAt = performance.now();
  const down = sort === "newest";
  // What is left to look through: from `low`, included, to `high`, which is not. Null: not known yet where it begins.
  let high = down && after ? minId(after, base.to ?? LAST_ID) : (base.to ?? LAST_ID);
  let low = !down && after ? maxId(besideId(after, 1n), base.from ?? FIRST_ID) : base.from;
  if (!down) low ??= await firstId(organizationId, read);
  const rows: Row[] = [];
  let span = NEAR_MS;
  for (let candidates = CANDIDATES; ; ) {
    const askedAt = performance.now();
    let edge = down
      ? maxId(low ?? FIRST_ID, leastIdAt(Math.min(instantOf(high), Date.now()) - span))
      : nearEnd(low ?? FIRST_ID, span, high);
    const page = () => {
      const [from, to] = down ? [edge, high] : [low ?? FIRST_ID, edge];
      return {
        conditions: (value: (of: unknown) => string) => [
          `d.id >= ${value(from)}::uuid`,
          `d.id < ${value(to)}::uuid`,
        ],
        order: down ? "d.id desc" : "d.id",
        limit: limit + 1 - rows.length,
      };
    };
    // No further than so many rows, however close to one another they are.
    const stop =
      base.dear.length > 0
        ? await read((client) => candidatesEnd(client, organizationId, base, page(), candidates))
        : null;
    if (stop) edge = down ? stop.id : besideId(stop.id, 1n);
    rows.push(...(await read((client) => readRows(client, page()))));
    if (rows.length > limit) {
      rows.pop();
      return { rows, next: rows.at(-1)?.id ?? null, lookedBackTo: null };
    }
    if (down) {
      high = edge;
      low ??= await firstId(organizationId, read);
    } else low = edge;
    if (low >= high) return { rows, next: null, lookedBackTo: null };
    const now = performance.now();
    if (now - begunAt > patienceMs) {
      const next = down ? edge : besideId(edge, -1n);
      return { rows, next, lookedBackTo: new Date(instantOf(edge)).toISOString() };
    }
    const more = growth(now - askedAt);
    if (stop) candidates *= more;
    else span *= more;
  }
}

/** The last of the next so many rows without what is dear to look at; null where there are not so many. */
export async function candidatesEnd(
  client: pg.PoolClient,
  organizationId: string,
  base: Conditions,
  page: StatementPage,
  candidates: number,
): Promise<{ id: string; amount: number } | null> {
  const { where, values } = conjunction(organizationId, { ...base, dear: [] }, page);
  const { rows } = await client.query<{ id: string; amount: string }>(
    `select d.id, d.amount from decisions d where ${where} order by ${page.order} offset ${candidates - 1} limit 1`,
    values,
  );
  return rows[0] ? { id: rows[0].id, amount: Number(rows[0].amount) } : null;
}

/** How many times as much is looked through next. */
export function growth(tookMs: number): number {
  if (tookMs < NO_TIME_MS) return 8;
  return tookMs < QUICK_MS ? 2 : 1;
}

/** The end of a stretch that begins at `low`; the last one also holds what a clock that went ahead wrote. */
function nearEnd(low: string, span: number, high: string): string {
  const end = instantOf(low) + span;
  return end > Date.now() ? high : minId(high, leastIdAt(end));
}

/** The id of the first decision that there is; the last of all ids where there is none. */
async function firstId(organizationId: string, read: Reader): Promise<string> {
  const { rows } = await read((client) =>
    client.query<{ id: string }>("select id from decisions where organization_id = $1 order by id limit 1", [
      organizationId,
    ]),
  );
  return rows[0]?.id ?? LAST_ID;
}

const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

const maxId = (a: string, b: string) => (a > b ? a : b);
const minId = (a: string, b: string) => (a < b ? a : b);

/** The id just before or after another one. */
function besideId(id: string, step: 1n | -1n): string {
  const hex = (BigInt(`0x${id.replaceAll("-", "")}`) + step).toString(16).padStart(32, "0").slice(-32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
