import { customerRecords } from "@/lib/customers/data";
import { isId, leastIdAt } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { type DecisionFilter, WAITS, type Wait } from "@/lib/decisions/schema";
import type { StatementPage } from "@/lib/decisions/stretches";
import type { DecisionStatus } from "@/lib/decisions/types";
import type { Verdict } from "@/lib/discretion/schema";
import { addDays, startOfDay } from "@/lib/discretion/windows";
import { type Outcome, SATISFIED_FROM } from "@/lib/surveys/types";

/** An instant as it is; a day as its first moment in the organization's time zone, or the first after it. */
export function momentOf(value: string, timeZone: string, edge: "start" | "end"): number {
  if (value.length > 10) return Date.parse(value);
  return startOfDay(edge === "start" ? value : addDays(value, 1), timeZone);
}

/** The ids that a filter's words stand for; an unknown one matches nothing, as another organization's would. */
export async function resolveFilter(organizationId: string, filter: DecisionFilter) {
  const db = tenantDb(organizationId);
  const nobody = "00000000-0000-0000-0000-000000000000";
  const byId = (value: string) => (isId(value) ? [{ id: value }] : []);
  const [employee, customer, team] = await Promise.all([
    filter.employee &&
      db.employee.findFirst({
        where: { organizationId, OR: [...byId(filter.employee), { email: filter.employee.toLowerCase() }] },
        select: { id: true },
      }),
    filter.customer &&
      db.customer.findFirst({
        where: { organizationId, OR: [...byId(filter.customer), { externalRef: filter.customer }] },
        select: { id: true },
      }),
    filter.team &&
      db.team.findFirst({
        where: { organizationId, OR: [...byId(filter.team), { key: filter.team }] },
        select: { id: true },
      }),
  ]);
  // What was decided for records of one customer before they were merged is the customer's.
  const records = customer ? await customerRecords(organizationId, customer.id) : null;
  return {
    employeeId: filter.employee ? ((employee || null)?.id ?? nobody) : undefined,
    customerId: filter.customer ? { in: records ?? [nobody] } : undefined,
    teamId: filter.team ? ((team || null)?.id ?? nobody) : undefined,
  };
}

/** A condition in SQL; `value` makes a parameter. */
type Condition = (value: (of: unknown) => string) => string;

/** What every statement of a list asks for; `from` and `to` bound the ids. */
export interface Conditions {
  cheap: Condition[];
  /** Those that look into more than a row's own columns, or that no index is in the order of. */
  dear: Condition[];
  from: string | null;
  to: string | null;
}

/** The verdicts that a decision in this status can have: those are in an index, and a status, which changes, is in none. */
const VERDICTS_OF: Record<DecisionStatus, readonly Verdict[]> = {
  posted: ["allow", "bend", "handover"],
  reserved: ["handover"],
  refused: ["deny"],
  declined: ["handover"],
  expired: ["handover"],
  released: ["handover"],
  reversed: ["allow", "bend", "handover"],
};

/**
 * What hot spots find besides blocking checks, as a condition on decisions `d`, the organization being $1: handed over although
 * no more was asked for, or granted in the end, than would have passed; cases that came to nothing, told by their first decision.
 */
export const FINDINGS = {
  within_limit: `d.verdict = 'handover' and (d.explanation ->> 'binding' is null
    or (d.explanation ->> 'maxAmount')::numeric >= coalesce(
      (select h.granted_amount from handovers h where h.organization_id = $1 and h.decision_id = d.id), d.amount))`,
  no_remedy: `d.status in ('refused', 'declined', 'expired', 'released') and not exists (
    select from decisions o where o.organization_id = $1 and o.customer_id = d.customer_id and o.case_id = d.case_id and o.id <> d.id
      and (o.status in ('posted', 'reserved', 'reversed') or o.id < d.id))`,
} as const;

/**
 * Whether a decision `d` is the one that its case began with, the organization being $1; one without a case is a case of its
 * own. What `first_of_case` answers in the database.
 */
export const BEGINS_CASE = `(d.case_id is null or not exists (
    select from decisions o where o.organization_id = $1 and o.customer_id = d.customer_id and o.case_id = d.case_id
      and o.id >= least_id_like(d.case_id) and o.id < d.id))`;

/** What its customer said, told at the decision that a case began with. */
const SAID = {
  satisfied: said(`s.score >= ${SATISFIED_FROM}`),
  unsatisfied: said(`s.score < ${SATISFIED_FROM}`),
  answered: said("true"),
  unanswered: `(${BEGINS_CASE} and not ${said("true")})`,
} as const satisfies Record<Outcome, string>;

function said(condition: string): string {
  return `exists (select from survey_answers s where s.organization_id = $1 and s.decision_id = d.id and ${condition})`;
}

const WITHOUT = {
  team: "d.team_id is null",
  cause: "coalesce(d.cause, '') = ''",
  check: "d.explanation ->> 'binding' is null",
} as const;

/** Whole seconds from asking to a person's answer, as the days' sums have them. */
const WAITED = "greatest(0, floor(extract(epoch from h.answered_at - h.created_at)))";

function waitedWithin(wait: Wait): string {
  const place = WAITS.findIndex(({ name }) => name === wait);
  const [above, upTo] = [WAITS[place - 1]?.seconds, WAITS[place]?.seconds];
  const bounds = [...(above ? [`${WAITED} > ${above}`] : []), ...(upTo ? [`${WAITED} <= ${upTo}`] : [])];
  return bounds.join(" and ");
}

