import { mayEnter, roleHasScope } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import { openSpan } from "@/lib/dashboards/data";
import { readHotSpots } from "@/lib/hot-spots/data";
import { says } from "@/lib/hot-spots/proposal";
import type { HotSpotsPage } from "@/lib/hot-spots/types";
import type { SearchParams } from "@/lib/insights/schema";
import { currentPolicy, listPolicies } from "@/lib/policies/data";

const DRAFTS = 20;

/** Where people are asked who then say yes, for whoever may enter the floor. */
export async function loadHotSpots(params: SearchParams): Promise<HotSpotsPage> {
  const actor = await requireActor("floor");
  const { organizationId, role } = actor;
  const mayReadPolicy = mayEnter(role, "settings");
  const [open, policy, drafts] = await Promise.all([
    openSpan(actor, params, new Date()),
    currentPolicy(organizationId),
    mayReadPolicy ? listPolicies(organizationId, { limit: DRAFTS, status: ["draft"] }) : null,
  ]);
  const found = await readHotSpots(organizationId, open, policy?.document ?? null);
  for (const { check, proposal } of found.spots) {
    if (!proposal) continue;
    const draft = drafts?.data.find(({ document }) => says(document, check, proposal));
    proposal.draft = draft?.version ?? null;
  }
  return {
    ...open.page,
    ...found,
    policyVersion: policy?.version ?? null,
    mayDraft: roleHasScope(role, "policies:write"),
    mayReadPolicy,
  };
}
