import type pg from "pg";
import type { Verdict } from "@/lib/discretion/schema";
import { randomOf } from "./random";
import type { DemoRequest } from "./requests";

/** What a customer of the demo said of a case, and when; epoch milliseconds. */
export interface DemoSurvey {
  decisionId: string;
  reference: string;
  score: number;
  at: number;
}

const HOUR_MS = 3_600_000;

/** Of a hundred who are asked so many answer. */
const ANSWERING = 0.34;

/** How likely each score is, one to five: of who had it at once, waited for it, waited long, or got nothing. */
const SCORES = {
  atOnce: [2, 3, 8, 32, 55],
  waited: [5, 8, 17, 38, 32],
  waitedLong: [16, 22, 26, 24, 12],
  nothing: [34, 28, 22, 11, 5],
} as const;

/** From so many minutes on a customer has waited long. */
const LONG_MINUTES = 30;

/**
 * What the customer of a request says of it later on, the same each time; null where they say nothing. Whoever waits longer
 * is less satisfied, whatever they get in the end.
 */
export function demoSurvey(request: DemoRequest, verdict: Verdict): { score: number; at: number } | null {
  const random = randomOf(`survey of ${request.key}`);
  if (!random.chance(ANSWERING)) return null;
  const weights = SCORES[experience(request, verdict)];
  const score = random.weighted(weights.map((weight, i) => [i + 1, weight] as const));
  const over = request.at + (verdict === "handover" ? (request.answer?.minutes ?? 0) * 60_000 : 0);
  return { score, at: over + random.int(HOUR_MS, 50 * HOUR_MS) };
}

function experience({ answer }: DemoRequest, verdict: Verdict): keyof typeof SCORES {
  if (verdict === "allow" || verdict === "bend") return "atOnce";
  if (verdict === "deny" || !answer || answer.amount === null) return "nothing";
  return answer.minutes >= LONG_MINUTES ? "waitedLong" : "waited";
}

/**
 * Records what customers said, in a few statements, since there are thousands; what is there already is left.
 *
 * @param owner is the database's owner, for the organization that it works for.
 */
export async function insertSurveys(
  owner: pg.Client,
  organizationId: string,
  surveys: readonly DemoSurvey[],
): Promise<void> {
  const rows = surveys.map(({ decisionId, reference, score, at }) => ({
    ...{ decision: decisionId, reference, score },
    at: new Date(at).toISOString(),
  }));
  await owner.query("begin");
  await owner.query("select set_config('leeway.organization_id', $1, true)", [organizationId]);
  await owner.query(
    `with said as (
       insert into survey_answers (organization_id, decision_id, reference, score, answered_at, recorded_at)
       select current_organization(), x.decision, x.reference, x.score, x.at, x.at
       from jsonb_to_recordset($1) as x (decision uuid, reference text, score integer, at timestamptz)
       on conflict do nothing
       returning organization_id, decision_id, score, answered_at
     ),
     counted as (
       insert into survey_days (organization_id, day, changes)
       select s.organization_id, (d.created_at at time zone o.time_zone)::date, count(*)
       from said s
       join decisions d on d.organization_id = s.organization_id and d.id = s.decision_id
       join organizations o on o.id = s.organization_id
       group by 1, 2
       on conflict (organization_id, day) do update set changes = survey_days.changes + excluded.changes
     )
     insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
     select s.organization_id, new_id(s.answered_at), 'system', null, 'survey.answered', 'decision', s.decision_id::text,
       jsonb_build_object('score', s.score, 'before', null), s.answered_at
     from said s`,
    [JSON.stringify(rows)],
  );
  await owner.query("commit");
}
