import { createTranslator } from "next-intl";
import type pg from "pg";
import messages from "@/lib/copy/en/mail.json";
import { withTenant } from "@/lib/db/tenant";
import type { Remedy, Role } from "@/lib/discretion/schema";
import { env } from "@/lib/env";
import { formatExact } from "@/lib/format/dates";
import { formatMoney } from "@/lib/format/money";
import { isUsual, type Notification } from "@/lib/mail/kinds";
import { type LetterWords, writeLetter } from "@/lib/mail/letter";
import type { Letter } from "@/lib/mail/transport";
import { type Wish, wishToken } from "@/lib/mail/unsubscribe";
import { fillIn, paragraphsOf } from "@/lib/notices/words";

/** A mail that is to be sent, as the outbox has it. */
export interface OutboxMail {
  organizationId: string;
  id: string;
  kind: Notification | "customer_notice" | "notice_test";
  toEmployee: string | null;
  toCustomer: string | null;
  about: Record<string, unknown>;
  attempts: number;
  firstAttemptAt: Date;
}

interface Words extends LetterWords {
  subject: string;
}

interface Addressee {
  name: string;
  address: string;
}

interface House {
  name: string;
  timeZone: string;
}

const t = createTranslator({ locale: "en", messages });

const link = (path: string) => new URL(path, env.NEXTAUTH_URL).href;

/**
 * What is sent for a mail of the outbox, from names, addresses and states as they are now; null where there is no reason
 * for it any more, or nobody to get it: whoever was erased or suspended, or wants none.
 */
