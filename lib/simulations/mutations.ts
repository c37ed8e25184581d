import { isConflict, isDatabaseAway } from "@/lib/db/health";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type { FieldError } from "@/lib/decisions/types";
import { type Limit, type Policy, policySchema } from "@/lib/discretion/schema";
import { addDays, localDay, startOfDay, windowStartInstant } from "@/lib/discretion/windows";
import { log } from "@/lib/log";
import { findPolicy } from "@/lib/policies/data";
import { countPast, countStanding, readPast, readStanding, type Stretch } from "@/lib/simulations/data";
import { createReplay, type Replay, type ReplayedDecision } from "@/lib/simulations/replay";
import { SPAN_DAYS, type Span, spanFault } from "@/lib/simulations/schema";
import type { Group, SimulationFault, SimulationResult } from "@/lib/simulations/types";

/** How many differing decisions are listed; all of them are counted. */
export const DIFFERENCES_KEPT = 10_000;

/** The days that a replay covers: the span, filled up to ninety days that end today. */
export function spanDays(span: Span, now: Date, timeZone: string): { from: string; to: string } {
  const today = localDay(now.getTime(), timeZone);
  const to = span.to ?? (span.from && span.from > today ? span.from : today);
  return { from: span.from ?? addDays(to, 1 - SPAN_DAYS), to };
}

/**
 * Asks the worker to replay the recorded history of a span under a version, as the version is now.
 *
 * Refused with `invalid` where the span, filled up to today, is longer than may be replayed at once.
 */
export async function requestSimulation(options: {
  organizationId: string;
  version: number;
  span: Span;
  timeZone: string;
  askedBy: string | null;
  now: Date;
}): Promise<
  | { ok: true; id: string }
  | { ok: false; code: "not_found" | "no_policy" }
  | { ok: false; code: "invalid"; errors: FieldError[] }
> {
  const { organizationId, version, askedBy, now } = options;
  const { from, to } = spanDays(options.span, now, options.timeZone);
  const fault = spanFault(from, to);
  if (fault) return { ok: false, code: "invalid", errors: [{ ...fault, path: `span.${fault.path}` }] };
  const id = newId(now);
  const { rows } = await pool().query<{ answer: { outcome: "queued" | "missing" | "no_policy" } }>(
    "select request_simulation($1, $2, $3, $4, $5, $6, $7) as answer",
    [organizationId, id, version, from, to, askedBy, now],
  );
  const outcome = rows[0]?.answer.outcome;
  if (outcome === "queued") return { ok: true, id };
  return { ok: false, code: outcome === "no_policy" ? "no_policy" : "not_found" };
}

/** Stops a replay that waits or runs. Answers whether there was one to stop. */
export async function cancelSimulation(organizationId: string, id: string, now: Date): Promise<boolean> {
  const { count } = await tenantDb(organizationId).policySimulation.updateMany({
    where: { organizationId, id, status: { in: ["queued", "running"] } },
    data: { status: "cancelled", finishedAt: now },
  });
  return count > 0;
}

/** Thrown where a replay has to stop because somebody cancelled it, or because another worker has begun it anew. */
class NotMine extends Error {}

/** One worker's turn at a simulation. Its moment of beginning names it: whoever begins anew takes the turn over. */
interface Turn {
  organizationId: string;
  id: string;
  startedAt: string;
}

/**
 * Replays history for a simulation that waits, and writes down what came of it. One that was broken off begins anew;
 * one that another worker still believes to be running is taken from that one, which notices at its next step.
 *
 * What breaks is written to the simulation. Only a stop of the worker and a database that is away are thrown, for the
 * queue to try again.
 *
 * @param signal the worker stops: the replay is left as it is, to be begun anew.
 */
