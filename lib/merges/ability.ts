import { roleHasScope } from "@/lib/auth/ability";
import type { Role } from "@/lib/discretion/schema";

/** Whether somebody may say that two records are one customer: whoever may change customers. */
export function mayMerge(role: Role): boolean {
  return roleHasScope(role, "customers:write");
}
