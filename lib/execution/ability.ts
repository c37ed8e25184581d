import type { Role } from "@/lib/discretion/schema";

/** Whether a role may say what became of what is carried out elsewhere, and who sees to it. */
export function maySettle(role: Role): boolean {
  return role === "manager" || role === "admin";
}