export async function composeMail(mail: OutboxMail): Promise<Letter | null> {
  return withTenant(mail.organizationId, async (client) => {
    const house = await readHouse(client, mail.organizationId);
    const composed =
      mail.toCustomer === null
        ? await toEmployee(client, mail, house)
        : await toCustomer(client, mail, house);
    if (!composed) return null;
    const { to, words, wish } = composed;
    const { html, text } = await writeLetter(words);
    const host = new URL(env.NEXTAUTH_URL ?? "http://localhost").hostname;
    return {
      messageId: `<${mail.id}@${host}>`,
      to,
      subject: words.subject,
      html,
      text,
      headers: {
        "Auto-Submitted": "auto-generated",
        // RFC 8058: the mailbox's own button posts there, without opening anything.
        ...(wish
          ? {
              "List-Unsubscribe": `<${link(`/api/unsubscribe?token=${wishToken(wish)}`)}>`,
              "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
          : {}),
      },
    };
  });
}

interface Composed {
  to: Addressee;
  words: Words;
  wish: Wish | null;
}

async function readHouse(client: pg.PoolClient, organizationId: string): Promise<House> {
  const { rows } = await client.query<House>(
    'select name, time_zone as "timeZone" from organizations where id = $1',
    [organizationId],
  );
  if (!rows[0]) throw new Error("A mail of no organization.");
  return rows[0];
}

interface Person {
  name: string;
  email: string;
  role: Role;
  wanted: boolean | null;
}

async function toEmployee(client: pg.PoolClient, mail: OutboxMail, house: House): Promise<Composed | null> {
  const { organizationId, toEmployee: employeeId, kind } = mail;
  if (employeeId === null || kind === "customer_notice") return null;
  const { rows } = await client.query<Person>(
    `select e.name, e.email, e.role,
       (select c.wanted from notification_choices c
         where c.organization_id = e.organization_id and c.employee_id = e.id and c.kind = $3) as wanted
     from employees e
     where e.organization_id = $1 and e.id = $2 and e.status = 'active' and e.erased_at is null`,
    [organizationId, employeeId, kind],
  );
  const [person] = rows;
  if (!person) return null;
  const to = { name: person.name, address: person.email };
  if (kind === "notice_test") return { to, words: testWords(mail, house), wish: null };
  if (!(person.wanted ?? isUsual(kind, person.role))) return null;
  const said = await sayTo(client, mail, kind, house);
  if (!said) return null;
  const wish: Wish = { o: organizationId, e: employeeId, k: kind };
  return {
    to,
    wish,
    words: {
      preview: said.title ?? said.subject,
      ...said,
      footer: t("footer.why", { organization: house.name }),
      links: [
        { label: t("footer.stop"), href: link(`/unsubscribe?token=${wishToken(wish)}`) },
        { label: t("footer.choose"), href: link("/desk/notifications") },
      ],
    },
  };
}

type Said = Pick<Words, "subject" | "title" | "paragraphs" | "action">;

function sayTo(
  client: pg.PoolClient,
  mail: OutboxMail,
  kind: Notification,
  house: House,
): Promise<Said | null> {
  switch (kind) {
    case "handover_waiting":
      return sayHandover(client, mail, house);
    case "execution_failed":
      return sayFailed(client, mail, house);
    case "execution_assigned":
      return sayAssigned(client, mail, house);
    case "policy_published":
      return sayPublished(client, mail, house);
    case "webhook_disabled":
      return sayDisabled(client, mail);
    default:
      throw new Error(`Nobody knows what to say of ${kind satisfies never}.`);
  }
}

async function sayHandover(
  client: pg.PoolClient,
  mail: OutboxMail,
  { timeZone }: House,
): Promise<Said | null> {
  const { rows } = await client.query<{
    remedy: Remedy;
    amount: string;
    currency: string;
    asker: string;
    since: Date;
    deadline: Date;
  }>(
    `select d.remedy, d.amount, d.currency, e.name as asker, h.created_at as since, h.deadline_at as deadline
     from handovers h
     join decisions d on d.organization_id = h.organization_id and d.id = h.decision_id
     join employees e on e.organization_id = h.organization_id and e.id = h.asked_by
     where h.organization_id = $1 and h.id = $2 and h.status = 'waiting' and h.waiting_for = $3`,
    [mail.organizationId, mail.about.handover, mail.toEmployee],
  );
  const [row] = rows;
  if (!row) return null;
  const said = {
    asker: row.asker,
    remedy: t(`remedy.${row.remedy}`),
    amount: formatMoney(Number(row.amount), row.currency),
    since: formatExact(row.since, timeZone),
    deadline: formatExact(row.deadline, timeZone),
  };
  return {
    subject: t("handover_waiting.subject", said),
    title: t("handover_waiting.title", said),
    paragraphs: [t("handover_waiting.text", said)],
    action: { label: t("handover_waiting.action"), href: link("/floor/handovers") },
  };
}

async function sayFailed(client: pg.PoolClient, mail: OutboxMail, { timeZone }: House): Promise<Said | null> {
  const { rows } = await client.query<{
    id: string;
    remedy: Remedy;
    amount: string;
    currency: string;
    employeeId: string;
    employee: string;
    at: Date;
  }>(
    `select d.id, d.remedy, d.amount, d.currency, d.employee_id as "employeeId", e.name as employee, d.created_at as at
     from decisions d join employees e on e.organization_id = d.organization_id and e.id = d.employee_id
     where d.organization_id = $1 and d.id = $2`,
    [mail.organizationId, mail.about.decision],
  );
  const [row] = rows;
  if (!row) return null;
  const said = {
    remedy: t(`remedy.${row.remedy}`),
    amount: formatMoney(Number(row.amount), row.currency),
    employee: row.employee,
    when: formatExact(row.at, timeZone),
  };
  const isOwn = row.employeeId === mail.toEmployee;
  return {
    subject: t("execution_failed.subject", said),
    title: t("execution_failed.title"),
    paragraphs: [
      t(isOwn ? "execution_failed.text" : "execution_failed.textManager", said),
      t("execution_failed.then"),
    ],
    action: {
      label: t("execution_failed.action"),
      href: link(isOwn ? `/desk/decisions/${row.id}` : `/floor/decisions/${row.id}`),
    },
  };
}

/** Null where it has been done, or given to somebody else, meanwhile. */
async function sayAssigned(
  client: pg.PoolClient,
  mail: OutboxMail,
  { timeZone }: House,
): Promise<Said | null> {
  const { rows } = await client.query<{ remedy: Remedy; amount: string; currency: string; due: Date | null }>(
    `select x.remedy, x.amount, x.currency, x.due_at as due from executions x
     where x.organization_id = $1 and x.decision_id = $2 and x.owner_id = $3 and (x.status = 'by_hand' or x.reversal_status = 'by_hand')`,
    [mail.organizationId, mail.about.decision, mail.toEmployee],
  );
  const [row] = rows;
  if (!row) return null;
  const said = {
    remedy: t(`remedy.${row.remedy}`),
    amount: formatMoney(Number(row.amount), row.currency),
    due: row.due ? formatExact(row.due, timeZone) : "",
  };
  return {
    subject: t("execution_assigned.subject", said),
    title: t("execution_assigned.title"),
    paragraphs: [t(row.due ? "execution_assigned.text" : "execution_assigned.textOpen", said)],
    action: { label: t("execution_assigned.action"), href: link("/desk/day") },
  };
}

async function sayPublished(
  client: pg.PoolClient,
  mail: OutboxMail,
  { timeZone }: House,
): Promise<Said | null> {
  const { rows } = await client.query<{ at: Date }>(
    "select published_at as at from policies where organization_id = $1 and version = $2 and published_at is not null",
    [mail.organizationId, mail.about.version],
  );
  const [row] = rows;
  if (!row) return null;
  const version = Number(mail.about.version);
  return {
    subject: t("policy_published.subject", { version }),
    title: t("policy_published.title", { version }),
    paragraphs: [t("policy_published.text", { when: formatExact(row.at, timeZone) })],
    action: { label: t("policy_published.action"), href: link(`/settings/policies/${version}`) },
  };
}

async function sayDisabled(client: pg.PoolClient, mail: OutboxMail): Promise<Said | null> {
  const { rows } = await client.query<{ url: string; days: number | null }>(
    `select e.url, (o.retention ->> 'webhookMessages')::integer as days from webhook_endpoints e
     join organizations o on o.id = e.organization_id
     where e.organization_id = $1 and e.id = $2 and e.status = 'disabled'`,
    [mail.organizationId, mail.about.endpoint],
  );
  const [row] = rows;
  if (!row) return null;
  const { host } = new URL(row.url);
  return {
    subject: t("webhook_disabled.subject", { host }),
    title: t("webhook_disabled.title"),
    paragraphs: [t("webhook_disabled.text", { host, days: row.days ?? 0 }), t("webhook_disabled.then")],
    action: { label: t("webhook_disabled.action"), href: link(`/settings/webhooks/${mail.about.endpoint}`) },
  };
}

/** What a customer is told, in the words of their organization; null unless those are switched on and wanted. */
async function toCustomer(client: pg.PoolClient, mail: OutboxMail, house: House): Promise<Composed | null> {
  const { rows } = await client.query<{
    id: string;
    name: string;
    email: string;
    remedy: Remedy;
    amount: string;
    currency: string;
    subject: string;
    body: string;
  }>(
    `select c.id, c.name, c.email, d.remedy, d.amount, d.currency, n.subject, n.body
     from decisions d
     join customers c on c.organization_id = d.organization_id and c.id = standing_customer(d.organization_id, d.customer_id)
     join notice_templates n on n.organization_id = d.organization_id and n.remedy = d.remedy and n.is_on
     where d.organization_id = $1 and d.id = $2 and d.status = 'posted' and c.erased_at is null and c.email is not null
       and not exists (select from notice_refusals r where r.organization_id = c.organization_id and r.customer_id = c.id)`,
    [mail.organizationId, mail.about.decision],
  );
  const [row] = rows;
  if (!row) return null;
  const values = {
    customer: row.name,
    amount: formatMoney(Number(row.amount), row.currency),
    remedy: t(`remedy.${row.remedy}`),
    organization: house.name,
  };
  const wish: Wish = { o: mail.organizationId, c: row.id };
  return {
    to: { name: row.name, address: row.email },
    wish,
    words: noticeWords(fillIn(row.subject, values), fillIn(row.body, values), house.name, [
      { label: t("footer.stop"), href: link(`/unsubscribe?token=${wishToken(wish)}`) },
    ]),
  };
}

function noticeWords(subject: string, body: string, organization: string, links: Words["links"]): Words {
  const paragraphs = paragraphsOf(body);
  return {
    subject,
    preview: paragraphs[0] ?? subject,
    title: null,
    paragraphs,
    action: null,
    footer: t("footer.whyCustomer", { organization }),
    links,
  };
}

/** As a customer would get it, filled in with what nobody takes for theirs. */
function testWords({ about }: OutboxMail, { name }: House): Words {
  const words = noticeWords(String(about.subject), String(about.body), name, []);
  return { ...words, footer: t("noticeTest") };
}
