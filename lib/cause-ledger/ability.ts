import type { Role } from "@/lib/discretion/schema";

/** Whether a role may say who sees to a cause, and what is being done about it. */
export function mayNoteCauses(role: Role): boolean {
  return role === "manager" || role === "admin";
}
