import { type AuditActor, audit } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import type { Notice } from "@/lib/notices/types";

/** Keeps what customers are told of one kind of gesture, and whether they are. It holds for what is carried out from now on. */
export async function saveNotice(options: {
  organizationId: string;
  employeeId: string;
  notice: Notice;
  writer: AuditActor;
  at: Date;
}): Promise<void> {
  const { organizationId, employeeId, notice, writer, at } = options;
  const { remedy, subject, body, isOn } = notice;
  const written = { subject, body, isOn, updatedBy: employeeId, updatedAt: at };
  await inTenant(organizationId, async (tx) => {
    await tx.noticeTemplate.upsert({
      where: { organizationId_remedy: { organizationId, remedy } },
      create: { organizationId, remedy, ...written },
      update: written,
    });
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "notice.updated",
      subjectId: organizationId,
      data: { remedy, on: isOn },
      at,
    });
  });
}

/** Puts a test of a notice, filled in already, into the outbox for somebody of the organization. */
export async function testNotice(options: {
  organizationId: string;
  employeeId: string;
  subject: string;
  body: string;
  at: Date;
}): Promise<void> {
  const { organizationId, employeeId, subject, body, at } = options;
  const id = newId(at);
  await inTenant(organizationId, (tx) =>
    tx.mail.create({
      data: {
        organizationId,
        id,
        kind: "notice_test",
        dedupe: `notice_test/${id}`,
        toEmployee: employeeId,
        about: { subject, body },
        nextAttemptAt: at,
        createdAt: at,
      },
    }),
  );
}
