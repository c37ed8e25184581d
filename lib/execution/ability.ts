import type { Role } from "@/lib/discretion/schema";

/** Whether a role may say what became of what is carried out elsewhere, and who sees to it, whoever that is. */
export function maySettle(role: Role): boolean {
  return role === "manager" || role === "admin";
}

/** Whether a role may see to something itself, where it was given it, and say what became of that. */
export function maySeeTo(role: Role): boolean {
  return role !== "auditor";
}
