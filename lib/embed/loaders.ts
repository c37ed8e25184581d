import { notFound, unauthorized } from "next/navigation";
import { isAdmin, mayEnter } from "@/lib/auth/ability";
import { currentActor, requireActor } from "@/lib/auth/actor";
import { hasAllowed } from "@/lib/auth/embed-passes";
import type { EmployeeActor } from "@/lib/auth/types";
import { listCauses } from "@/lib/causes/data";
import {
  findCustomer,
  listCustomerHistory,
  listCustomerOrders,
  listRecentCauses,
  readUsualAmounts,
} from "@/lib/customers/data";
import { readAllowance } from "@/lib/decisions/data";
import { localDay } from "@/lib/discretion/windows";
import { listOrigins } from "@/lib/embed/data";
import type { ConnectState, EmbeddedDesk, EmbedPage } from "@/lib/embed/types";
import { baseUrl } from "@/lib/http/base-url";
import { policyDocument } from "@/lib/policies/data";
import { ownTrial } from "@/lib/trials/data";

/** The page on which an admin says which sites may show the desk. */
export async function loadEmbedPage(): Promise<EmbedPage> {
  const { organizationId, role } = await requireActor("settings");
  return {
    mayEdit: isAdmin(role),
    organizationId,
    base: await baseUrl(),
    origins: await listOrigins(organizationId),
  };
}

/** The sites whose frames may show the desk of an organization; a page that isn't there where none may. */
export async function loadFrame(organization: string): Promise<{ origins: string[] }> {
  const origins = await listOrigins(organization);
  if (origins.length === 0) notFound();
  return { origins: origins.map(({ origin }) => origin) };
}

/** What the pop-up of a frame has to do: a frame of `origin` wants to show the desk of whoever is signed in. */
export async function loadConnect(organization: string, origin: string): Promise<ConnectState> {
  const actor = await currentActor();
  if (!actor) unauthorized();
  const { organizationId, organizationName, role, name } = actor;
  if (actor.passwordOneTime) return { state: "refused", why: "one_time_password" };
  if (organizationId !== organization) return { state: "refused", why: "other_organization" };
  const listed = await listOrigins(organizationId);
  if (!listed.some((each) => each.origin === origin)) return { state: "refused", why: "not_listed" };
  if (!mayEnter(role, "desk")) return { state: "refused", why: "no_desk" };
  if (await hasAllowed(actor, origin)) return { state: "again", origin };
  return { state: "ask", origin, name, organizationName };
}

const ORDERS = 12;
const HISTORY = 5;
const CAUSES = 12;

/**
 * A customer as the desk in a frame shows them to somebody; null where the organization has none of that id. A record that
 * was merged into another one is answered with the one that stays.
 */
export async function loadEmbeddedDesk(
  { organizationId, employeeId, currency, timeZone }: EmployeeActor,
  customerId: string,
  order: string | null,
): Promise<EmbeddedDesk | null> {
  const now = new Date();
  const found = await findCustomer(organizationId, customerId);
  const customer = found?.mergedInto ? await findCustomer(organizationId, found.mergedInto) : found;
  if (!customer) return null;
  const { id } = customer;
  const [orders, history, allowance, recent, usual, trial, catalogue] = await Promise.all([
    listCustomerOrders(organizationId, id, { limit: ORDERS, include: order }),
    listCustomerHistory(organizationId, id, { limit: HISTORY }),
    readAllowance({ organizationId, employeeId, customer: id, now }),
    listRecentCauses(organizationId, CAUSES),
    readUsualAmounts(organizationId, currency),
    ownTrial(organizationId, employeeId, now),
    listCauses(organizationId),
  ]);
  const names = new Map(catalogue.map((cause) => [cause.key, cause.name]));
  const causes = catalogue
    .filter(({ retiredAt }) => retiredAt === null)
    .map(({ key, name, needsNote }) => ({ key, name, needsNote }));
  const inForce = allowance.ok ? allowance.allowance : null;
  const document = inForce && (await policyDocument(organizationId, inForce.policyVersion));
  return {
    customer,
    allowance: inForce,
    policy: inForce &&
      document && {
        version: inForce.policyVersion,
        values: document.values,
        triedUntil: trial?.version === inForce.policyVersion ? trial.endsAt.toISOString() : null,
      },
    orders,
    history: {
      ...history,
      items: history.items.map((item) => ({
        ...item,
        cause: item.cause && (names.get(item.cause) ?? item.cause),
      })),
    },
    causes,
    causeWords: causes.length > 0 ? causes.map((cause) => cause.name) : recent,
    usual,
    currency: inForce?.currency ?? currency,
    timeZone,
    today: localDay(now.getTime(), timeZone),
    employeeId,
    now: now.toISOString(),
  };
}
