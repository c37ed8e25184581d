import type { AuditActor } from "@/lib/audit/mutations";
import { isDatabaseAway } from "@/lib/db/health";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { withPatience } from "@/lib/db/snapshot";
import { askProviders, type ProviderDifference } from "@/lib/execution/reconcile";
import { log } from "@/lib/log";
import { findOrganization } from "@/lib/organizations/data";
import { compareBooks, DIFFERENCES_KEPT, type Rebuildable } from "@/lib/reconciliation/comparison";
import type {
  Comparison,
  CounterKey,
  Counts,
  DayKey,
  Difference,
  Origin,
  Rebuilt,
  ReconciliationResult,
  ReconciliationStep,
  Repair,
  RollupKey,
  Sum,
} from "@/lib/reconciliation/types";
import { verifyHistory } from "@/lib/seals/verify";

/** How many rows are rebuilt in one transaction, for which nobody of the organization decides meanwhile. */
const COUNTERS_AT_ONCE = 10_000;
const SUMS_AT_ONCE = 100;

/** How often a run says that it goes on, however long a step takes. */
const BEAT_MS = 15_000;

/** How often it says how far it is, where that changes all the time. */
const NOTE_MS = 500;

/**
 * Asks for a run: by the worker, or with the origin `command` by whoever asks, who then calls `runReconciliation`.
 * `underway` where one waits or runs already, with its id.
 */
export async function requestReconciliation(options: {
  organizationId: string;
  origin: Origin;
  repairs: boolean;
  askedBy: string | null;
  now: Date;
}): Promise<{ ok: true; id: string } | { ok: false; code: "underway"; id: string }> {
  const { organizationId, origin, repairs, askedBy, now } = options;
  const id = newId(now);
  const { rows } = await pool().query<{
    answer: { outcome: "queued" } | { outcome: "underway"; id: string };
  }>("select request_reconciliation($1, $2, $3, $4, $5, $6) as answer", [
    organizationId,
    id,
    origin,
    repairs,
    askedBy,
    now,
  ]);
  const answer = rows[0]?.answer;
  if (!answer) throw new Error("request_reconciliation gave no row.");
  return answer.outcome === "queued" ? { ok: true, id } : { ok: false, code: "underway", id: answer.id };
}

/** Asks for one run of every organization; they come one after the other. Answers how many were asked for. */
export async function requestNightly(now: Date): Promise<number> {
  const { rows } = await pool().query<{ id: string }>("select list_organizations() as id");
  let asked = 0;
  for (const { id: organizationId } of rows) {
    const options = { organizationId, origin: "nightly", repairs: false, askedBy: null, now } as const;
    if ((await requestReconciliation(options)).ok) asked += 1;
  }
  return asked;
}

/** Thrown where a run has to stop because another worker has begun it anew, or somebody gave it up. */
class NotMine extends Error {}

/** One worker's turn at a run. Its moment of beginning names it: whoever begins anew takes the turn over. */
interface Turn {
  organizationId: string;
  id: string;
  startedAt: string;
  /** On whose behalf. */
  actor: AuditActor;
}

/**
 * Compares everything, rebuilds what differs where the run was asked for that, and writes down what came of it. One that
 * was broken off begins anew. What breaks is written to the run; only a stop of the worker and a database that is away
 * are thrown, for the queue to try again, and with `throws` everything.
 *
 * @param signal the worker stops: the run is left as it is, to be begun anew.
 * @returns null where there was nothing to do any more, or where it broke.
 */
export async function runReconciliation(options: {
  organizationId: string;
  id: string;
  now: Date;
  signal?: AbortSignal;
  throws?: boolean;
}): Promise<ReconciliationResult | null> {
  const { organizationId, id, now, signal, throws = false } = options;
  const { rows } = await pool().query<{ turn: string; repairs: boolean; askedBy: string | null }>(
    'select turn, repairs, asked_by as "askedBy" from begin_reconciliation($1, $2, $3)',
    [organizationId, id, now],
  );
  const begun = rows[0];
  if (!begun) return null;
  const { turn: startedAt, repairs, askedBy } = begun;
  const actor: AuditActor = { kind: askedBy === null ? "system" : "employee", id: askedBy };
  const turn: Turn = { organizationId, id, startedAt, actor };
  const beat = setInterval(() => {
    // Who has lost the turn hears of it at the next step.
    step(turn, null).catch((error: Error) =>
      log.debug({ reason: error.message }, "a run could not be noted"),
    );
  }, BEAT_MS);
  try {
    const result = await reconcile(turn, repairs, signal);
    await finish(turn, result);
    tell(turn, result);
    return result;
  } catch (error) {
    if (error instanceof NotMine) return null;
    if (signal?.aborted || isDatabaseAway(error)) throw error;
    log.error({ err: error, organization: organizationId, reconciliation: id }, "a reconciliation broke");
    await finish(turn, null);
    if (throws) throw error;
    return null;
  } finally {
    clearInterval(beat);
  }
}

