import { requireActor } from "@/lib/auth/actor";
import { readCauseNames } from "@/lib/causes/data";
import type { SearchParams } from "@/lib/insights/schema";
import { mayReview } from "@/lib/reviews/ability";
import { listPrecedentCauses, listPrecedents } from "@/lib/teachable/data";
import type { PrecedentsPage } from "@/lib/teachable/types";

const ITEMS = 100;

/** What others can learn from, of one cause where the address names it. */
export async function loadPrecedents(params: SearchParams): Promise<PrecedentsPage> {
  const { organizationId, role, timeZone } = await requireActor("floor");
  const [causes, causeNames] = await Promise.all([
    listPrecedentCauses(organizationId),
    readCauseNames(organizationId),
  ]);
  const cause = causes.find((each) => each === params.cause) ?? null;
  const items = await listPrecedents(organizationId, { cause, limit: ITEMS });
  return {
    now: new Date().toISOString(),
    timeZone,
    items,
    causes,
    causeNames,
    cause,
    mayChange: mayReview(role),
  };
}
