import { withTenant } from "@/lib/db/tenant";
import type { SurveyAnswer } from "@/lib/surveys/types";

/** What the customer said of a decision's case; null where they said nothing, or nobody told. */
export async function readSurveyAnswer(
  organizationId: string,
  decisionId: string,
): Promise<SurveyAnswer | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ score: number; answered_at: Date }>(
      `select score, answered_at from survey_answers
       where organization_id = $1 and decision_id = first_of_case($1, $2)`,
      [organizationId, decisionId],
    ),
  );
  const [row] = rows;
  return row ? { score: row.score, answeredAt: row.answered_at.toISOString() } : null;
}
