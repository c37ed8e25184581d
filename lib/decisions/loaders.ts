import { notFound } from "next/navigation";
import { mayEnter, roleHasScope } from "@/lib/auth/ability";
import { requireActor, requireActorOrHide } from "@/lib/auth/actor";
import { listRecentCauses } from "@/lib/customers/data";
import { type DecisionListItem, findDecision, listDecisions } from "@/lib/decisions/data";
import { localDay } from "@/lib/discretion/windows";
import { listTeams, readFilterNames, readTotals } from "@/lib/insights/data";
import { type FloorSearch, floorHref, readFloorSearch, type SearchParams } from "@/lib/insights/schema";
import type { ActionRow, DecisionPage, FloorPage } from "@/lib/insights/types";
import { policyDocument } from "@/lib/policies/data";

const ROWS = 50;
const CAUSES = 30;

/** Everything that the floor shows, for whoever may enter it. */
export async function loadFloor(params: SearchParams): Promise<FloorPage> {
  const actor = await requireActor("floor");
  const { organizationId, timeZone, currency } = actor;
  const now = new Date();
  const search = readFloorSearch(params, localDay(now.getTime(), timeZone));
  const [totals, page, names, teams, causes] = await Promise.all([
    readTotals(organizationId, { now, timeZone }),
    readPage(organizationId, search, timeZone),
    readFilterNames(organizationId, search.filter),
    listTeams(organizationId),
    listRecentCauses(organizationId, CAUSES),
  ]);
  const { given, faults } = search;
  return {
    now: now.toISOString(),
    timeZone,
    currency,
    totals,
    search: { given, faults },
    names,
    teams,
    causes,
    rows: page.rows.map(toRow),
    newestHref: search.cursor ? floorHref(given) : null,
    newerHref: page.newerFrom ? floorHref(given, { cursor: page.newerFrom, newer: true }) : null,
    olderHref: page.olderFrom ? floorHref(given, { cursor: page.olderFrom }) : null,
  };
}

interface ActionPage {
  rows: DecisionListItem[];
  /** The ids from which the pages on either side go on; null where there is none. */
  newerFrom: string | null;
  olderFrom: string | null;
}

async function readPage(organizationId: string, search: FloorSearch, timeZone: string): Promise<ActionPage> {
  const { filter, cursor, newer } = search;
  const page = await listDecisions(organizationId, filter, { limit: ROWS, cursor, newer, timeZone });
  // Fewer than a page of newer ones: the newest page is where they are, and it can be filled.
  if (newer && page.data.length < ROWS) {
    return readPage(organizationId, { ...search, cursor: null, newer: false }, timeZone);
  }
  const first = page.data[0]?.id;
  const isNewest = cursor === null || !first || !(await hasNewer(organizationId, search, first, timeZone));
  return { rows: page.data, newerFrom: isNewest ? null : first, olderFrom: page.nextCursor };
}

async function hasNewer(organizationId: string, { filter }: FloorSearch, than: string, timeZone: string) {
  const { data } = await listDecisions(organizationId, filter, {
    limit: 1,
    cursor: than,
    newer: true,
    timeZone,
  });
  return data.length > 0;
}

function toRow(item: DecisionListItem): ActionRow {
  return {
    id: item.id,
    at: item.createdAt,
    employee: item.employeeName,
    customer: item.customerName,
    remedy: item.remedy,
    amount: item.amount,
    currency: item.currency,
    verdict: item.verdict,
    status: item.status,
    cause: item.cause,
  };
}

/** One decision with all that belongs to it; a page that isn't there where the organization has none of that id. */
export async function loadDecision(id: string): Promise<DecisionPage> {
  const actor = await requireActorOrHide("floor");
  const decision = await findDecision(actor.organizationId, id);
  if (!decision) notFound();
  const { values } = await policyDocument(actor.organizationId, decision.policyVersion);
  return {
    now: new Date().toISOString(),
    timeZone: actor.timeZone,
    policyCurrency: actor.currency,
    values,
    decision,
    mayReadPolicy: mayEnter(actor.role, "settings"),
    mayEditPolicy: roleHasScope(actor.role, "policies:write"),
  };
}
