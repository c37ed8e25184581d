import { withTenant } from "@/lib/db/tenant";
import { nextAttempt } from "@/lib/jobs/backoff";
import { log } from "@/lib/log";
import { composeMail, type OutboxMail } from "@/lib/mail/compose";
import type { SendLetter } from "@/lib/mail/transport";
import { countMail } from "@/lib/metrics/registry";

const LEASE_MS = 2 * 60_000;

/** Takes one mail that is due; null where there is none. Others leave it alone until the lease is over. */
async function takeOne(organizationId: string, now: Date): Promise<OutboxMail | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<OutboxMail>(
      `update mails m set leased_until = $3, attempts = m.attempts + 1, first_attempt_at = coalesce(m.first_attempt_at, $2)
       where m.organization_id = $1 and m.id = (
         select x.id from mails x
         where x.organization_id = $1 and x.status = 'waiting' and x.next_attempt_at <= $2
           and (x.leased_until is null or x.leased_until <= $2)
         order by x.next_attempt_at, x.id limit 1 for update skip locked)
       returning m.organization_id as "organizationId", m.id, m.kind, m.to_employee as "toEmployee", m.to_customer as "toCustomer",
         m.about, m.attempts, m.first_attempt_at as "firstAttemptAt"`,
      [organizationId, now, new Date(now.getTime() + LEASE_MS)],
    ),
  );
  return rows[0] ?? null;
}

/**
 * Sends what is due in an organization, one after the other. A mail that the server doesn't take is tried again for three
 * days, one that it never will take is not; one that was taken in a process that ended is sent again under the same
 * Message-ID. Answers how many were sent.
 */
export async function sendDue(options: {
  organizationId: string;
  send: SendLetter;
  now: Date;
  signal?: AbortSignal;
}): Promise<number> {
  const { organizationId, send, now, signal } = options;
  let sent = 0;
  while (!signal?.aborted) {
    const mail = await takeOne(organizationId, now);
    if (!mail) return sent;
    if (await sendOne(mail, send, now)) sent += 1;
  }
  return sent;
}

async function sendOne(mail: OutboxMail, send: SendLetter, now: Date): Promise<boolean> {
  const about = {
    organization: mail.organizationId,
    mail: mail.id,
    kind: mail.kind,
    decision: mail.about.decision,
  };
  const letter = await composeMail(mail);
  if (!letter) {
    await settle(mail, { status: "dropped", fault: null, next: null }, now);
    countMail(mail.kind, "dropped");
    return false;
  }
  try {
    await send(letter);
  } catch (error) {
    const fault = faultOf(error);
    const next = isFinal(error) ? null : nextAttempt(mail.attempts, mail.firstAttemptAt, now);
    await settle(mail, { status: next === null ? "dead" : "waiting", fault, next }, now);
    countMail(mail.kind, "failed");
    log.warn({ ...about, fault, attempt: mail.attempts }, "a mail was not sent");
    return false;
  }
  await settle(mail, { status: "sent", fault: null, next: null }, now);
  countMail(mail.kind, "sent");
  log.debug(about, "a mail was sent");
  return true;
}

/** The server's answer by its number: its words quote addresses. */
function faultOf(error: unknown): string {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const parts = [code, responseCode].filter((part) => typeof part === "string" || typeof part === "number");
  return parts.join(" ").slice(0, 200) || "unknown";
}

/** Whether the server said that it will not take this one, whenever (RFC 5321: 5yz). A wrong password is not the mail's fault. */
function isFinal(error: unknown): boolean {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  return code !== "EAUTH" && typeof responseCode === "number" && responseCode >= 500;
}

async function settle(
  { organizationId, id }: OutboxMail,
  outcome: { status: "sent" | "dropped" | "dead" | "waiting"; fault: string | null; next: Date | null },
  at: Date,
): Promise<void> {
  const { status, fault, next } = outcome;
  await withTenant(organizationId, (client) =>
    client.query(
      `update mails set status = $3, fault = $4, leased_until = null, next_attempt_at = coalesce($5, next_attempt_at),
         finished_at = case when $3 = 'waiting' then null else $6::timestamptz end
       where organization_id = $1 and id = $2 and status = 'waiting'`,
      [organizationId, id, status, fault, next, at],
    ),
  );
}
