import { tenantDb } from "@/lib/db/prisma";
import type { MergeStory, MergeView } from "@/lib/merges/types";

/** The merge that a record stands under now, or null while it stands for itself. */
export async function findStandingMerge(
  organizationId: string,
  duplicateId: string,
): Promise<MergeView | null> {
  const row = await tenantDb(organizationId).customerMerge.findFirst({
    where: { organizationId, duplicateId, undoneAt: null },
  });
  return (
    row && {
      id: row.id,
      duplicate: row.duplicateId,
      customer: row.customerId,
      reason: row.reason,
      mergedBy: row.mergedBy,
      mergedAt: row.mergedAt.toISOString(),
      undoneBy: row.undoneBy,
      undoneAt: row.undoneAt?.toISOString() ?? null,
    }
  );
}

const PERSON = { select: { id: true, name: true } } as const;

/** Every merge of these records, those that were undone too, the newest first. */
export async function listMerges(organizationId: string, records: readonly string[]): Promise<MergeStory[]> {
  const among = { in: [...records] };
  const rows = await tenantDb(organizationId).customerMerge.findMany({
    where: { organizationId, OR: [{ duplicateId: among }, { customerId: among }] },
    orderBy: { id: "desc" },
    take: 100,
    select: {
      id: true,
      duplicate: { select: { id: true, name: true, email: true, phone: true, externalRef: true } },
      customer: PERSON,
      reason: true,
      merger: PERSON,
      mergedAt: true,
      undoer: PERSON,
      undoneAt: true,
    },
  });
  return rows.map(({ merger, undoer, mergedAt, undoneAt, ...row }) => ({
    ...row,
    mergedBy: merger,
    mergedAt: mergedAt.toISOString(),
    undoneBy: undoer,
    undoneAt: undoneAt?.toISOString() ?? null,
  }));
}
