import { type AuditActor, audit } from "@/lib/audit/mutations";
import { isId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import { readDuty } from "@/lib/duty/data";
import type { DutyInput } from "@/lib/duty/schema";
import type { SetDuty } from "@/lib/duty/types";
import { rerouteAfterDuty } from "@/lib/handovers/routing";

/**
 * Says that somebody is on duty or away, and who stands in for them. What waits for somebody who goes away goes to the
 * next in line at once; what nobody could answer is looked at anew when somebody comes.
 */
export async function setDuty(options: {
  organizationId: string;
  employeeId: string;
  input: DutyInput;
  actor: AuditActor;
  now: Date;
}): Promise<SetDuty> {
  const { organizationId, employeeId, input, actor, now } = options;
  const refused = await inTenant(organizationId, async (tx) => {
    let deputyId: string | null | undefined;
    if (input.deputy === null) deputyId = null;
    if (input.deputy) {
      const found = await tx.employee.findFirst({
        where: {
          organizationId,
          status: "active",
          role: { not: "auditor" },
          ...(isId(input.deputy) ? { id: input.deputy } : { email: input.deputy.toLowerCase() }),
        },
        select: { id: true },
      });
      if (!found) return { ok: false, code: "deputy_not_found" } as const;
      if (found.id === employeeId) return { ok: false, code: "own_deputy" } as const;
      deputyId = found.id;
    }
    const row = await tx.duty.upsert({
      where: { organizationId_employeeId: { organizationId, employeeId } },
      create: {
        organizationId,
        employeeId,
        onDuty: input.onDuty,
        deputyId: deputyId ?? null,
        changedAt: now,
      },
      update: { onDuty: input.onDuty, changedAt: now, ...(deputyId === undefined ? {} : { deputyId }) },
      select: { deputyId: true },
    });
    await audit(tx, {
      organizationId,
      actor,
      action: "duty.set",
      subjectId: employeeId,
      data: { onDuty: input.onDuty, deputyId: row.deputyId },
      at: now,
    });
    return null;
  });
  if (refused) return refused;
  await rerouteAfterDuty(organizationId, employeeId, now);
  return { ok: true, duty: await readDuty(organizationId, employeeId) };
}
