import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type { Remedy } from "@/lib/discretion/schema";
import type { Precedent } from "@/lib/teachable/types";

/** Precedents, the newest first, of one cause or remedy where those are given. */
export async function listPrecedents(
  organizationId: string,
  query: { cause?: string | null; remedy?: Remedy | null; limit: number },
): Promise<Precedent[]> {
  const rows = await tenantDb(organizationId).precedent.findMany({
    where: {
      organizationId,
      ...(query.cause ? { cause: query.cause } : {}),
      ...(query.remedy ? { remedy: query.remedy } : {}),
    },
    orderBy: { id: "desc" },
    take: query.limit,
  });
  return rows.map((row) => ({
    id: row.id,
    cause: row.cause,
    remedy: row.remedy as Remedy,
    amount: Number(row.amount),
    currency: row.currency,
    tier: row.tier,
    happened: row.happened,
    done: row.done,
    createdAt: row.createdAt.toISOString(),
  }));
}

/** The causes that there are precedents of. */
export async function listPrecedentCauses(organizationId: string): Promise<string[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ cause: string }>(
      "select distinct cause from precedents where organization_id = $1 and cause is not null order by cause limit 100",
      [organizationId],
    ),
  );
  return rows.map(({ cause }) => cause);
}
