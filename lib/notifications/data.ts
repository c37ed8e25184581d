import { tenantDb } from "@/lib/db/prisma";
import type { Role } from "@/lib/discretion/schema";
import { isFor, isUsual, NOTIFICATIONS } from "@/lib/mail/kinds";
import type { NotificationsPage } from "@/lib/notifications/types";

/** What somebody of a role is written about: as they chose, and else as is usual. */
export async function readChoices(
  organizationId: string,
  employeeId: string,
  role: Role,
): Promise<NotificationsPage["choices"]> {
  const rows = await tenantDb(organizationId).notificationChoice.findMany({
    where: { organizationId, employeeId },
    select: { kind: true, wanted: true },
  });
  const chosen = new Map(rows.map(({ kind, wanted }) => [kind, wanted]));
  return NOTIFICATIONS.filter((kind) => isFor(kind, role)).map((kind) => ({
    kind,
    wanted: chosen.get(kind) ?? isUsual(kind, role),
  }));
}
