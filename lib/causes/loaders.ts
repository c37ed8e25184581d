import { isAdmin } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import { listCauses, listFreeCauses } from "@/lib/causes/data";
import type { CausesPage } from "@/lib/causes/types";

/** How many of the causes that are in no catalogue are told. */
const FREE = 12;

/** The catalogue of causes, and what was named lately that is not in it. */
export async function loadCauses(): Promise<CausesPage> {
  const actor = await requireActor("settings");
  const { organizationId } = actor;
  const [all, free] = await Promise.all([
    listCauses(organizationId),
    listFreeCauses(organizationId, FREE, new Date()),
  ]);
  return {
    mayEdit: isAdmin(actor.role),
    offered: all.filter(({ retiredAt }) => retiredAt === null),
    retired: all.filter(({ retiredAt }) => retiredAt !== null),
    free,
  };
}
