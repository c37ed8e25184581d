import { auditAll } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import { nextAttempt } from "@/lib/jobs/backoff";
import { log } from "@/lib/log";
import { countWebhook } from "@/lib/metrics/registry";
import { type Attempt, post } from "@/lib/webhooks/post";
import { open } from "@/lib/webhooks/secrets";

/** How long somebody who took a delivery has it to themselves; an attempt is over long before. */
const LEASE_MS = 60_000;

/** After so long without a success, what waits for its next attempt is tried again as soon as one arrives. */
const WAS_AWAY_MS = 5 * 60_000;

export interface Taken {
  organizationId: string;
  endpointId: string;
  messageId: string;
  decisionId: string | null;
  type: string;
  url: string;
  secret: string;
  body: string;
  attempts: number;
  firstAttemptAt: Date;
}

/**
 * Takes what is due for an endpoint, at most so much, for whoever asks: others leave it alone until the lease is over.
 * Of an endpoint that doesn't answer one is taken at a time.
 */
export async function takeDue(options: {
  organizationId: string;
  endpointId: string;
  limit: number;
  now: Date;
}): Promise<Taken[]> {
  const { organizationId, endpointId, limit, now } = options;
  return withTenant(organizationId, async (client) => {
    const { rows } = await client.query<Taken>(
      `with due as (
         select d.message_id from webhook_deliveries d
         where d.organization_id = $1 and d.endpoint_id = $2 and d.status = 'waiting' and d.next_attempt_at <= $3
           and (d.leased_until is null or d.leased_until <= $3)
         order by d.next_attempt_at, d.message_id
         limit (select case when e.failing_since is null then $4::integer else least($4, 1) end from webhook_endpoints e
           where e.organization_id = $1 and e.id = $2)
         for update skip locked
       )
       update webhook_deliveries d
         set leased_until = $5, attempts = d.attempts + 1, first_attempt_at = coalesce(d.first_attempt_at, $3)
       from due, webhook_messages m, webhook_endpoints e
       where d.organization_id = $1 and d.endpoint_id = $2 and d.message_id = due.message_id
         and m.organization_id = $1 and m.id = d.message_id
         and e.organization_id = $1 and e.id = $2 and e.status = 'on'
       returning d.organization_id as "organizationId", d.endpoint_id as "endpointId", d.message_id as "messageId",
         m.decision_id as "decisionId", m.type, e.url, e.secret, m.body, d.attempts, d.first_attempt_at as "firstAttemptAt"`,
      [organizationId, endpointId, now, limit, new Date(now.getTime() + LEASE_MS)],
    );
    return rows;
  });
}

/** Sends what was taken and writes down what came of it. Throws only where `signal` ends it: then nothing came of it. */
export async function deliver(
  taken: Taken,
  options: { now: () => Date; signal?: AbortSignal; patienceMs?: number },
): Promise<Attempt> {
  const { now, signal, patienceMs } = options;
  const attempt = await attemptOnce(taken, signal, patienceMs);
  await settle(taken, attempt, now());
  countWebhook(attempt);
  log[attempt.ok ? "debug" : "info"](
    {
      organization: taken.organizationId,
      decision: taken.decisionId,
      endpoint: taken.endpointId,
      message: taken.messageId,
      type: taken.type,
      attempt: taken.attempts,
      code: attempt.code,
      fault: attempt.fault,
      ms: attempt.latencyMs,
    },
    attempt.ok ? "a webhook was delivered" : "a webhook was not delivered",
  );
  return attempt;
}

async function attemptOnce(
  { organizationId, endpointId, url, secret: sealed, messageId: id, body }: Taken,
  signal?: AbortSignal,
  patienceMs?: number,
): Promise<Attempt> {
  let secret: string;
  try {
    secret = open(sealed, organizationId, endpointId);
  } catch {
    const fault = "Its secret can't be read: LEEWAY_ENCRYPTION_KEY doesn't hold the key that encrypted it.";
    return { ok: false, code: null, fault, excerpt: null, latencyMs: 0 };
  }
  return post({
    url,
    secret,
    id,
    body,
    ...(signal ? { signal } : {}),
    ...(patienceMs ? { patienceMs } : {}),
  });
}

