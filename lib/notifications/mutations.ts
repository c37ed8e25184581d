import { inTenant } from "@/lib/db/prisma";
import type { Notification } from "@/lib/mail/kinds";
import type { Wish } from "@/lib/mail/unsubscribe";

/** Keeps whether somebody wants to be written about something. */
export async function choose(options: {
  organizationId: string;
  employeeId: string;
  kind: Notification;
  wanted: boolean;
  at: Date;
}): Promise<void> {
  const { organizationId, employeeId, kind, wanted, at: changedAt } = options;
  await inTenant(organizationId, async (tx) => {
    const there = await tx.employee.count({ where: { organizationId, id: employeeId, erasedAt: null } });
    // A link of a mail outlives whom it was sent to.
    if (there === 0) return;
    await tx.notificationChoice.upsert({
      where: { organizationId_employeeId_kind: { organizationId, employeeId, kind } },
      create: { organizationId, employeeId, kind, wanted, changedAt },
      update: { wanted, changedAt },
    });
  });
}

/** Does what a link of a mail is for: no more of its kind, or no more notices. The second time it does nothing more. */
export async function fulfil(wish: Wish, at: Date): Promise<void> {
  if ("e" in wish) {
    return choose({ organizationId: wish.o, employeeId: wish.e, kind: wish.k, wanted: false, at });
  }
  const { o: organizationId, c: customerId } = wish;
  await inTenant(organizationId, async (tx) => {
    if ((await tx.customer.count({ where: { organizationId, id: customerId } })) === 0) return;
    await tx.noticeRefusal.upsert({
      where: { organizationId_customerId: { organizationId, customerId } },
      create: { organizationId, customerId, refusedAt: at },
      update: {},
    });
  });
}
