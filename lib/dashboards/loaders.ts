import { requireActor } from "@/lib/auth/actor";
import { openSpan, readDashboards } from "@/lib/dashboards/data";
import type { DashboardsPage } from "@/lib/dashboards/types";
import type { SearchParams } from "@/lib/insights/schema";
import { currentPolicy } from "@/lib/policies/data";

/** What was given, how, and how long people waited for it, for whoever may enter the floor. */
export async function loadDashboards(params: SearchParams): Promise<DashboardsPage> {
  const actor = await requireActor("floor");
  const [open, policy] = await Promise.all([
    openSpan(actor, params, new Date()),
    currentPolicy(actor.organizationId),
  ]);
  const figures = await readDashboards(actor.organizationId, open, policy?.document ?? null);
  return { ...open.page, ...figures };
}
