import { tenantDb } from "@/lib/db/prisma";
import type { Remedy } from "@/lib/discretion/schema";
import type { Notice } from "@/lib/notices/types";

/** The notices that the organization has written. */
export async function listNotices(organizationId: string): Promise<Notice[]> {
  const rows = await tenantDb(organizationId).noticeTemplate.findMany({
    where: { organizationId },
    select: { remedy: true, subject: true, body: true, isOn: true },
  });
  return rows.map((row) => ({ ...row, remedy: row.remedy as Remedy }));
}
