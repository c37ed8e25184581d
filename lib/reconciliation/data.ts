import { isId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type {
  BooksAlert,
  Difference,
  Origin,
  ReconciliationLine,
  ReconciliationProgress,
  ReconciliationResult,
  ReconciliationStatus,
  ReconciliationStep,
  ReconciliationView,
} from "@/lib/reconciliation/types";

const LINE = `r.id, r.status, r.step, r.processed, r.total, r.origin, r.repairs, r.differences, r.fault, r.created_at,
  r.finished_at, r.looked_at, a.name as asker, l.name as looker,
  coalesce((r.result -> 'repair' ->> 'counters')::bigint, 0) + coalesce((r.result -> 'repair' ->> 'rollups')::bigint, 0)
    + coalesce((r.result -> 'repair' ->> 'days')::bigint, 0) as rebuilt`;
const PEOPLE = `left join employees a on a.organization_id = r.organization_id and a.id = r.asked_by
  left join employees l on l.organization_id = r.organization_id and l.id = r.looked_by`;

interface LineRow {
  id: string;
  status: ReconciliationStatus;
  step: ReconciliationStep | null;
  processed: string;
  total: string | null;
  origin: Origin;
  repairs: boolean;
  differences: string | null;
  fault: ReconciliationLine["fault"];
  created_at: Date;
  finished_at: Date | null;
  looked_at: Date | null;
  asker: string | null;
  looker: string | null;
  rebuilt: string;
}

function toLine(row: LineRow): ReconciliationLine {
  return {
    id: row.id,
    status: row.status,
    step: row.step,
    processed: Number(row.processed),
    total: row.total === null ? null : Number(row.total),
    origin: row.origin,
    askedBy: row.asker,
    repairs: row.repairs,
    differences: row.differences === null ? null : Number(row.differences),
    rebuilt: Number(row.rebuilt),
    fault: row.fault,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    lookedAt: row.looked_at?.toISOString() ?? null,
    lookedBy: row.looker,
  };
}

/** Runs, the newest first; `before` is the id that the page before ended with. */
export async function listReconciliations(
  organizationId: string,
  page: { limit: number; before: string | null },
): Promise<{ runs: ReconciliationLine[]; more: boolean }> {
  const { limit, before } = page;
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<LineRow>(
      `select ${LINE} from reconciliations r ${PEOPLE}
       where r.organization_id = $1 and ($2::uuid is null or r.id < $2) order by r.id desc limit $3`,
      [organizationId, before, limit + 1],
    ),
  );
  return { runs: rows.slice(0, limit).map(toLine), more: rows.length > limit };
}

/** The latest run that is over. */
export async function latestReconciliation(organizationId: string): Promise<ReconciliationView | null> {
  return readOne(organizationId, "r.finished_at is not null order by r.id desc limit 1", []);
}

/** One run, or null where the organization has none of that id. */
export async function findReconciliation(
  organizationId: string,
  id: string,
): Promise<ReconciliationView | null> {
  return isId(id) ? readOne(organizationId, "r.id = $2", [id]) : null;
}

async function readOne(
  organizationId: string,
  which: string,
  values: readonly string[],
): Promise<ReconciliationView | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<LineRow & { result: ReconciliationResult | null }>(
      `select ${LINE}, r.result from reconciliations r ${PEOPLE} where r.organization_id = $1 and ${which}`,
      [organizationId, ...values],
    ),
  );
  return rows[0] ? { ...toLine(rows[0]), result: rows[0].result } : null;
}

/** The run that waits or runs now. */
export async function findUnderway(organizationId: string): Promise<ReconciliationLine | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<LineRow>(
      `select ${LINE} from reconciliations r ${PEOPLE}
       where r.organization_id = $1 and r.status in ('queued', 'running') order by r.id desc limit 1`,
      [organizationId],
    ),
  );
  return rows[0] ? toLine(rows[0]) : null;
}

/** How far a run is; null where the organization has none of that id. */
export async function findProgress(
  organizationId: string,
  id: string,
): Promise<ReconciliationProgress | null> {
  const found = await findReconciliation(organizationId, id);
  if (!found) return null;
  const { status, step, processed, total } = found;
  return { id, status, step, processed, total };
}

/** What the latest run that came to an end found, unless it found nothing or somebody has looked at it. */
export async function readBooksAlert(organizationId: string): Promise<BooksAlert | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ differences: string; finished_at: Date; looked_at: Date | null }>(
      `select differences, finished_at, looked_at from reconciliations
       where organization_id = $1 and status = 'done' order by id desc limit 1`,
      [organizationId],
    ),
  );
  const latest = rows[0];
  if (!latest || latest.looked_at || latest.differences === "0") return null;
  return { differences: Number(latest.differences), finishedAt: latest.finished_at.toISOString() };
}

/** Names for the employees, customers and orders that differences speak of, by their ids. */
export async function readNames(
  organizationId: string,
  differences: readonly Difference[],
): Promise<Record<string, string>> {
  const ids = [...new Set(differences.flatMap(idsOf))];
  if (ids.length === 0) return {};
  const db = tenantDb(organizationId);
  const where = { organizationId, id: { in: ids } };
  const [employees, customers, orders] = await Promise.all([
    db.employee.findMany({ where, select: { id: true, name: true } }),
    db.customer.findMany({ where, select: { id: true, name: true } }),
    db.order.findMany({ where, select: { id: true, externalRef: true } }),
  ]);
  return Object.fromEntries([
    ...[...employees, ...customers].map(({ id, name }) => [id, name]),
    ...orders.map(({ id, externalRef }) => [id, externalRef]),
  ]);
}

function idsOf(difference: Difference): string[] {
  if (difference.kind === "rollup") return [difference.key.employeeId];
  if (difference.kind !== "counter" && difference.kind !== "chain") return [];
  return difference.key.scopeKey
    .split("/")
    .map((part) => part.slice(part.indexOf(":") + 1))
    .filter(isId);
}
