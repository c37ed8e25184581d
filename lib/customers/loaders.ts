import { notFound, redirect } from "next/navigation";
import { requireActor, requireActorOrHide } from "@/lib/auth/actor";
import type { EmployeeActor } from "@/lib/auth/types";
import { listCauses } from "@/lib/causes/data";
import { readCredit } from "@/lib/credit/data";
import {
  customerRecords,
  findCustomer,
  listCustomerHistory,
  listCustomerOrders,
  listRecentCauses,
  mergedAmong,
  readUsualAmounts,
} from "@/lib/customers/data";
import type { DecisionRecord, DeskPolicy, PastDecision, RecentCustomer } from "@/lib/customers/types";
import { findDecision, listDecisions, readAllowance } from "@/lib/decisions/data";
import { localDay } from "@/lib/discretion/windows";
import { listOpenFollowUpsFor } from "@/lib/follow-ups/data";
import { mayMerge } from "@/lib/merges/ability";
import { listMerges } from "@/lib/merges/data";
import { policyDocument, publishedVersion } from "@/lib/policies/data";
import { mayReverse } from "@/lib/reversals/ability";
import { mayReadReviews } from "@/lib/reviews/ability";
import { ownTrial } from "@/lib/trials/data";

/** How many are shown at first, and how many more each time. */
export const FIRST_FEW = 6;
const STEP = 20;
const AT_MOST = 500;

/** One more step of a list; null when all of it is there. */
export function nextCount(shown: number, total: number): number | null {
  return shown < total && shown < AT_MOST ? Math.min(shown + STEP, AT_MOST) : null;
}

/** How many the address asks for; anything that is no count of ours is the first few. */
export function countOf(value: string | string[] | undefined): number {
  const count = typeof value === "string" && /^\d{1,3}$/.test(value) ? Number(value) : FIRST_FEW;
  return Math.min(Math.max(count, FIRST_FEW), AT_MOST);
}

const CAUSES = 12;

/** A customer with everything that the desk shows of them, and what the person may still give. */
export async function loadDesk(
  customerId: string,
  shown: { orders: number; history: number; order: string | null; merged: string | null },
) {
  const actor = await requireActorOrHide("desk");
  const { organizationId, employeeId, currency, timeZone } = actor;
  const now = new Date();
  const customer = await findCustomer(organizationId, customerId);
  if (!customer) notFound();
  if (customer.mergedInto) {
    const kept = new URLSearchParams({ merged: customer.id, ...(shown.order ? { order: shown.order } : {}) });
    redirect(`/desk/${customer.mergedInto}?${kept}`);
  }
  const records = (await customerRecords(organizationId, customer.id)) ?? [customer.id];
  const [orders, history, merges, allowance, recent, usual, trial, catalogue, promises, credit] =
    await Promise.all([
      listCustomerOrders(organizationId, customer.id, { limit: shown.orders, include: shown.order }),
      listCustomerHistory(organizationId, customer.id, { limit: shown.history }),
      listMerges(organizationId, records),
      readAllowance({ organizationId, employeeId, customer: customer.id, now }),
      listRecentCauses(organizationId, CAUSES),
      readUsualAmounts(organizationId, currency),
      ownTrial(organizationId, employeeId, now),
      listCauses(organizationId),
      listOpenFollowUpsFor(organizationId, customer.id),
      readCredit(organizationId, customer.id, now),
    ]);
  const names = new Map(catalogue.map(({ key, name }) => [key, name]));
  const causes = catalogue
    .filter(({ retiredAt }) => retiredAt === null)
    .map(({ key, name, needsNote }) => ({ key, name, needsNote }));
  const inForce = allowance.ok ? allowance.allowance : null;
  // Said to whoever came by the address of a record that was merged into this one.
  const cameBy = merges.find((merge) => merge.undoneAt === null && merge.duplicate.id === shown.merged);
  return {
    customer,
    orders,
    history: {
      ...history,
      items: history.items.map((item) => ({
        ...undoableBy(item, actor, now),
        cause: item.cause && (names.get(item.cause) ?? item.cause),
      })),
    },
    promises,
    credit,
    merges,
    mayMerge: mayMerge(actor.role),
    cameBy: cameBy?.duplicate ?? null,
    allowance: inForce,
    policy: inForce && (await deskPolicy(organizationId, inForce.policyVersion, trial)),
    causes,
    causeWords: causes.length > 0 ? causes.map(({ name }) => name) : recent,
    usual,
    currency,
    timeZone,
    today: localDay(now.getTime(), timeZone),
    employeeId,
    now: now.toISOString(),
  };
}

