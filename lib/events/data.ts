import { withTenant } from "@/lib/db/tenant";
import type { Marks } from "@/lib/events/types";

/** How everything stands at a moment, to be compared with how it stood before. */
export async function readMarks(organizationId: string, at: Date): Promise<Marks> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{
      versions: number[];
      reconciliation: string | null;
      handover: string;
      reviews: string | null;
      execution: string | null;
    }>(
      `select policies_in_force($1, $2) as versions,
         (select concat_ws(' ', r.id, r.finished_at, r.looked_at) from reconciliations r
          where r.organization_id = $1 order by r.id desc limit 1) as reconciliation,
         concat_ws(' ',
            (select h.moved_at from handovers h
             where h.organization_id = $1 and h.moved_at is not null order by h.moved_at desc limit 1),
            (select h.id from handovers h where h.organization_id = $1 order by h.id desc limit 1),
            (select count(*) from handovers h where h.organization_id = $1 and h.status = 'waiting'),
            (select max(d.changed_at) from duties d where d.organization_id = $1)) as handover,
          concat_ws(' ',
            (select r.id from reviews r where r.organization_id = $1 order by r.id desc limit 1),
            (select x.review_id from review_replies x where x.organization_id = $1 order by x.created_at desc limit 1)
          ) as reviews,
          (select concat_ws(' ', x.moved_at, x.decision_id) from executions x
           where x.organization_id = $1 order by x.moved_at desc, x.decision_id limit 1) as execution`,
      [organizationId, at],
    );
    return {
      policy: rows[0]?.versions.join(",") ?? "",
      reconciliation: rows[0]?.reconciliation ?? "",
      handover: rows[0]?.handover ?? "",
      reviews: rows[0]?.reviews ?? "",
      execution: rows[0]?.execution ?? "",
    };
  });
}
