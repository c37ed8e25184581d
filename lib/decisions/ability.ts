import type { ApiKeyActor, EmployeeActor } from "@/lib/auth/types";
import type { DecisionFilter } from "@/lib/decisions/schema";

/**
 * The decisions that somebody may list. Agents see their own, and on the desk all that was ever done for the customer
 * in front of them; managers, admins, auditors and keys see every one.
 */
export function listableFilter(actor: EmployeeActor | ApiKeyActor, filter: DecisionFilter): DecisionFilter {
  if (actor.kind === "api_key" || actor.role !== "agent" || filter.customer) return filter;
  return { ...filter, employee: actor.employeeId };
}
