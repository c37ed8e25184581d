import type { EmployeeActor } from "@/lib/auth/types";
import { localDay } from "@/lib/discretion/windows";

/**
 * Whether somebody may take back what was given, as the database decides it: a manager or an admin anybody's, an agent
 * their own of the same local day.
 */
export function mayReverse(
  { role, employeeId, timeZone }: Pick<EmployeeActor, "role" | "employeeId" | "timeZone">,
  decision: { employee: string; createdAt: string },
  now: Date,
): boolean {
  if (role === "manager" || role === "admin") return true;
  if (role === "auditor" || decision.employee !== employeeId) return false;
  return localDay(Date.parse(decision.createdAt), timeZone) === localDay(now.getTime(), timeZone);
}