/** How far a limit was used, in thousandths, what was used before included. */
const USES = { quarter: "permille <= 250", last_quarter: "permille > 750" } as const;

/** Filters as SQL on decisions `d`, for a list in an order. The organization is the first parameter. */
export async function conditionsOf(
  organizationId: string,
  filter: DecisionFilter,
  timeZone: string,
  order: "time" | "amount" = "time",
): Promise<Conditions> {
  const ids = await resolveFilter(organizationId, filter);
  const cheap: Condition[] = [];
  const dear: Condition[] = [];
  // Each has an index in the order of time. By amount they are looked into, but for the few of a customer, which are sorted.
  const few = ids.customerId !== undefined || filter.ids !== undefined;
  const indexed = order === "time" || few ? cheap : dear;
  const add = (condition: (parameter: string) => string, of: unknown, among = cheap) => {
    if (of !== undefined) among.push((value) => condition(value(of)));
  };
  add((p) => `d.employee_id = ${p}`, ids.employeeId, indexed);
  add((p) => `d.customer_id = any (${p}::uuid[])`, ids.customerId?.in);
  add((p) => `d.team_id = ${p}`, ids.teamId, indexed);
  add((p) => `d.id = any (${p}::uuid[])`, filter.ids);
  add(...oneOf("d.verdict", filter.verdict ?? verdictBy(filter)), indexed);
  add(...oneOf("d.status", filter.status), dear);
  add((p) => `d.remedy = ${p}`, filter.remedy, indexed);
  add((p) => `d.cause = ${p}`, filter.cause, indexed);
  add((p) => `d.policy_version = ${p}`, filter.policyVersion, indexed);
  add((p) => `d.amount >= ${p}`, filter.minAmount);
  add((p) => `d.explanation ->> 'binding' = ${p}`, filter.check, dear);
  for (const each of [filter.without ?? []].flat()) {
    (each === "team" ? indexed : dear).push(() => WITHOUT[each]);
  }
  const { answer, waited, finding, outcome, under, use } = filter;
  if (answer !== undefined || waited !== undefined) dear.push(handedOver(answer, waited));
  if (finding !== undefined) dear.push(() => FINDINGS[finding]);
  if (outcome !== undefined) {
    const told = [outcome].flat().map((each) => SAID[each]);
    dear.push(() => `(${told.join(" or ")})`);
  }
  add((p) => countedUnder(p, use), under, dear);
  return {
    cheap,
    dear,
    from: filter.from ? leastIdAt(momentOf(filter.from, timeZone, "start")) : null,
    to: filter.to ? leastIdAt(momentOf(filter.to, timeZone, "end")) : null,
  };
}

/** One of a few words, or just one, which an index has in the order of time. */
function oneOf(
  column: string,
  words: string | readonly string[] | undefined,
): [condition: (parameter: string) => string, of: unknown] {
  return typeof words === "object"
    ? [(p) => `${column} = any (${p}::text[])`, words]
    : [(p) => `${column} = ${p}`, words];
}

/** What became of a handover, and how long it took. */
function handedOver(answer: DecisionFilter["answer"], waited: DecisionFilter["waited"]): Condition {
  return (value) => {
    const asked = ["h.organization_id = $1", "h.decision_id = d.id"];
    if (answer !== undefined) asked.push(`h.status = any (${value([answer].flat())}::text[])`);
    if (waited !== undefined) {
      asked.push("h.status in ('approved', 'adjusted', 'declined')");
      asked.push(`(${[waited].flat().map(waitedWithin).join(" or ")})`);
    }
    return `exists (select from handovers h where ${asked.join(" and ")})`;
  };
}

/** All of what a statement asks for, with its parameters. The organization is the first one. */
export function conjunction(
  organizationId: string,
  base: Conditions,
  page: StatementPage,
): { where: string; values: unknown[] } {
  const values: unknown[] = [organizationId];
  const value = (of: unknown) => `$${values.push(of)}`;
  const said = [...base.cheap, ...base.dear].map((condition) => condition(value));
  return {
    where: ["d.organization_id = $1", ...page.conditions(value), ...said].join(" and "),
    values,
  };
}

/** The verdict that other filters leave, so that only those are looked through; nothing where it can be several. */
function verdictBy({ answer, waited, finding, status }: DecisionFilter): Verdict | undefined {
  if (answer !== undefined || waited !== undefined || finding === "within_limit") return "handover";
  if (status === undefined) return undefined;
  const found = new Set([status].flat().flatMap((each) => VERDICTS_OF[each]));
  return found.size === 1 ? [...found][0] : undefined;
}

/** Given without asking under a limit, as the days' sums count its use. */
function countedUnder(limit: string, use: DecisionFilter["use"]): string {
  return `d.status = 'posted' and d.verdict in ('allow', 'bend') and exists (
    select from jsonb_array_elements(d.explanation -> 'checks') as c
    cross join lateral (select case when (c ->> 'max')::numeric > 0
      then least(1000000, floor(((c ->> 'used')::numeric + (c ->> 'asked')::numeric) * 1000 / (c ->> 'max')::numeric)) end as permille) as used
    where c ->> 'id' = ${limit} and c ->> 'kind' = 'limit' and permille is not null${use ? ` and ${USES[use]}` : ""})`;
}
