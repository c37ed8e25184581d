import { notFound } from "next/navigation";
import { requireActor, requireActorOrHide } from "@/lib/auth/actor";
import {
  findCustomer,
  listCustomerHistory,
  listCustomerOrders,
  listRecentCauses,
  readUsualAmounts,
} from "@/lib/customers/data";
import type { DecisionRecord, DeskPolicy, RecentCustomer } from "@/lib/customers/types";
import { findDecision, listDecisions, readAllowance } from "@/lib/decisions/data";
import { policyDocument, publishedVersion } from "@/lib/policies/data";
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
  shown: { orders: number; history: number; order: string | null },
) {
  const actor = await requireActorOrHide("desk");
  const { organizationId, employeeId, currency, timeZone } = actor;
  const now = new Date();
  const customer = await findCustomer(organizationId, customerId);
  if (!customer) notFound();
  const [orders, history, allowance, causes, usual, trial] = await Promise.all([
    listCustomerOrders(organizationId, customer.id, { limit: shown.orders, include: shown.order }),
    listCustomerHistory(organizationId, customer.id, { limit: shown.history }),
    readAllowance({ organizationId, employeeId, customer: customer.id, now }),
    listRecentCauses(organizationId, CAUSES),
    readUsualAmounts(organizationId, currency),
    ownTrial(organizationId, employeeId, now),
  ]);
  const inForce = allowance.ok ? allowance.allowance : null;
  return {
    customer,
    orders,
    history,
    allowance: inForce,
    policy: inForce && (await deskPolicy(organizationId, inForce.policyVersion, trial)),
    causes,
    usual,
    currency,
    timeZone,
    employeeId,
    now: now.toISOString(),
  };
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
  const recent = new Map<string, RecentCustomer>();
  for (const { customer, customerName, id, remedy, amount, currency, createdAt } of latest.data) {
    if (recent.has(customer)) continue;
    recent.set(customer, {
      id: customer,
      name: customerName,
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
  const { organizationId, currency, timeZone } = await requireActorOrHide("desk");
  const found = await findDecision(organizationId, decisionId);
  if (!found) notFound();
  const { values } = await policyDocument(organizationId, found.policyVersion);
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
    cause: found.cause,
    happened: found.case?.happened ?? null,
    channel: found.case?.channel ?? null,
    need: found.case?.need ?? null,
    note: found.note,
    policyVersion: found.policyVersion,
    explanation: found.explanation,
    values,
  };
  return { decision, currency, timeZone, now: new Date().toISOString() };
}
