import type { Role } from "@/lib/discretion/schema";

/** Whether a role may put a view before everybody on the floor. An auditor changes nothing for others. */
export function mayShareViews(role: Role): boolean {
  return role === "manager" || role === "admin";
}

/** Whether a role may take away what others share. */
export function mayTidyViews(role: Role): boolean {
  return role === "admin";
}
