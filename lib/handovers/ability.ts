import { type AuditActor, auditActor } from "@/lib/audit/mutations";
import type { ApiKeyActor, EmployeeActor } from "@/lib/auth/types";
import type { Role } from "@/lib/discretion/schema";

/**
 * Whose handovers somebody may list: agents those that concern them, which they asked for or may be asked to answer;
 * managers, admins, auditors and keys every one (null). In a frame of another site everybody is at a desk, and no more.
 */
export function listableHandovers(actor: EmployeeActor | ApiKeyActor): string | null {
  return actor.kind === "employee" && (actor.role === "agent" || actor.pass) ? actor.employeeId : null;
}

/** Whether somebody may answer a handover at all; whether they may grant it, their own evaluation says. */
export function mayAnswer(
  { role, employeeId }: Pick<EmployeeActor, "role" | "employeeId">,
  { askedBy, status }: { askedBy: string; status: string },
): boolean {
  return status === "waiting" && role !== "auditor" && askedBy !== employeeId;
}

/** Whether somebody has a queue of their own, with a place in the bar; agents see it only while something waits for them. */
export function hasQueue(role: Role): boolean {
  return role === "manager" || role === "admin";
}

/** Whoever may say "next time you need not ask": managers and admins. Null for others. */
export function proposingAuthor(
  actor: EmployeeActor | ApiKeyActor,
): { actor: AuditActor; employeeId: string } | null {
  const person =
    actor.kind === "employee"
      ? { id: actor.employeeId, role: actor.role, status: "active" as const }
      : actor.employee;
  if (person?.status !== "active" || !hasQueue(person.role)) return null;
  return { actor: auditActor(actor), employeeId: person.id };
}
