import { requireActor } from "@/lib/auth/actor";
import { type EmployeeHit, searchEmployees } from "@/lib/employees/data";

const HITS = 8;
const SEARCH_MAX_LENGTH = 200;

/** The employees that the floor offers for what was typed; the first by name for nothing. `isAble`: who can be given something to do. */
export async function loadEmployeeHits(
  search: string,
  { isAble = false }: { isAble?: boolean } = {},
): Promise<EmployeeHit[]> {
  const actor = await requireActor("floor");
  // No name holds the character that Postgres keeps out of texts.
  const text = search.replaceAll("\u0000", "").trim().slice(0, SEARCH_MAX_LENGTH);
  return searchEmployees(actor.organizationId, text, HITS, { isAble });
}