async function reconcile(
  turn: Turn,
  repairs: boolean,
  signal: AbortSignal | undefined,
): Promise<ReconciliationResult> {
  // First: what a provider says may move the books that are then looked at.
  const asked = await askProviders({ organizationId: turn.organizationId, now: new Date(), signal });
  const result = await reconcileBooks(turn, repairs, signal);
  return withProviders({ ...result, asked: asked.asked }, asked.differences);
}

/** Adds what providers say that contradicts us. */
function withProviders(
  result: ReconciliationResult,
  differences: readonly ProviderDifference[],
): ReconciliationResult {
  const listed = differences.map((each): Difference => ({ kind: "provider", ...each }));
  return {
    ...result,
    counted: { ...result.counted, provider: differences.length },
    listed: [...listed, ...result.listed].slice(0, DIFFERENCES_KEPT),
  };
}

async function reconcileBooks(
  turn: Turn,
  repairs: boolean,
  signal: AbortSignal | undefined,
): Promise<Omit<ReconciliationResult, "asked">> {
  const { rebuildable, ...first } = await compare(turn, signal);
  const { counters, rollups, days } = rebuildable;
  if (!repairs || !(counters || rollups.length > 0 || days.length > 0)) {
    return withSeals(turn, { ...first, repair: null }, signal);
  }
  await step(turn, { step: "rebuilding", processed: 0, total: null });
  const repair = await rebuild(turn, rebuildable, signal);
  // What is told in the end is how it stands then.
  const { rebuildable: _, ...then } = await compare(turn, signal);
  return withSeals(turn, { ...then, repair }, signal);
}

/** Adds what the seals say of the rows that they cover. */
async function withSeals(
  turn: Turn,
  books: Omit<ReconciliationResult, "sealed" | "asked">,
  signal: AbortSignal | undefined,
): Promise<Omit<ReconciliationResult, "asked">> {
  let notedAt = 0;
  await step(turn, { step: "seals", processed: 0, total: null });
  const { state, seals, events, waiting, ...found } = await verifyHistory({
    organizationId: turn.organizationId,
    ...(signal ? { signal } : {}),
    onProgress: async ({ processed, total }) => {
      if (Date.now() - notedAt < NOTE_MS) return;
      notedAt = Date.now();
      await step(turn, { step: "seals", processed, total });
    },
  });
  const broken = found.break ? [found.break] : [];
  const doubts = found.doubts.map((doubt) => ({ ...doubt, table: "audit_events" }));
  const listed = [...broken, ...doubts].map(
    ({ table, id, seal, text }): Difference => ({ kind: "seal", table, id, seal, text }),
  );
  return {
    ...books,
    counted: { ...books.counted, seal: broken.length + found.doubtCount },
    // However much else differs: where history was changed, nothing else can be believed.
    listed: [...listed, ...books.listed].slice(0, DIFFERENCES_KEPT),
    sealed: { state, seals, events, waiting },
  };
}

async function compare(turn: Turn, signal: AbortSignal | undefined) {
  const organization = await findOrganization(turn.organizationId);
  if (!organization) throw new Error(`There is no organization ${turn.organizationId}.`);
  return compareBooks({
    organizationId: turn.organizationId,
    currency: organization.currency,
    timeZone: organization.timeZone,
    now: new Date(),
    onStep: async (at) => {
      signal?.throwIfAborted();
      await step(turn, at);
    },
  });
}

