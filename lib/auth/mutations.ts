import { audit } from "@/lib/audit/mutations";
import { hashPassword, verifyPassword } from "@/lib/auth/password";
import { inTenant, tenantDb } from "@/lib/db/prisma";

/**
 * Replaces somebody's own password and ends their other sessions, and what any session gave frames of other sites.
 * Refuses with `wrong_password` when the current one is not theirs.
 */
export async function replacePassword(input: {
  organizationId: string;
  employeeId: string;
  sessionId: string;
  current: string;
  password: string;
  at: Date;
}): Promise<{ ok: true } | { ok: false; reason: "wrong_password" }> {
  const { organizationId, employeeId, at } = input;
  const employee = await tenantDb(organizationId).employee.findUnique({
    where: { organizationId_id: { organizationId, id: employeeId } },
    select: { passwordHash: true },
  });
  if (!(await verifyPassword(employee?.passwordHash ?? null, input.current))) {
    return { ok: false, reason: "wrong_password" };
  }
  const passwordHash = await hashPassword(input.password);
  await inTenant(organizationId, async (tx) => {
    await tx.employee.update({
      where: { organizationId_id: { organizationId, id: employeeId } },
      data: { passwordHash, passwordOneTime: false, updatedAt: at },
    });
    await tx.session.updateMany({
      where: { organizationId, employeeId, revokedAt: null, id: { not: input.sessionId } },
      data: { revokedAt: at },
    });
    await tx.embedPass.deleteMany({ where: { organizationId, employeeId } });
    await audit(tx, {
      organizationId,
      actor: { kind: "employee", id: employeeId },
      action: "password.replaced",
      subjectId: employeeId,
      data: {},
      at,
    });
  });
  return { ok: true };
}
