import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { tenantDb } from "@/lib/db/prisma";
import { callRecording } from "@/lib/db/recording";
import { withTenant } from "@/lib/db/tenant";
import type { Role } from "@/lib/discretion/schema";
import type { Evaluation } from "@/lib/discretion/types";
import { awayOf, type Colleague, lineOf, standInAt } from "@/lib/handovers/line";
import { look, readWaiting, type Waiting } from "@/lib/handovers/mutations";
import type { Unanswerable } from "@/lib/handovers/types";
import { log } from "@/lib/log";

/** How many people are looked at at once; whoever is nearer is asked all the same. */
const AT_ONCE = 6;
const BATCH = 200;

type Route = "routed" | "kept" | "unanswerable" | "over";

/**
 * Finds whom a waiting handover goes to: the nearest who is on duty and whose own evaluation passes it. When their time
 * with it is over, it goes to the next in line. Where nobody may answer it, it says why. May be called at any time and
 * by several at once: what nothing has changed for stays as it is.
 */
export async function routeHandover(options: {
  organizationId: string;
  handoverId: string;
  now: Date;
}): Promise<Route> {
  const { organizationId, handoverId, now } = options;
  const [waiting, row] = await Promise.all([
    readWaiting(organizationId, handoverId),
    tenantDb(organizationId).handover.findUnique({
      where: { organizationId_id: { organizationId, id: handoverId } },
      select: { routedAt: true, standInAt: true, passed: true, deadlineAt: true, clockLeftSeconds: true },
    }),
  ]);
  if (!waiting?.waits || !row || row.deadlineAt <= now) return "over";
  const people = await readColleagues(organizationId);
  const line = lineOf(waiting.askedBy, people);
  const { waitingFor } = waiting;
  const isThere = waitingFor !== null && line.includes(waitingFor);
  const isTimeOver = row.standInAt !== null && row.standInAt <= now;
  if (row.routedAt !== null && isThere && !isTimeOver) return "kept";

  const passed = isTimeOver && isThere ? [...new Set([...row.passed, waitingFor])] : row.passed;
  const write = (route: Pick<Written, "to" | "unanswerable"> & { standIn: boolean; passed: string[] }) =>
    writeRoute(organizationId, {
      handoverId,
      seen: row.routedAt,
      to: route.to,
      passed: route.passed,
      unanswerable: route.unanswerable,
      standInAt: route.standIn && row.clockLeftSeconds === null ? standInAt(now, row.deadlineAt) : null,
      eventId: newId(now),
      at: now,
    });

  const fresh = await firstWhoPasses(
    organizationId,
    waiting,
    line.filter((id) => !passed.includes(id)),
    now,
  );
  if (fresh.id !== null) {
    await write({ to: fresh.id, unanswerable: null, standIn: true, passed });
    return "routed";
  }
  // Nobody is left who was not asked yet: the one who has it keeps it, or whoever had it before.
  const again = await firstWhoPasses(
    organizationId,
    waiting,
    [...(isThere && waitingFor !== null ? [waitingFor] : []), ...line.filter((id) => passed.includes(id))],
    now,
  );
  if (again.id !== null) {
    await write({ to: again.id, unanswerable: null, standIn: false, passed });
    return "routed";
  }
  const away = await firstWhoPasses(organizationId, waiting, awayOf(waiting.askedBy, people), now);
  await write({
    to: null,
    unanswerable:
      away.id === null ? holeOf(fresh, again, away) : { reason: "away", binding: null, maxAmount: null },
    standIn: false,
    passed,
  });
  return "unanswerable";
}

interface Looked {
  /** The first of them whose own evaluation passes it; null where there is none. */
  id: string | null;
  /** What stands in the way of the one who could grant the most. */
  nearest: Evaluation["explanation"] | null;
}

async function firstWhoPasses(
  organizationId: string,
  waiting: Waiting,
  line: readonly string[],
  now: Date,
): Promise<Looked> {
  const { amount } = waiting.request;
  let nearest: Looked["nearest"] = null;
  for (let from = 0; from < line.length; from += AT_ONCE) {
    const some = line.slice(from, from + AT_ONCE);
    const seen = await Promise.all(
      some.map((id) => look(organizationId, waiting, id, { amount, note: null, now })),
    );
    for (const [index, { evaluation }] of seen.entries()) {
      const { verdict, explanation } = evaluation;
      if (verdict === "allow" || verdict === "bend") return { id: some[index] ?? null, nearest };
      if (nearest === null || (explanation.maxAmount ?? 0) > (nearest.maxAmount ?? 0)) nearest = explanation;
    }
  }
  return { id: null, nearest };
}

