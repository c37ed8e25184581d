import { isId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import type { Page } from "@/lib/decisions/data";
import type { Remedy } from "@/lib/discretion/schema";
import type { Explanation } from "@/lib/discretion/types";
import type { HandoverFilter } from "@/lib/handovers/schema";
import {
  type HandoverNews,
  type HandoverStatus,
  type HandoverStory,
  type HandoverView,
  type HandoverWords,
  QUEUE_MAX,
  type QueueLine,
  type Unanswerable,
} from "@/lib/handovers/types";

const SELECT = {
  id: true,
  decisionId: true,
  status: true,
  askedBy: true,
  waitingFor: true,
  deadlineAt: true,
  createdAt: true,
  answeredBy: true,
  answeredAt: true,
  answerNote: true,
  grantedAmount: true,
  standInAt: true,
  clockLeftSeconds: true,
  unanswerable: true,
  words: { orderBy: { id: "asc" }, select: { kind: true, text: true, saidBy: true, saidAt: true } },
  decision: { select: { remedy: true, amount: true, currency: true, customerId: true } },
} as const;

interface HandoverRow {
  id: string;
  decisionId: string;
  status: string;
  askedBy: string;
  waitingFor: string | null;
  deadlineAt: Date;
  createdAt: Date;
  answeredBy: string | null;
  answeredAt: Date | null;
  answerNote: string | null;
  grantedAmount: bigint | null;
  standInAt: Date | null;
  clockLeftSeconds: number | null;
  unanswerable: unknown;
  words: { kind: string; text: string; saidBy: string; saidAt: Date }[];
  decision: { remedy: string; amount: bigint; currency: string; customerId: string };
}

function toView(row: HandoverRow): HandoverView {
  return {
    id: row.id,
    decision: row.decisionId,
    status: row.status as HandoverStatus,
    askedBy: row.askedBy,
    waitingFor: row.waitingFor,
    deadlineAt: row.deadlineAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    remedy: row.decision.remedy,
    amount: Number(row.decision.amount),
    currency: row.decision.currency,
    customer: row.decision.customerId,
    answeredBy: row.answeredBy,
    answeredAt: row.answeredAt?.toISOString() ?? null,
    note: row.answerNote,
    grantedAmount: row.grantedAmount === null ? null : Number(row.grantedAmount),
    standInAt: row.status === "waiting" ? (row.standInAt?.toISOString() ?? null) : null,
    clockStands: row.status === "waiting" && row.clockLeftSeconds !== null,
    unanswerable: row.status === "waiting" ? (row.unanswerable as Unanswerable | null) : null,
    words: row.words.map(({ kind, text, saidBy, saidAt }) => ({
      kind: kind as HandoverWords["kind"],
      text,
      by: saidBy,
      at: saidAt.toISOString(),
    })),
  };
}

/** One handover, or null where the organization has none of that id. */
export async function findHandover(organizationId: string, id: string): Promise<HandoverView | null> {
  if (!isId(id)) return null;
  const row = await tenantDb(organizationId).handover.findUnique({
    where: { organizationId_id: { organizationId, id } },
    select: SELECT,
  });
  return row ? toView(row) : null;
}

const NAMED = { select: { id: true, name: true } } as const;

/** What a handover is read with where it is told to people. */
export const STORY = {
  waitingForEmployee: NAMED,
  answeredByEmployee: NAMED,
  words: { orderBy: { id: "asc" }, include: { speaker: NAMED } },
} as const;

interface Named {
  id: string;
  name: string;
}

interface StoryRow {
  id: string;
  status: string;
  deadlineAt: Date;
  answeredAt: Date | null;
  answerNote: string | null;
  grantedAmount: bigint | null;
  answerExplanation: unknown;
  clockLeftSeconds: number | null;
  unanswerable: unknown;
  waitingForEmployee: Named | null;
  answeredByEmployee: Named | null;
  words: { kind: string; text: string; saidAt: Date; speaker: Named }[];
}

/** A handover with the names of the people. */
export function toStory(row: StoryRow): HandoverStory {
  const waits = row.status === "waiting";
  return {
    id: row.id,
    status: row.status as HandoverStatus,
    waitingFor: row.waitingForEmployee,
    deadlineAt: row.deadlineAt.toISOString(),
    answeredAt: row.answeredAt?.toISOString() ?? null,
    answeredBy: row.answeredByEmployee,
    note: row.answerNote,
    grantedAmount: row.grantedAmount === null ? null : Number(row.grantedAmount),
    explanation: row.answerExplanation as Explanation | null,
    clockStands: waits && row.clockLeftSeconds !== null,
    unanswerable: waits ? (row.unanswerable as Unanswerable | null) : null,
    words: row.words.map(({ kind, text, saidAt, speaker }) => ({
      kind: kind as HandoverWords["kind"],
      text,
      by: speaker,
      at: saidAt.toISOString(),
    })),
  };
}

/** The story of a decision's handover; null where it has none, or the organization has no such decision. */
export async function findStory(organizationId: string, decisionId: string): Promise<HandoverStory | null> {
  if (!isId(decisionId)) return null;
  const row = await tenantDb(organizationId).handover.findUnique({
    where: { organizationId_decisionId: { organizationId, decisionId } },
    include: STORY,
  });
  return row && toStory(row);
}

/** The employees of a filter's words; an unknown one matches nothing, as another organization's would. */
async function resolvePerson(organizationId: string, idOrEmail: string | undefined) {
  if (idOrEmail === undefined) return undefined;
  const row = await tenantDb(organizationId).employee.findFirst({
    where: {
      organizationId,
      OR: [...(isId(idOrEmail) ? [{ id: idOrEmail }] : []), { email: idOrEmail.toLowerCase() }],
    },
    select: { id: true },
  });
  return row?.id ?? NOBODY;
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

/**
 * Handovers, the newest first. `concerning` leaves those that somebody asked for, or that wait for them or for nobody in
 * particular. `cursor` is the `nextCursor` of the page before.
 */
export async function listHandovers(
  organizationId: string,
  filter: HandoverFilter & { concerning?: string | null },
  page: { limit: number; cursor?: string | null },
): Promise<Page<HandoverView>> {
  const [askedBy, waitingFor] = await Promise.all([
    resolvePerson(organizationId, filter.askedBy),
    resolvePerson(organizationId, filter.waitingFor),
  ]);
  const { concerning } = filter;
  const rows = await tenantDb(organizationId).handover.findMany({
    where: {
      organizationId,
      status: filter.status,
      askedBy,
      waitingFor,
      decisionId: filter.decision,
      ...(concerning
        ? { OR: [{ askedBy: concerning }, { waitingFor: concerning }, { waitingFor: null }] }
        : {}),
      ...(page.cursor ? { id: { lt: page.cursor } } : {}),
    },
    orderBy: { id: "desc" },
    take: page.limit + 1,
    select: SELECT,
  });
  const data = rows.slice(0, page.limit).map(toView);
  return { data, nextCursor: rows.length > page.limit ? (data.at(-1)?.id ?? null) : null };
}

/** How many handovers wait for somebody. */
export async function countWaitingFor(organizationId: string, employeeId: string): Promise<number> {
  return tenantDb(organizationId).handover.count({
    where: { organizationId, status: "waiting", waitingFor: employeeId },
  });
}

const LINE = {
  id: true,
  decisionId: true,
  status: true,
  deadlineAt: true,
  createdAt: true,
  clockLeftSeconds: true,
  unanswerable: true,
  askedByEmployee: NAMED,
  waitingForEmployee: NAMED,
  decision: {
    select: {
      remedy: true,
      amount: true,
      currency: true,
      cause: true,
      customer: { select: { id: true, name: true } },
    },
  },
} as const;

interface LineRow {
  id: string;
  decisionId: string;
  status: string;
  deadlineAt: Date;
  createdAt: Date;
  clockLeftSeconds: number | null;
  unanswerable: unknown;
  askedByEmployee: Named;
  waitingForEmployee: Named | null;
  decision: {
    remedy: string;
    amount: bigint;
    currency: string;
    cause: string | null;
    customer: Named;
  };
}

function toLine(row: LineRow): QueueLine {
  const { decision } = row;
  return {
    id: row.id,
    decision: row.decisionId,
    status: row.status as HandoverStatus,
    remedy: decision.remedy as Remedy,
    amount: Number(decision.amount),
    currency: decision.currency,
    cause: decision.cause,
    customer: decision.customer,
    askedBy: row.askedByEmployee,
    waitingFor: row.waitingForEmployee,
    createdAt: row.createdAt.toISOString(),
    deadlineAt: row.deadlineAt.toISOString(),
    clockStands: row.clockLeftSeconds !== null,
    unanswerable: row.unanswerable as Unanswerable | null,
  };
}

/** What waits, the nearest deadline first: of everybody, or for one person alone. */
export async function listQueue(organizationId: string, onlyFor: string | null): Promise<QueueLine[]> {
  const rows = await tenantDb(organizationId).handover.findMany({
    where: { organizationId, status: "waiting", ...(onlyFor ? { waitingFor: onlyFor } : {}) },
    orderBy: [{ deadlineAt: "asc" }, { id: "asc" }],
    take: QUEUE_MAX,
    select: LINE,
  });
  return rows.map(toLine);
}

/** What came last of what waits for somebody; null where nothing does. */
export async function findNewest(organizationId: string, employeeId: string): Promise<QueueLine | null> {
  const row = await tenantDb(organizationId).handover.findFirst({
    where: { organizationId, status: "waiting", waitingFor: employeeId },
    orderBy: { id: "desc" },
    select: LINE,
  });
  return row && toLine(row);
}

/** One handover as the queue lists it, whatever became of it; null where the organization has none of that id. */
export async function findQueueLine(organizationId: string, id: string): Promise<QueueLine | null> {
  if (!isId(id)) return null;
  const row = await tenantDb(organizationId).handover.findUnique({
    where: { organizationId_id: { organizationId, id } },
    select: LINE,
  });
  return row && toLine(row);
}

const NEWS_MAX = 10;

/** What somebody handed over and was answered, or is asked about, since a moment; the latest first. */
export async function listNews(
  organizationId: string,
  employeeId: string,
  since: Date,
): Promise<HandoverNews[]> {
  const rows = await tenantDb(organizationId).handover.findMany({
    where: {
      organizationId,
      askedBy: employeeId,
      movedAt: { gt: since },
      OR: [
        { status: { in: ["approved", "adjusted", "declined", "expired"] } },
        { status: "waiting", clockLeftSeconds: { not: null } },
      ],
    },
    orderBy: { movedAt: "desc" },
    take: NEWS_MAX,
    select: { ...LINE, grantedAmount: true, movedAt: true, answeredByEmployee: NAMED },
  });
  return rows.map((row) => ({
    ...toLine(row),
    grantedAmount: row.grantedAmount === null ? null : Number(row.grantedAmount),
    by: row.answeredByEmployee ?? row.waitingForEmployee,
    movedAt: (row.movedAt ?? row.createdAt).toISOString(),
  }));
}
