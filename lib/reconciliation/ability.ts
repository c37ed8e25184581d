import type { Role } from "@/lib/discretion/schema";

/** Whether a role may have everything compared, and rebuilt. */
export function mayReconcile(role: Role): boolean {
  return role === "admin";
}

/** Whether a role is told that something differs, and may say that it has seen it. */
export function mayReadReconciliation(role: Role): boolean {
  return role === "admin" || role === "auditor";
}
