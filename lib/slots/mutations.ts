import { auditActor } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { counterDefinition } from "@/lib/discretion/counters";
import { currentPolicy } from "@/lib/policies/data";

/** So many slots at most; the table says the same. */
export const MOST_SLOTS = 64;

export type SplitAnswer =
  | { ok: true; definition: string }
  | { ok: false; code: "no_such_limit" | "keeps_nothing" | "rolling" | "narrow" };

/**
 * Splits the counter of a limit at which very many meet into slots that are locked apart, so that they need not wait for
 * one another. What the limit lets through stays the same to the cent. For limits over a team or the organization, whose
 * window is no rolling one; the limit stays split whatever becomes of its maximum, until its scope or condition changes.
 */
export async function splitLimit(options: {
  organizationId: string;
  limitId: string;
  slots: number;
  now: Date;
}): Promise<SplitAnswer> {
  const { organizationId, limitId, slots, now } = options;
  const policy = (await currentPolicy(organizationId))?.document;
  const limit = policy?.limits.find(({ id }) => id === limitId);
  if (!policy || !limit) return { ok: false, code: "no_such_limit" };
  if (limit.window === "decision") return { ok: false, code: "keeps_nothing" };
  if (typeof limit.window === "object") return { ok: false, code: "rolling" };
  if (limit.window === "case" || limit.scope.some((scope) => scope !== "team" && scope !== "organization")) {
    return { ok: false, code: "narrow" };
  }
  const definition = counterDefinition(limit, policy);
  await pool().query("select split_counter($1, $2, $3, $4, $5, $6)", [
    organizationId,
    definition,
    slots,
    JSON.stringify(auditActor({ kind: "system", organizationId })),
    newId(now),
    now,
  ]);
  return { ok: true, definition };
}