/** Rebuilds rows some at a time, so that nobody who decides waits long. Some are whole with the event that says so. */
async function rebuild(
  turn: Turn,
  { counters, rollups, days }: Rebuildable,
  signal: AbortSignal | undefined,
): Promise<Repair> {
  const repair: Repair = { counters: 0, rollups: 0, days: 0, left: 0, listed: [] };
  const list = (rebuilt: Rebuilt) => {
    if (repair.listed.length < DIFFERENCES_KEPT) repair.listed.push(rebuilt);
  };
  for (let more = counters; more; ) {
    signal?.throwIfAborted();
    const { rebuilt, left } = await rebuildCounters(turn);
    for (const { was, is, ...key } of rebuilt) list({ kind: "counter", key, was, is });
    repair.counters += rebuilt.length;
    repair.left = left;
    more = rebuilt.length === COUNTERS_AT_ONCE;
  }
  // A day's sum follows those of its employees, rightly or not, so it is looked at again after each of them.
  for (let from = 0; from < Math.max(rollups.length, days.length); from += SUMS_AT_ONCE) {
    signal?.throwIfAborted();
    const some = rollups.slice(from, from + SUMS_AT_ONCE);
    const rebuilt = await rebuildSums(turn, some, [...some, ...days.slice(from, from + SUMS_AT_ONCE)]);
    for (const { was, is, ...key } of rebuilt.rollups) list({ kind: "rollup", key, was, is });
    for (const { was, is, ...key } of rebuilt.days) list({ kind: "day", key, was, is });
    repair.rollups += rebuilt.rollups.length;
    repair.days += rebuilt.days.length;
  }
  return repair;
}

interface RebuiltCounters {
  rebuilt: (CounterKey & { was: Counts | null; is: Counts })[];
  left: number;
}

async function rebuildCounters({ organizationId, id, startedAt, actor }: Turn): Promise<RebuiltCounters> {
  return withPatience(organizationId, async (query) => {
    const [row] = await query<{ answer: RebuiltCounters | null }>(
      "select rebuild_counters($1, $2, $3::timestamptz, $4, $5, $6) as answer",
      [organizationId, id, startedAt, COUNTERS_AT_ONCE, JSON.stringify(actor), new Date()],
    );
    if (!row?.answer) throw new NotMine();
    return row.answer;
  });
}

interface RebuiltSums {
  rollups: (RollupKey & { was: Sum; is: Sum })[];
  days: (DayKey & { was: Sum; is: Sum })[];
}

async function rebuildSums(
  { organizationId, id, startedAt, actor }: Turn,
  rollups: readonly RollupKey[],
  days: readonly DayKey[],
): Promise<RebuiltSums> {
  return withPatience(organizationId, async (query) => {
    const [row] = await query<{ answer: RebuiltSums | null }>(
      "select rebuild_sums($1, $2, $3::timestamptz, $4, $5, $6, $7) as answer",
      [
        ...[organizationId, id, startedAt, JSON.stringify(rollups), JSON.stringify(days)],
        ...[JSON.stringify(actor), new Date()],
      ],
    );
    if (!row?.answer) throw new NotMine();
    return row.answer;
  });
}

/** Writes down how far it is (null: only that it goes on). Whoever began anew is heard here. */
async function step(
  { organizationId, id, startedAt }: Turn,
  at: { step: ReconciliationStep; processed: number; total: number | null } | null,
): Promise<void> {
  const { rows } = await pool().query<{ mine: boolean }>(
    "select note_reconciliation($1, $2, $3::timestamptz, $4, $5, $6) as mine",
    [organizationId, id, startedAt, at?.step ?? null, at?.processed ?? null, at?.total ?? null],
  );
  if (!rows[0]?.mine) throw new NotMine();
}

async function finish(
  { organizationId, id, startedAt }: Turn,
  result: ReconciliationResult | null,
): Promise<void> {
  const { rows } = await pool().query<{ mine: boolean }>(
    "select finish_reconciliation($1, $2, $3::timestamptz, $4, $5) as mine",
    [organizationId, id, startedAt, result && differencesOf(result), result && JSON.stringify(result)],
  );
  if (!rows[0]?.mine) throw new NotMine();
}

/** How many things differ. */
export function differencesOf({ counted }: Pick<Comparison, "counted">): number {
  return Object.values(counted).reduce((sum, count) => sum + count, 0);
}

function tell({ organizationId, id }: Turn, { counted, repair }: ReconciliationResult): void {
  const about = { organization: organizationId, reconciliation: id };
  if (repair) {
    log.warn({ ...about, counters: repair.counters, rollups: repair.rollups }, "what differed was rebuilt");
  }
  const differences = differencesOf({ counted });
  if (differences > 0) log.error({ ...about, differences, counted }, "the books differ");
}

/** Notes that somebody has seen what a run found; the alert is over then. Answers whether there was one. */
export async function lookAtReconciliation(options: {
  organizationId: string;
  id: string;
  employeeId: string;
  now: Date;
}): Promise<boolean> {
  const { organizationId, id, employeeId, now } = options;
  const { rows } = await pool().query<{ seen: boolean }>(
    "select look_at_reconciliation($1, $2, $3, $4, $5) as seen",
    [organizationId, id, employeeId, newId(now), now],
  );
  return rows[0]?.seen ?? false;
}
