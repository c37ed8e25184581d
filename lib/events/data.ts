import { withTenant } from "@/lib/db/tenant";
import type { Marks } from "@/lib/events/types";

/** How everything stands at a moment, to be compared with how it stood before. */
export async function readMarks(organizationId: string, at: Date): Promise<Marks> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ versions: number[] }>(
      "select policies_in_force($1, $2) as versions",
      [organizationId, at],
    );
    return { policy: rows[0]?.versions.join(",") ?? "" };
  });
}
