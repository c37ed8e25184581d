import { tenantDb } from "@/lib/db/prisma";
import { findDecisionView } from "@/lib/decisions/data";
import type { ReversalKind, ReversedDecision } from "@/lib/reversals/types";

/** A decision with how it was taken back, or null where it wasn't. */
export async function findReversed(organizationId: string, id: string): Promise<ReversedDecision | null> {
  const [decision, reversal] = await Promise.all([
    findDecisionView(organizationId, id),
    tenantDb(organizationId).reversal.findUnique({
      where: { organizationId_decisionId: { organizationId, decisionId: id } },
    }),
  ]);
  if (!decision || !reversal) return null;
  return {
    ...decision,
    reversal: {
      kind: reversal.kind as ReversalKind,
      reason: reversal.reason,
      reversedBy: reversal.reversedBy,
      createdAt: reversal.createdAt.toISOString(),
    },
  };
}
