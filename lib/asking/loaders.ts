import { readAnswerMinutes, readAsking } from "@/lib/asking/data";
import type { AskingPage } from "@/lib/asking/types";
import { isAdmin } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import { openSpan } from "@/lib/dashboards/data";
import type { SearchParams } from "@/lib/insights/schema";
import { currentPolicy } from "@/lib/policies/data";

/** What asking cost, and what it kept, for whoever may enter the floor. */
export async function loadAsking(params: SearchParams): Promise<AskingPage> {
  const actor = await requireActor("floor");
  const { organizationId } = actor;
  const [open, policy, minutes] = await Promise.all([
    openSpan(actor, params, new Date()),
    currentPolicy(organizationId),
    readAnswerMinutes(organizationId),
  ]);
  const figures = await readAsking(organizationId, open, policy?.document ?? null, minutes);
  return { ...open.page, ...figures, mayEdit: isAdmin(actor.role) };
}