/** Gives back, untried, what a worker took that has to stop. */
export async function giveBack({ organizationId, endpointId, messageId }: Taken): Promise<void> {
  await withTenant(organizationId, (client) =>
    client.query(
      `update webhook_deliveries set leased_until = null, attempts = greatest(attempts - 1, 0)
       where organization_id = $1 and endpoint_id = $2 and message_id = $3 and status = 'waiting'`,
      [organizationId, endpointId, messageId],
    ),
  );
}

async function settle(taken: Taken, attempt: Attempt, at: Date): Promise<void> {
  const { organizationId, endpointId, messageId, attempts, firstAttemptAt } = taken;
  const next = attempt.ok ? null : nextAttempt(attempts, firstAttemptAt, at);
  const status = attempt.ok ? "delivered" : next === null ? "dead" : "waiting";
  await inTenant(organizationId, async (tx) => {
    const changed = await tx.$executeRaw`
      update webhook_deliveries set status = ${status}, leased_until = null,
        next_attempt_at = coalesce(${next}, next_attempt_at), finished_at = ${status === "waiting" ? null : at}
      where organization_id = ${organizationId}::uuid and endpoint_id = ${endpointId}::uuid and message_id = ${messageId}::uuid
        and status = 'waiting'`;
    // Deleted meanwhile, or a second worker had it after the lease: what came of that one stands.
    if (changed === 0) return;
    await tx.webhookAttempt.create({
      data: {
        organizationId,
        id: newId(at),
        endpointId,
        messageId,
        at,
        latencyMs: attempt.latencyMs,
        code: attempt.code,
        fault: attempt.fault,
        excerpt: attempt.excerpt,
      },
    });
    if (attempt.ok) return noteSuccess(tx, taken, at);
    await tx.$executeRaw`
      update webhook_endpoints set failing_since = coalesce(failing_since, ${firstAttemptAt})
      where organization_id = ${organizationId}::uuid and id = ${endpointId}::uuid`;
    if (status === "dead") await disableUnheard(tx, taken, at);
  });
}

type Transaction = Parameters<Parameters<typeof inTenant>[1]>[0];

/** What waits for a later attempt of an endpoint that was away is tried now that it is back. */
async function noteSuccess(tx: Transaction, { organizationId, endpointId }: Taken, at: Date): Promise<void> {
  const before = await tx.$queryRaw<{ since: Date | null }[]>`
    select failing_since as since from webhook_endpoints
    where organization_id = ${organizationId}::uuid and id = ${endpointId}::uuid for no key update`;
  const since = before[0]?.since ?? null;
  await tx.$executeRaw`
    update webhook_endpoints set last_success_at = ${at}, failing_since = null
    where organization_id = ${organizationId}::uuid and id = ${endpointId}::uuid`;
  if (since === null || at.getTime() - since.getTime() < WAS_AWAY_MS) return;
  await tx.$executeRaw`
    update webhook_deliveries set next_attempt_at = ${at}
    where organization_id = ${organizationId}::uuid and endpoint_id = ${endpointId}::uuid and status = 'waiting'
      and next_attempt_at > ${at}`;
}

/** Nothing got through for as long as one message was tried: the endpoint is sent no more, until somebody looks at it. */
async function disableUnheard(tx: Transaction, taken: Taken, at: Date): Promise<void> {
  const { organizationId, endpointId } = taken;
  const disabled = await tx.$executeRaw`
    update webhook_endpoints set status = 'disabled', disabled_at = ${at}, updated_at = ${at}
    where organization_id = ${organizationId}::uuid and id = ${endpointId}::uuid and status = 'on'
      and (last_success_at is null or last_success_at < ${taken.firstAttemptAt})`;
  if (disabled === 0) return;
  await auditAll(tx, [
    {
      organizationId,
      actor: { kind: "system", id: null },
      action: "webhook.disabled",
      subjectId: endpointId,
      data: {},
      at,
    },
  ]);
  log.warn({ organization: organizationId, endpoint: endpointId }, "a webhook endpoint was disabled");
}