export async function runSimulation(options: {
  organizationId: string;
  id: string;
  now: Date;
  signal?: AbortSignal;
}): Promise<void> {
  const { organizationId, id, now, signal } = options;
  const begun = await begin(organizationId, id, now);
  if (!begun) return;
  const { turn } = begun;
  try {
    const result = await replay(turn, await read(turn, begun.row, now), signal);
    await finish(turn, result ? { status: "done", result } : { status: "failed", fault: "nothing" });
  } catch (error) {
    if (error instanceof NotMine) return;
    if (signal?.aborted || isDatabaseAway(error) || isConflict(error)) throw error;
    log.error({ err: error, simulation: id }, "a simulation broke");
    await finish(turn, { status: "failed", fault: "broken" });
  }
}

interface BegunRow {
  startedAt: string;
  document: unknown;
  comparedWith: number;
  /** ISO dates. */
  fromDay: string;
  toDay: string;
}

/** Takes the turn, and takes away what an earlier one left. Null where there is nothing to replay any more. */
async function begin(
  organizationId: string,
  id: string,
  now: Date,
): Promise<{ turn: Turn; row: BegunRow } | null> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<BegunRow>(
      // Never the moment of an earlier turn, which this one has to be told from.
      `update policy_simulations set status = 'running', processed = 0, total = null,
         started_at = greatest($3::timestamptz, started_at + interval '1 microsecond')
       where organization_id = $1 and id = $2 and status in ('queued', 'running')
       returning started_at::text as "startedAt", document, compared_with as "comparedWith", from_day as "fromDay",
         to_day as "toDay"`,
      [organizationId, id, now],
    );
    const row = rows[0];
    if (!row) return null;
    await client.query(
      "delete from policy_simulation_differences where organization_id = $1 and simulation_id = $2",
      [organizationId, id],
    );
    return { turn: { organizationId, id, startedAt: row.startedAt }, row };
  });
}

interface ToReplay {
  draft: Policy;
  current: Policy;
  /** The span. */
  stretch: Stretch;
  /** Before the span, as far back as a window of either policy reaches from its beginning; null where none does. */
  before: Stretch | null;
}

async function read({ organizationId }: Turn, row: BegunRow, now: Date): Promise<ToReplay> {
  const current = await findPolicy(organizationId, row.comparedWith);
  if (!current) throw new Error(`Version ${row.comparedWith} is gone.`);
  const draft = policySchema.parse(row.document);
  const { timeZone } = current.document;
  const from = startOfDay(row.fromDay, timeZone);
  // What comes in while it is replayed is for the next one: a total that grows is none.
  const to = Math.max(from, Math.min(startOfDay(addDays(row.toDay, 1), timeZone), now.getTime()));
  const starts = [draft, current.document].flatMap((policy) =>
    policy.limits.map((limit) => windowStart(limit, from, policy.timeZone)),
  );
  const since = Math.min(from, ...starts);
  return {
    draft,
    current: current.document,
    stretch: { from, to },
    before: since < from ? { from: since, to: from } : null,
  };
}

/** Where the window that `at` lies in begins. A case and a decision stand alone; a lifetime begins with everything. */
function windowStart({ window }: Limit, at: number, timeZone: string): number {
  if (window === "decision" || window === "case") return at;
  return windowStartInstant(window, at, timeZone) ?? 0;
}

/** What came of it; null where there was nothing in the span: a picture of nothing would say that nothing changes. */
async function replay(
  turn: Turn,
  { draft, current, stretch, before }: ToReplay,
  signal: AbortSignal | undefined,
): Promise<SimulationResult | null> {
  const { organizationId } = turn;
  const asked = await countPast(organizationId, stretch);
  if (asked === 0) return null;
  const standing = before ? await countStanding(organizationId, before) : 0;
  await step(turn, { processed: 0, total: asked + standing });

  const played = createReplay(draft, current);
  const remembered = before ? await remember(turn, played, before, signal) : 0;
  const kept = await decideAll(turn, played, stretch, remembered, signal);
  const { differing, teams, ...rest } = played.result();
  return {
    ...rest,
    teams: await namedTeams(organizationId, teams),
    differing: { ...differing, kept },
    remembered: { decisions: remembered, since: before && before.from > 0 ? isoInstant(before.from) : null },
  };
}

