import { requireActor } from "@/lib/auth/actor";
import { readSpreads } from "@/lib/consistency/data";
import { readSpreadSearch } from "@/lib/consistency/schema";
import type { ConsistencyPage } from "@/lib/consistency/types";
import { listRecentCauses } from "@/lib/customers/data";
import { addDays, localDay, startOfDay } from "@/lib/discretion/windows";
import type { SearchParams } from "@/lib/insights/schema";

const CAUSES = 12;

/** How far apart what was given for the same cause lies. */
export async function loadConsistency(params: SearchParams): Promise<ConsistencyPage> {
  const { organizationId, timeZone, currency } = await requireActor("floor");
  const { span, remedy } = readSpreadSearch(params);
  const from = addDays(localDay(Date.now(), timeZone), 1 - span);
  const causes = await readSpreads(organizationId, {
    causes: await listRecentCauses(organizationId, CAUSES),
    since: new Date(startOfDay(from, timeZone)),
    remedy,
  });
  return { currency, span, from, remedy, causes };
}
