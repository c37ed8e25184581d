import { type AuditActor, audit } from "@/lib/audit/mutations";
import { inTenant } from "@/lib/db/prisma";

/** Keeps how long an answer to a handover takes. The same again changes nothing. */
export async function setAnswerMinutes(options: {
  organizationId: string;
  minutes: number;
  writer: AuditActor;
  at: Date;
}): Promise<void> {
  const { organizationId, minutes, writer, at } = options;
  await inTenant(organizationId, async (tx) => {
    const { count } = await tx.organization.updateMany({
      where: { id: organizationId, answerMinutes: { not: minutes } },
      data: { answerMinutes: minutes },
    });
    if (count === 0) return;
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "organization.updated",
      subjectId: organizationId,
      data: { fields: ["answerMinutes"] },
      at,
    });
  });
}
