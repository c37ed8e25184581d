import { isId } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import type { EmbedOrigin } from "@/lib/embed/types";

/** The sites that may show the organization's desk, in alphabetical order; none where there is no such organization. */
export async function listOrigins(organizationId: string): Promise<EmbedOrigin[]> {
  if (!isId(organizationId)) return [];
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ origin: string; added_at: Date }>(
      "select origin, added_at from embed_origins where organization_id = $1 order by origin",
      [organizationId],
    ),
  );
  return rows.map(({ origin, added_at }) => ({ origin, addedAt: added_at.toISOString() }));
}