function isoInstant(at: number): string {
  return new Date(at).toISOString();
}

/** Counts what happened before the span and counted at its beginning. Answers how many decisions that were. */
async function remember(
  turn: Turn,
  played: Replay,
  before: Stretch,
  signal: AbortSignal | undefined,
): Promise<number> {
  let decisions = 0;
  for await (const batch of readStanding(turn.organizationId, before)) {
    signal?.throwIfAborted();
    for (const decision of batch) played.remember(decision);
    decisions += batch.length;
    await step(turn, { processed: decisions });
  }
  return decisions;
}

/** Replays the span. Answers how many differing decisions were listed. */
async function decideAll(
  turn: Turn,
  played: Replay,
  stretch: Stretch,
  alreadyProcessed: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let processed = alreadyProcessed;
  let kept = 0;
  for await (const { requests, read } of readPast(turn.organizationId, stretch)) {
    signal?.throwIfAborted();
    const differing: ListedDifference[] = [];
    for (const request of requests) {
      if (request.kind === "unsent") {
        played.ask(request);
        continue;
      }
      const said = played.decide(request);
      const differs = said.draft !== said.current || said.draft !== said.recorded;
      if (differs && kept + differing.length < DIFFERENCES_KEPT) {
        differing.push({ decisionId: request.row.id, ...said });
      }
    }
    processed += read;
    kept += differing.length;
    await step(turn, { processed }, differing);
  }
  return kept;
}

type ListedDifference = ReplayedDecision & { decisionId: string };

/** Writes down how far it is, and what differs, in one transaction. Whoever cancelled or began anew is heard here. */
async function step(
  { organizationId, id, startedAt }: Turn,
  { processed, total }: { processed: number; total?: number },
  differing: readonly ListedDifference[] = [],
): Promise<void> {
  await withTenant(organizationId, async (client) => {
    const { rowCount } = await client.query(
      `update policy_simulations set processed = $4, total = coalesce($5, total)
       where organization_id = $1 and id = $2 and status = 'running' and started_at = $3::timestamptz`,
      [organizationId, id, startedAt, processed, total ?? null],
    );
    if (rowCount === 0) throw new NotMine();
    if (differing.length === 0) return;
    await client.query(
      `insert into policy_simulation_differences (organization_id, simulation_id, decision_id, recorded, current, draft, binding)
       select $1, $2, x."decisionId", x.recorded, x.current, x.draft, x.binding
       from jsonb_to_recordset($3) as x ("decisionId" uuid, recorded text, current text, draft text, binding text)`,
      [organizationId, id, JSON.stringify(differing)],
    );
  });
}

type Ending = { status: "done"; result: SimulationResult } | { status: "failed"; fault: SimulationFault };

/** Writes down how it ended, unless somebody cancelled it or began it anew meanwhile. */
async function finish({ organizationId, id, startedAt }: Turn, ending: Ending): Promise<void> {
  await withTenant(organizationId, (client) =>
    client.query(
      `update policy_simulations set status = $4, result = $5, fault = $6, finished_at = clock_timestamp()
       where organization_id = $1 and id = $2 and status = 'running' and started_at = $3::timestamptz`,
      [
        organizationId,
        id,
        startedAt,
        ending.status,
        ending.status === "done" ? JSON.stringify(ending.result) : null,
        ending.status === "failed" ? ending.fault : null,
      ],
    ),
  );
}

async function namedTeams(organizationId: string, teams: readonly Group[]): Promise<Group[]> {
  const rows = await tenantDb(organizationId).team.findMany({
    where: { organizationId },
    select: { key: true, name: true },
  });
  const names = new Map(rows.map(({ key, name }) => [key, name]));
  return teams.map((team) => ({ ...team, name: (team.key && names.get(team.key)) ?? null }));
}
