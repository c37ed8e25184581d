import { type AuditActor, audit } from "@/lib/audit/mutations";
import { hashPassword, oneTimePassword } from "@/lib/auth/password";
import { inTenant, tenantDb } from "@/lib/db/prisma";

export type OneTimePasswordAnswer =
  | { ok: true; employeeId: string; oneTimePassword: string }
  | { ok: false; code: "employee_not_found" | "employee_suspended" };

/**
 * Gives an employee a new password, to be replaced at the next sign-in, and ends their sessions: whoever lost a
 * password may have lost it to somebody.
 */
export async function giveOneTimePassword(options: {
  organizationId: string;
  email: string;
  writer: AuditActor;
  at: Date;
}): Promise<OneTimePasswordAnswer> {
  const { organizationId, email, writer, at } = options;
  const employee = await tenantDb(organizationId).employee.findUnique({
    where: { organizationId_email: { organizationId, email: email.trim().toLowerCase() } },
    select: { id: true, status: true },
  });
  if (!employee) return { ok: false, code: "employee_not_found" };
  if (employee.status !== "active") return { ok: false, code: "employee_suspended" };
  const password = oneTimePassword();
  const passwordHash = await hashPassword(password);
  await inTenant(organizationId, async (tx) => {
    await tx.employee.update({
      where: { organizationId_id: { organizationId, id: employee.id } },
      data: { passwordHash, passwordOneTime: true, updatedAt: at },
    });
    await tx.session.updateMany({
      where: { organizationId, employeeId: employee.id, revokedAt: null },
      data: { revokedAt: at },
    });
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "password.one_time",
      subjectId: employee.id,
      data: {},
      at,
    });
  });
  return { ok: true, employeeId: employee.id, oneTimePassword: password };
}
