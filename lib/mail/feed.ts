import type pg from "pg";
import { isId, newId } from "@/lib/db/ids";
import { withTenant } from "@/lib/db/tenant";
import type { Role } from "@/lib/discretion/schema";
import { type NewsEvent, readNews } from "@/lib/feed/news";
import { HANDOVER_PATIENCE_MS, isUsual, type Notification } from "@/lib/mail/kinds";

/** What happened longer ago is nothing to be written about any more: the mail server was away, or not there yet. */
const NEWS_MS = 3 * 86_400_000;

interface Note {
  kind: Notification | "customer_notice";
  dedupe: string;
  toEmployee: string | null;
  toCustomer: string | null;
  about: Record<string, string | number>;
}

/**
 * Writes into the outbox what an organization's people and customers are to be told, in one transaction with the note
 * that it was read. Answers how many mails there are. It follows the seals, so it comes within a minute or so.
 */
export async function feedMail(organizationId: string, now: Date): Promise<number> {
  let written = await noteWaiting(organizationId, now);
  for (;;) {
    const round = await feedOnce(organizationId, now);
    written += round.written;
    if (!round.more) return written;
  }
}

async function feedOnce(organizationId: string, now: Date): Promise<{ written: number; more: boolean }> {
  return withTenant(organizationId, async (client) => {
    const news = await readNews(client, {
      organizationId,
      reader: "mail",
      beginnings: ["execution", "policy", "webhook"],
      now,
    });
    if (!news) return { written: 0, more: false };
    const notes: Note[] = [];
    for (const event of news.events) {
      if (now.getTime() - event.at.getTime() <= NEWS_MS)
        notes.push(...(await notesOf(client, organizationId, event)));
    }
    const written = await writeNotes(client, organizationId, notes, now);
    await news.advance();
    return { written, more: news.more };
  });
}

async function notesOf(client: pg.PoolClient, organizationId: string, event: NewsEvent): Promise<Note[]> {
  switch (event.action) {
    case "execution.failed":
      return ofFailed(client, organizationId, event);
    case "execution.owned":
      return ofAssigned(event);
    case "execution.succeeded":
      return ofSucceeded(client, organizationId, event);
    case "policy.published": {
      const version = Number(event.subjectId);
      return ofAll(client, organizationId, event, "policy_published", { version });
    }
    case "webhook.disabled":
      return ofAll(client, organizationId, event, "webhook_disabled", { endpoint: event.subjectId });
    default:
      return [];
  }
}

function decisionOf({ subjectKind, subjectId, data }: NewsEvent): string | null {
  const id = subjectKind === "decision" ? subjectId : data.decisionId;
  return typeof id === "string" && isId(id) ? id : null;
}

/** Whoever decided it, and their manager. */
async function ofFailed(client: pg.PoolClient, organizationId: string, event: NewsEvent): Promise<Note[]> {
  const decision = decisionOf(event);
  const { rows } = await client.query<{ id: string; manager: string | null }>(
    `select e.id, e.manager_id as manager from decisions d
     join employees e on e.organization_id = d.organization_id and e.id = d.employee_id
     where d.organization_id = $1 and d.id = $2`,
    [organizationId, decision],
  );
  const [row] = rows;
  if (!row || decision === null) return [];
  return [row.id, ...(row.manager ? [row.manager] : [])].map((toEmployee) => ({
    kind: "execution_failed",
    dedupe: `execution_failed/${event.id}/${toEmployee}`,
    toEmployee,
    toCustomer: null,
    about: { decision },
  }));
}

/** Whoever was given it to do by hand, unless they took it themselves. */
function ofAssigned(event: NewsEvent): Note[] {
  const decision = decisionOf(event);
  const { to } = event.data;
  const isTheirOwn = event.actorKind === "employee" && event.actorId === to;
  if (decision === null || typeof to !== "string" || !isId(to) || isTheirOwn) return [];
  return [
    {
      kind: "execution_assigned",
      dedupe: `execution_assigned/${event.id}`,
      toEmployee: to,
      toCustomer: null,
      about: { decision },
    },
  ];
}

