import type { ApiKeyActor, EmployeeActor } from "@/lib/auth/types";
import type { Role } from "@/lib/discretion/schema";

/** Whether a role may look back at decisions, as the database decides it too. */
export function mayReview(role: Role): boolean {
  return role === "manager" || role === "admin";
}

/** Whether a role says by what rule decisions are put before those who review. */
export function maySetReviewRule(role: Role): boolean {
  return role === "admin";
}

/** Whether somebody reads what was written about a decision: an agent where it was their own. */
export function mayReadReviews(actor: EmployeeActor | ApiKeyActor, decidedBy: string): boolean {
  return actor.kind === "api_key" || actor.role !== "agent" || actor.employeeId === decidedBy;
}