/** The limit or rule that binds for whoever comes nearest. */
function holeOf(...looked: readonly Looked[]): Unanswerable {
  const nearest = looked
    .map((each) => each.nearest)
    .filter((each) => each !== null)
    .toSorted((a, b) => (b.maxAmount ?? 0) - (a.maxAmount ?? 0))[0];
  return { reason: "policy", binding: nearest?.binding ?? null, maxAmount: nearest?.maxAmount ?? null };
}

interface Written {
  handoverId: string;
  seen: Date | null;
  to: string | null;
  passed: string[];
  standInAt: Date | null;
  unanswerable: Unanswerable | null;
  eventId: string;
  at: Date;
}

async function writeRoute(organizationId: string, route: Written): Promise<void> {
  await callRecording<{ done: boolean }>({
    text: "select route_handover($1, $2) as done",
    values: [organizationId, JSON.stringify(route)],
  });
}

/** Everybody who may be asked, with what waits for them. */
async function readColleagues(organizationId: string): Promise<Colleague[]> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<Omit<Colleague, "role"> & { role: string }>(
      `select e.id, e.role, e.team_id as "teamId", e.manager_id as "managerId",
         coalesce(d.on_duty, true) as "onDuty", d.deputy_id as "deputyId", coalesce(w.waiting, 0)::integer as waiting
       from employees e
       left join duties d on d.organization_id = e.organization_id and d.employee_id = e.id
       left join (
         select h.waiting_for, count(*) as waiting from handovers h
         where h.organization_id = $1 and h.status = 'waiting' group by h.waiting_for
       ) w on w.waiting_for = e.id
       where e.organization_id = $1 and e.status = 'active'`,
      [organizationId],
    );
    return rows.map((row) => ({ ...row, role: row.role as Role }));
  });
}

/** Moves what waits for somebody who went away, and looks anew at what nobody could answer. */
export async function rerouteAfterDuty(organizationId: string, employeeId: string, now: Date): Promise<void> {
  const waiting = await tenantDb(organizationId).handover.findMany({
    where: { organizationId, status: "waiting", OR: [{ waitingFor: employeeId }, { waitingFor: null }] },
    orderBy: { deadlineAt: "asc" },
    take: BATCH,
    select: { id: true },
  });
  for (const { id } of waiting) await routeHandover({ organizationId, handoverId: id, now });
}

/** Looks for handovers that somebody has to be found for, in every organization. Answers how many there were. */
export async function routeDue(now: Date): Promise<number> {
  const { rows } = await pool().query<{ organization: string; handover: string }>(
    "select organization, handover from handovers_to_route($1, $2)",
    [now, BATCH],
  );
  for (const { organization: organizationId, handover: handoverId } of rows) {
    await routeHandover({ organizationId, handoverId, now }).catch((error: Error) =>
      log.warn({ handoverId, reason: error.message }, "a handover could not be routed"),
    );
  }
  return rows.length;
}

/** More than these wait for the worker, which looks every other second. */
const SOON_MAX = 500;
const soon: { organizationId: string; decisionId: string }[] = [];
let running = false;

/**
 * Routes a handover that was just recorded, after its answer and beside the decisions that follow: one at a time. Where
 * this process ends before, the worker does it.
 */
export function routeSoon(organizationId: string, decisionId: string): void {
  if (soon.length < SOON_MAX) soon.push({ organizationId, decisionId });
  if (running) return;
  running = true;
  void routeWaiting();
}

async function routeWaiting(): Promise<void> {
  for (let next = soon.shift(); next; next = soon.shift()) {
    const { organizationId, decisionId } = next;
    try {
      const handover = await tenantDb(organizationId).handover.findUnique({
        where: { organizationId_decisionId: { organizationId, decisionId } },
        select: { id: true },
      });
      if (handover) await routeHandover({ organizationId, handoverId: handover.id, now: new Date() });
    } catch (error) {
      log.debug({ decisionId, reason: String(error) }, "a handover waits for the worker to be routed");
    }
  }
  running = false;
}