/** The customer, where the organization has words for the remedy: once for each decision. */
async function ofSucceeded(client: pg.PoolClient, organizationId: string, event: NewsEvent): Promise<Note[]> {
  const decision = decisionOf(event);
  const { rows } = await client.query<{ customer: string }>(
    `select c.id as customer from decisions d
     join customers c on c.organization_id = d.organization_id and c.id = standing_customer(d.organization_id, d.customer_id)
     join notice_templates n on n.organization_id = d.organization_id and n.remedy = d.remedy and n.is_on
     where d.organization_id = $1 and d.id = $2 and c.email is not null and c.erased_at is null`,
    [organizationId, decision],
  );
  const [row] = rows;
  if (!row || decision === null) return [];
  return [
    {
      kind: "customer_notice",
      dedupe: `customer_notice/${decision}`,
      toEmployee: null,
      toCustomer: row.customer,
      about: { decision },
    },
  ];
}

/** Everybody who wants to hear of it, but who did it. Of an endpoint also whoever added it. */
async function ofAll(
  client: pg.PoolClient,
  organizationId: string,
  event: NewsEvent,
  kind: "policy_published" | "webhook_disabled",
  about: Note["about"],
): Promise<Note[]> {
  const { rows } = await client.query<{ id: string; role: Role; wanted: boolean | null }>(
    `select e.id, e.role, c.wanted from employees e
     left join notification_choices c on c.organization_id = e.organization_id and c.employee_id = e.id and c.kind = $2
     where e.organization_id = $1 and e.status = 'active' and e.erased_at is null and e.id is distinct from $3`,
    [organizationId, kind, event.actorKind === "employee" ? event.actorId : null],
  );
  return rows
    .filter(({ role, wanted }) => wanted ?? isUsual(kind, role))
    .map(({ id }) => ({
      kind,
      dedupe: `${kind}/${event.id}/${id}`,
      toEmployee: id,
      toCustomer: null,
      about,
    }));
}

async function writeNotes(
  client: pg.PoolClient,
  organizationId: string,
  notes: readonly Note[],
  now: Date,
): Promise<number> {
  if (notes.length === 0) return 0;
  const { rowCount } = await client.query(
    `insert into mails (organization_id, id, kind, dedupe, to_employee, to_customer, about, next_attempt_at, created_at)
     select $1, x.id, x.kind, x.dedupe, x.employee, x.customer, x.about, $8, $8
     from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::jsonb[]) as x (id, kind, dedupe, employee, customer, about)
     on conflict (organization_id, dedupe) do nothing`,
    [
      organizationId,
      notes.map(() => newId(now)),
      notes.map(({ kind }) => kind),
      notes.map(({ dedupe }) => dedupe),
      notes.map(({ toEmployee }) => toEmployee),
      notes.map(({ toCustomer }) => toCustomer),
      notes.map(({ about }) => JSON.stringify(about)),
      now,
    ],
  );
  return rowCount ?? 0;
}

/** Whoever a handover has waited for too long is written to: once for each who has it. */
async function noteWaiting(organizationId: string, now: Date): Promise<number> {
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<{ handover: string; employee: string }>(
      `select h.id as handover, h.waiting_for as employee from handovers h
       where h.organization_id = $1 and h.status = 'waiting' and h.waiting_for is not null and h.deadline_at > $2
         and h.clock_left_seconds is null and coalesce(h.routed_at, h.created_at) <= $3
         and not exists (select from mails m where m.organization_id = h.organization_id
           and m.dedupe = 'handover_waiting/' || h.id || '/' || h.waiting_for)
       limit 500`,
      [organizationId, now, new Date(now.getTime() - HANDOVER_PATIENCE_MS)],
    );
    return writeNotes(
      client,
      organizationId,
      rows.map(({ handover, employee }) => ({
        kind: "handover_waiting",
        dedupe: `handover_waiting/${handover}/${employee}`,
        toEmployee: employee,
        toCustomer: null,
        about: { handover },
      })),
      now,
    );
  });
}
