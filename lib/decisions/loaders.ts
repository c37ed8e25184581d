import { notFound, redirect } from "next/navigation";
import { mayEnter, roleHasScope } from "@/lib/auth/ability";
import { requireActor, requireActorOrHide } from "@/lib/auth/actor";
import type { EmployeeActor } from "@/lib/auth/types";
import { messages } from "@/lib/copy/messages";
import { type DecisionDetail, findDecision } from "@/lib/decisions/data";
import { localDay } from "@/lib/discretion/windows";
import { readActions } from "@/lib/floor/data";
import { EVERY_ACTION, readTableSearch, tableHref, viewQuery } from "@/lib/floor/schema";
import type { ActionSlice } from "@/lib/floor/types";
import { hasQueue, mayAnswer } from "@/lib/handovers/ability";
import { previewAnswer } from "@/lib/handovers/mutations";
import type { AnswerPreview } from "@/lib/handovers/types";
import {
  listCauseChoices,
  listCheckChoices,
  listTeams,
  readFilterNames,
  readTotals,
} from "@/lib/insights/data";
import type { SearchParams } from "@/lib/insights/schema";
import type { DecisionPage, FloorPage } from "@/lib/insights/types";
import { policyDocument } from "@/lib/policies/data";
import { mayReverse } from "@/lib/reversals/ability";
import { mayReview } from "@/lib/reviews/ability";
import { mayShareViews, mayTidyViews } from "@/lib/saved-views/ability";
import { findFirstView, listViews } from "@/lib/saved-views/data";
import { findDecisionSeal } from "@/lib/seals/data";

const ROWS = 50;
/** How many more come each time that somebody goes on. */
const MORE_ROWS = 200;

/** Everything that the floor shows, for whoever may enter it. An address that says nothing begins with the person's own view. */
export async function loadFloor(params: SearchParams): Promise<FloorPage> {
  const actor = await requireActor("floor");
  const { organizationId, employeeId, timeZone, currency } = actor;
  if (Object.keys(params).length === 0) {
    const first = await findFirstView(organizationId, employeeId);
    if (first) redirect(tableHref(first.query, { view: first.id }));
  }
  const now = new Date();
  const search = readTableSearch(params, localDay(now.getTime(), timeZone));
  const { given, faults, filter, sort, columns, cursor } = search;
  const [totals, slice, names, teams, causes, checks, views] = await Promise.all([
    readTotals(organizationId, { now, timeZone }),
    readActions(organizationId, { filter, sort, timeZone }, { limit: ROWS, after: cursor }),
    readFilterNames(organizationId, filter),
    listTeams(organizationId),
    listCauseChoices(organizationId),
    listCheckChoices(organizationId, (id) => messages.common.explanation.builtIn[id]),
    listViews(organizationId, employeeId),
  ]);
  const query = viewQuery(search);
  return {
    now: now.toISOString(),
    timeZone,
    currency,
    totals,
    search: { given, faults },
    names,
    teams,
    causes,
    checks,
    slice,
    sort,
    columns,
    firstHref: cursor ? tableHref(query, search.view ? { view: search.view } : { view: EVERY_ACTION }) : null,
    views: {
      views,
      current: views.find(({ id }) => id === search.view)?.id ?? null,
      query,
      mayShare: mayShareViews(actor.role),
      mayTidy: mayTidyViews(actor.role),
    },
  };
}

/** The part of the list that begins where another one ended. */
export async function loadMoreActions(params: SearchParams): Promise<ActionSlice> {
  const { organizationId, timeZone } = await requireActor("floor");
  const { filter, sort, cursor } = readTableSearch(params, localDay(Date.now(), timeZone));
  return readActions(organizationId, { filter, sort, timeZone }, { limit: MORE_ROWS, after: cursor });
}

/** One decision with all that belongs to it; a page that isn't there where the organization has none of that id. */
export async function loadDecision(id: string): Promise<DecisionPage> {
  const actor = await requireActorOrHide("floor");
  const decision = await findDecision(actor.organizationId, id);
  if (!decision) notFound();
  const now = new Date();
  const [{ values }, answering, seal] = await Promise.all([
    policyDocument(actor.organizationId, decision.policyVersion),
    readAnswering(actor, decision, now),
    findDecisionSeal(actor.organizationId, decision.id),
  ]);
  const answeringPolicy = answering && (await policyDocument(actor.organizationId, answering.policyVersion));
  return {
    now: now.toISOString(),
    employeeId: actor.employeeId,
    timeZone: actor.timeZone,
    policyCurrency: actor.currency,
    values,
    decision,
    mayReverse: mayReverse(actor, decision, now),
    answering,
    answeringValues: answeringPolicy?.values ?? [],
    seal,
    mayReadPolicy: mayEnter(actor.role, "settings"),
    mayEditPolicy: roleHasScope(actor.role, "policies:write"),
    mayPropose: hasQueue(actor.role),
    mayReview: mayReview(actor.role),
    mayReply: mayEnter(actor.role, "desk"),
  };
}

/** What the person's own evaluation says to a handover that waits; null where they may not answer it. */
async function readAnswering(
  actor: EmployeeActor,
  { handover, employee }: DecisionDetail,
  now: Date,
): Promise<AnswerPreview | null> {
  if (!handover || !mayAnswer(actor, { askedBy: employee, status: handover.status })) return null;
  if (Date.parse(handover.deadlineAt) <= now.getTime()) return null;
  const answer = await previewAnswer({ actor, handoverId: handover.id, amount: null, now });
  return answer.ok ? answer.preview : null;
}
