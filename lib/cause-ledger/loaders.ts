import { requireActor } from "@/lib/auth/actor";
import { mayNoteCauses } from "@/lib/cause-ledger/ability";
import { readCauses } from "@/lib/cause-ledger/data";
import type { CausesPage } from "@/lib/cause-ledger/types";
import { openSpan } from "@/lib/dashboards/data";
import type { SearchParams } from "@/lib/insights/schema";

/** What each root cause costs and who sees to it, for whoever may enter the floor. */
export async function loadCauses(params: SearchParams): Promise<CausesPage> {
  const actor = await requireActor("floor");
  const open = await openSpan(actor, params, new Date());
  const figures = await readCauses(actor.organizationId, open);
  return { ...open.page, ...figures, mayEdit: mayNoteCauses(actor.role) };
}