/** What somebody else has given is theirs to undo, or a manager's. */
function undoableBy(item: PastDecision, actor: EmployeeActor, now: Date): PastDecision {
  const open = item.undoUntil !== null && Date.parse(item.undoUntil) > now.getTime();
  const mine = mayReverse(actor, { employee: item.employee.id, createdAt: item.createdAt }, now);
  return open && mine ? item : { ...item, undoUntil: null };
}

async function deskPolicy(
  organizationId: string,
  version: number,
  trial: Awaited<ReturnType<typeof ownTrial>>,
): Promise<DeskPolicy> {
  const { values } = await policyDocument(organizationId, version);
  const tried = trial?.version === version ? trial.endsAt.toISOString() : null;
  return { version, values, triedUntil: tried };
}

const LATELY = 30;
const RECENT_CUSTOMERS = 8;

/** The desk before a customer was chosen: whom the person helped last. */
export async function loadDeskHome() {
  const { organizationId, employeeId, timeZone } = await requireActor("desk");
  const now = new Date();
  const [latest, mission] = await Promise.all([
    listDecisions(organizationId, { employee: employeeId }, { limit: LATELY, timeZone }),
    readMission(organizationId, employeeId, now),
  ]);
  const merged = await mergedAmong(
    organizationId,
    latest.data.map(({ customer }) => customer),
  );
  const recent = new Map<string, RecentCustomer>();
  for (const { customer, customerName, id, remedy, amount, currency, createdAt } of latest.data) {
    const whom = merged.get(customer) ?? { id: customer, name: customerName };
    if (recent.has(whom.id)) continue;
    recent.set(whom.id, {
      ...whom,
      last: { id, remedy, amount, currency, createdAt },
    });
  }
  return {
    recent: [...recent.values()].slice(0, RECENT_CUSTOMERS),
    mission,
    timeZone,
    now: now.toISOString(),
  };
}

/** What the company is there for, as the policy that the person decides under says it; null where it says nothing. */
async function readMission(organizationId: string, employeeId: string, now: Date): Promise<string | null> {
  const trial = await ownTrial(organizationId, employeeId, now);
  const version = trial?.version ?? (await publishedVersion(organizationId));
  if (version === null) return null;
  return (await policyDocument(organizationId, version)).mission ?? null;
}

/** One decision to read again, from the customer's history. */
export async function loadDecisionRecord(decisionId: string) {
  const actor = await requireActorOrHide("desk");
  const { organizationId, employeeId, currency, timeZone } = actor;
  const now = new Date();
  const found = await findDecision(organizationId, decisionId);
  if (!found) notFound();
  const [{ values }, catalogue] = await Promise.all([
    policyDocument(organizationId, found.policyVersion),
    listCauses(organizationId),
  ]);
  const decision: DecisionRecord = {
    id: found.id,
    remedy: found.remedy,
    amount: found.amount,
    currency: found.currency,
    verdict: found.verdict,
    status: found.status,
    createdAt: found.createdAt,
    employee: { id: found.employee, name: found.employeeName },
    customer: { id: found.customer, name: found.customerName },
    orderRef: found.orderRef,
    cause: catalogue.find(({ key }) => key === found.cause)?.name ?? found.cause,
    happened: found.case?.happened ?? null,
    channel: found.case?.channel ?? null,
    need: found.case?.need ?? null,
    note: found.note,
    policyVersion: found.policyVersion,
    explanation: found.explanation,
    values,
    granted: found.handover?.grantedAmount ?? null,
    undone: found.reversal?.kind === "undo",
    undoUntil: found.undoUntil,
    survey: found.survey,
    reversal: found.reversal,
    handover: found.handover,
    execution: found.execution,
    reviews: mayReadReviews(actor, found.employee) ? found.reviews : [],
  };
  return {
    decision,
    isOwn: found.employee === employeeId,
    mayReverse: mayReverse(actor, found, now),
    currency,
    timeZone,
    now: now.toISOString(),
  };
}
