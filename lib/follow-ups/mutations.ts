import type { EmployeeActor } from "@/lib/auth/types";
import { withTenant } from "@/lib/db/tenant";
import { localDay } from "@/lib/discretion/windows";
import { findFollowUp } from "@/lib/follow-ups/data";
import type { PromiseInput } from "@/lib/follow-ups/schema";
import type { FollowUp, PromiseAnswer } from "@/lib/follow-ups/types";

type Person = Pick<EmployeeActor, "organizationId" | "employeeId" | "timeZone">;

/**
 * Keeps what somebody promised with a case of their own, once: asked again, by a page that heard no answer, it is the
 * same promise. A case holds one, and nothing is promised to somebody who was erased.
 */
export async function makePromise(options: {
  actor: Person;
  input: PromiseInput;
  now: Date;
}): Promise<PromiseAnswer> {
  const { actor, input, now } = options;
  const { organizationId, employeeId } = actor;
  if (input.dueOn < localDay(now.getTime(), actor.timeZone)) return { ok: false, code: "day_passed" };
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ case_id: string }>(
      `with kept as (
         insert into follow_ups (organization_id, case_id, customer_id, employee_id, text, due_on, created_at)
         select $1, d.case_id, d.customer_id, d.employee_id, $4::text, $5::date, $6::timestamptz
         from decisions d join customers c on c.organization_id = $1 and c.id = d.customer_id and c.erased_at is null
         where d.organization_id = $1 and d.id = $2 and d.employee_id = $3 and d.case_id is not null
         on conflict do nothing
       )
       select d.case_id from decisions d
       where d.organization_id = $1 and d.id = $2 and d.employee_id = $3 and d.case_id is not null`,
      [organizationId, input.decision, employeeId, input.text, input.dueOn, now],
    ),
  );
  const caseId = rows[0]?.case_id;
  const followUp = caseId ? await findFollowUp(organizationId, caseId) : null;
  if (!followUp) return { ok: false, code: "case_not_found" };
  const isThis = followUp.text === input.text && followUp.dueOn === input.dueOn;
  return isThis ? { ok: true, followUp } : { ok: false, code: "promised_already", followUp };
}

/**
 * Ticks a promise, or takes the tick away. Whoever helps the customer may: what was promised is the house's to keep.
 * Null where there is none. The first tick stands.
 */
export async function tickPromise(options: {
  actor: Person;
  caseId: string;
  done: boolean;
  now: Date;
}): Promise<FollowUp | null> {
  const { actor, caseId, done, now } = options;
  const { organizationId, employeeId } = actor;
  await withTenant(organizationId, (client) =>
    client.query(
      `update follow_ups set done_at = $3, done_by = $4
       where organization_id = $1 and case_id = $2 and (done_at is null) = ($3::timestamptz is not null)`,
      [organizationId, caseId, done ? now : null, done ? employeeId : null],
    ),
  );
  return findFollowUp(organizationId, caseId);
}
