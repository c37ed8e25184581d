import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type { ViewQuery } from "@/lib/floor/schema";
import type { SavedView } from "@/lib/saved-views/types";

interface Row {
  id: string;
  name: string;
  query: ViewQuery;
  shared: boolean;
  owner_id: string;
  owner: string;
  first: boolean;
}

/** The views that somebody may choose from: their own, then those that others share, each by name. */
export async function listViews(organizationId: string, employeeId: string): Promise<SavedView[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<Row>(
      `select v.id, v.name, v.query, v.shared, v.owner_id, e.name as owner, f.view_id is not null as first
       from saved_views v
       join employees e on e.organization_id = $1 and e.id = v.owner_id
       left join saved_view_defaults f on f.organization_id = $1 and f.employee_id = $2 and f.view_id = v.id
       where v.organization_id = $1 and (v.owner_id = $2 or v.shared)
       order by v.owner_id <> $2, lower(v.name), v.id`,
      [organizationId, employeeId],
    ),
  );
  return rows.map(({ owner_id, ...row }) => ({ ...row, own: owner_id === employeeId }));
}

/** The view that somebody begins with; null for every action. What is shared no longer is nobody's beginning. */
export async function findFirstView(
  organizationId: string,
  employeeId: string,
): Promise<{ id: string; query: ViewQuery } | null> {
  const db = tenantDb(organizationId);
  const first = await db.savedViewDefault.findUnique({
    where: { organizationId_employeeId: { organizationId, employeeId } },
    select: { viewId: true },
  });
  if (!first) return null;
  const view = await db.savedView.findFirst({
    where: { organizationId, id: first.viewId, OR: [{ ownerId: employeeId }, { shared: true }] },
    select: { id: true, query: true },
  });
  return view && { id: view.id, query: view.query as ViewQuery };
}
