import { leastIdAt } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { readDecisionInputs, toFacts } from "@/lib/decisions/inputs";
import type { DecisionStatus } from "@/lib/decisions/types";
import { limitApplies } from "@/lib/discretion/applies";
import type { Limit, Remedy, Verdict } from "@/lib/discretion/schema";
import type { DecisionRequest } from "@/lib/discretion/types";
import { DAY_MS } from "@/lib/discretion/windows";
import type { HandoverStatus } from "@/lib/handovers/types";
import type { DayDecision, DayHandover, MyDay, OwnLimit, PerCustomerLimit } from "@/lib/my-day/types";

const AT_MOST = 200;

/** A deadline is within 30 days of the decision, and as long again is left for a worker that was away. */
const HELD_MS = 60 * DAY_MS;

/** What somebody decided since a moment, the newest first. */
export async function listOwnDecisions(
  organizationId: string,
  employeeId: string,
  since: Date,
): Promise<{ decisions: DayDecision[]; more: boolean }> {
  const rows = await tenantDb(organizationId).decision.findMany({
    where: { organizationId, employeeId, id: { gte: leastIdAt(since.getTime()) } },
    orderBy: { id: "desc" },
    take: AT_MOST + 1,
    select: {
      id: true,
      remedy: true,
      amount: true,
      currency: true,
      verdict: true,
      status: true,
      cause: true,
      createdAt: true,
      customer: { select: { id: true, name: true } },
    },
  });
  const decisions = rows.slice(0, AT_MOST).map(
    (row): DayDecision => ({
      ...row,
      remedy: row.remedy as Remedy,
      verdict: row.verdict as Verdict,
      status: row.status as DecisionStatus,
      amount: Number(row.amount),
      createdAt: row.createdAt.toISOString(),
    }),
  );
  return { decisions, more: rows.length > AT_MOST };
}

/** What somebody has waiting with others, and what was handed over or answered since a moment; what waits stands first. */
export async function listOwnHandovers(
  organizationId: string,
  employeeId: string,
  since: Date,
): Promise<DayHandover[]> {
  // By the person's decisions, which an index is on; nothing waits for longer than this.
  const rows = await tenantDb(organizationId).decision.findMany({
    where: {
      organizationId,
      employeeId,
      verdict: "handover",
      id: { gte: leastIdAt(since.getTime() - HELD_MS) },
      handover: {
        OR: [{ status: "waiting" }, { answeredAt: { gte: since } }, { createdAt: { gte: since } }],
      },
    },
    orderBy: { id: "desc" },
    take: AT_MOST,
    select: {
      id: true,
      remedy: true,
      amount: true,
      currency: true,
      customer: { select: { id: true, name: true } },
      handover: {
        select: {
          status: true,
          deadlineAt: true,
          answeredAt: true,
          answerNote: true,
          grantedAmount: true,
          waitingForEmployee: { select: { name: true } },
          answeredByEmployee: { select: { name: true } },
        },
      },
    },
  });
  const handovers = rows.flatMap(({ handover, ...decision }): DayHandover[] => {
    if (handover === null) return [];
    return [
      {
        decisionId: decision.id,
        customer: decision.customer,
        remedy: decision.remedy as Remedy,
        amount: Number(decision.amount),
        currency: decision.currency,
        status: handover.status as HandoverStatus,
        waitingFor: handover.waitingForEmployee?.name ?? null,
        deadlineAt: handover.deadlineAt.toISOString(),
        answeredBy: handover.answeredByEmployee?.name ?? null,
        answeredAt: handover.answeredAt?.toISOString() ?? null,
        note: handover.answerNote,
        granted: handover.grantedAmount === null ? null : Number(handover.grantedAmount),
      },
    ];
  });
  const waits = (each: DayHandover) => (each.status === "waiting" ? 0 : 1);
  return handovers.toSorted((a, b) => waits(a) - waits(b));
}

/** The sums of a local day that somebody's decisions come to, in the organization's currency. */
export async function readOwnSums(
  organizationId: string,
  employeeId: string,
  day: string,
): Promise<MyDay["sums"]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<{ given: string; held: string; decisions: string }>(
      `select coalesce(sum(amount) filter (where status = 'posted'), 0) as given,
         coalesce(sum(amount) filter (where status = 'reserved'), 0) as held,
         coalesce(sum(decisions), 0) as decisions
       from decision_rollups where organization_id = $1 and day = $2 and employee_id = $3`,
      [organizationId, day, employeeId],
    ),
  );
  const [sums] = rows;
  return {
    given: Number(sums?.given ?? 0),
    held: Number(sums?.held ?? 0),
    decisions: Number(sums?.decisions ?? 0),
  };
}

/** Only these conditions are known of somebody without a request. */
const OF_THE_PERSON: readonly string[] = ["roles", "teams", "tenureDays"];

/**
 * How much somebody has used of the limits that count for them alone, whoever the customer is, and which limits begin
 * anew with each customer. Limits that hold only for some gestures are left out. Null while there is no policy.
 */
export async function readOwnLimits(
  organizationId: string,
  employeeId: string,
  now: Date,
): Promise<{ currency: string; limits: OwnLimit[]; perCustomer: PerCustomerLimit[] } | null> {
  // No customer is named: what counts by customer has nothing to tell.
  const inputs = await readDecisionInputs({ organizationId, employeeId, customer: "", at: now });
  if (!inputs?.employee) return null;
  const { policy, usage } = inputs;
  const facts = toFacts(inputs.employee, { id: "", tier: null }, inputs);
  const request: DecisionRequest = {
    remedy: "credit",
    amount: 0,
    currency: policy.currency,
    at: now.getTime(),
  };
  const about = policy.limits
    .filter(({ when }) => Object.keys(when ?? {}).every((condition) => OF_THE_PERSON.includes(condition)))
    .filter((limit) => limitApplies(limit, policy, request, facts));
  const counted = (limit: Limit): OwnLimit => {
    const used = usage[limit.id];
    const isAmount = limit.measure === "amount";
    const posted = (isAmount ? used?.postedAmount : used?.postedCount) ?? 0;
    const reserved = (isAmount ? used?.reservedAmount : used?.reservedCount) ?? 0;
    const { id, window, measure, max, why } = limit;
    const left = Math.max(0, max - posted - reserved);
    return { id, window, measure, max, used: posted + reserved, reserved, left, why };
  };
  const isOwn = ({ scope, window }: Limit) =>
    scope.length === 1 && scope[0] === "employee" && window !== "decision" && window !== "case";
  const isPerCustomer = ({ scope }: Limit) =>
    scope.length === 2 && scope.includes("employee") && scope.includes("customer");
  return {
    currency: policy.currency,
    limits: about.filter(isOwn).map(counted),
    perCustomer: about
      .filter(isPerCustomer)
      .map(({ id, window, measure, max }) => ({ id, window, measure, max })),
  };
}
