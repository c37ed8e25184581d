import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { withTenant } from "@/lib/db/tenant";
import { addDays, localDay, startOfDay } from "@/lib/discretion/windows";
import { backfillOf } from "@/lib/policies/backfill";
import { findPolicy } from "@/lib/policies/data";
import {
  type Author,
  checkDocument,
  type ExamplesFailed,
  type Invalid,
  lockPolicies,
  type VersionRefusal,
} from "@/lib/policies/mutations";
import type { PolicyStatus } from "@/lib/policies/types";

export type TrialRefusal =
  | Invalid
  | ExamplesFailed
  | VersionRefusal
  /** Nothing is in force that it could run beside. */
  | { ok: false; code: "no_policy" }
  | { ok: false; code: "team_not_found" }
  /** The team already tries another version. */
  | { ok: false; code: "team_on_trial"; version: number };

/** The end of the last of so many days, today being the first: a budget of a day never changes in the middle of it. */
export function trialEnd(days: number, now: Date, timeZone: string): Date {
  return new Date(startOfDay(addDays(localDay(now.getTime(), timeZone), days), timeZone));
}

/**
 * Puts a draft in force for one team, from now until `endsAt`, beside the published version. Its examples must pass.
 * From then on every decision of the organization counts on both, so that no budget is lost when the team comes back.
 */
export async function startTrial(options: {
  organizationId: string;
  version: number;
  revision?: number | null;
  teamId: string;
  endsAt: Date;
  author: Author & { employeeId: string };
  now: Date;
}): Promise<{ ok: true; trialId: string } | TrialRefusal> {
  const { organizationId, version, teamId, endsAt, author, now } = options;
  const found = await findPolicy(organizationId, version);
  if (!found) return { ok: false, code: "not_found" };
  const revision = options.revision ?? found.revision;
  const checked = await checkDocument(organizationId, found.document);
  if (!checked.ok) return checked;

  const trialId = newId(now);
  const answer = await withTenant(organizationId, async (client) => {
    const inForce = await lockPolicies(client, organizationId, now);
    const team = await client.query("select 1 from teams where organization_id = $1 and id = $2", [
      organizationId,
      teamId,
    ]);
    if (team.rowCount === 0) return { outcome: "no_team" as const };
    const documents = inForce.map(({ document }) => document);
    const backfill = await backfillOf(client, organizationId, checked.policy, documents, now);
    const { rows } = await client.query<{ answer: StartAnswer }>(
      "select start_trial($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as answer",
      [
        organizationId,
        trialId,
        version,
        revision,
        teamId,
        endsAt,
        JSON.stringify(backfill),
        JSON.stringify(author.actor),
        author.employeeId,
        [newId(now), newId(now)],
        now,
      ],
    );
    const started = rows[0]?.answer;
    if (!started) throw new Error("start_trial gave no row.");
    return started;
  });
  switch (answer.outcome) {
    case "started":
      return { ok: true, trialId };
    case "missing":
      return { ok: false, code: "not_found" };
    case "no_team":
      return { ok: false, code: "team_not_found" };
    case "stale":
      return { ok: false, code: "draft_changed", revision: answer.revision };
    case "not_draft":
      return { ok: false, code: "not_draft", status: answer.status };
    case "team_on_trial":
      return { ok: false, code: "team_on_trial", version: answer.version };
    case "scheduled":
    case "no_policy":
      return { ok: false, code: answer.outcome };
    default:
      throw new Error(`start_trial answered ${JSON.stringify(answer satisfies never)}.`);
  }
}

type StartAnswer =
  | { outcome: "started" | "missing" | "scheduled" | "no_policy" }
  | { outcome: "stale"; revision: number }
  | { outcome: "not_draft"; status: PolicyStatus }
  | { outcome: "team_on_trial"; version: number };

/**
 * Ends a trial: before its time by somebody, or (`author: null`) because its time has come. Answers whether this call
 * did it.
 */
export async function endTrial(options: {
  organizationId: string;
  trialId: string;
  author: Author | null;
  now: Date;
}): Promise<boolean> {
  const { organizationId, trialId, author, now } = options;
  const { rows } = await pool().query<{ ended: boolean }>(
    "select end_trial($1, $2, $3, $4, $5, $6) as ended",
    [
      organizationId,
      trialId,
      author?.employeeId ?? null,
      JSON.stringify(author?.actor ?? { kind: "system", id: null }),
      newId(now),
      now,
    ],
  );
  return rows[0]?.ended ?? false;
}
