import { randomBytes } from "node:crypto";
import { type AuditActor, audit } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { inTenant, type TenantTransaction } from "@/lib/db/prisma";
import { urlFault } from "@/lib/http/reach";
import { messageBody } from "@/lib/http/signed";
import { canKeepSecrets, decrypt, encrypt, isOutdated } from "@/lib/secrets/cipher";
import { type ChosenKind, PING } from "@/lib/webhooks/kinds";
import { type Attempt, post } from "@/lib/webhooks/post";
import { ENDPOINTS_MAX } from "@/lib/webhooks/schema";
import { open, placeOf, seal } from "@/lib/webhooks/secrets";

interface Written {
  organizationId: string;
  writer: AuditActor;
  at: Date;
}

interface OfEndpoint extends Written {
  id: string;
}

/** A secret as Standard Webhooks have it. */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/**
 * Adds an endpoint, which is told of what happens from now on. Its secret is given out here and never again: what is
 * kept of it is encrypted.
 */
export async function addEndpoint(
  options: Written & { url: string; kinds: ChosenKind[] },
): Promise<
  { ok: true; id: string; secret: string } | { ok: false; code: "too_many" | "no_key" | "out_of_reach" }
> {
  const { organizationId, url, kinds, writer, at } = options;
  if (!canKeepSecrets()) return { ok: false, code: "no_key" };
  if (urlFault(url) !== null) return { ok: false, code: "out_of_reach" };
  const id = newId(at);
  const secret = newSecret();
  const added = await inTenant(organizationId, async (tx) => {
    // Two at once are added one after the other, so that there are never more than there may be.
    await tx.$queryRaw`select 1 from organizations where id = ${organizationId}::uuid for no key update`;
    const before = await tx.webhookEndpoint.count({ where: { organizationId } });
    if (before >= ENDPOINTS_MAX) return false;
    await tx.webhookEndpoint.create({
      data: {
        organizationId,
        id,
        url,
        secret: seal(secret, organizationId, id),
        kinds,
        createdBy: writer.kind === "employee" ? writer.id : null,
        createdAt: at,
        updatedAt: at,
      },
    });
    // Where there was none nobody has read for a while, and what happened then is nothing for this one. It begins in this
    // transaction: what is committed after it is under a later seal.
    if (before === 0) await beginAnew(tx, organizationId, at);
    await audit(tx, { ...subject(options, id), action: "webhook.created", data: { kinds } });
    return true;
  });
  return added ? { ok: true, id, secret } : { ok: false, code: "too_many" };
}

async function beginAnew(tx: TenantTransaction, organizationId: string, at: Date): Promise<void> {
  await tx.$executeRaw`
    insert into event_feeds (organization_id, reader, seal_seq, since)
    select ${organizationId}::uuid, 'webhooks', coalesce(max(s.seq), 0), ${at} from seals s
      where s.organization_id = ${organizationId}::uuid
    on conflict (organization_id, reader) do update set seal_seq = excluded.seal_seq, since = excluded.since`;
}

function subject({ organizationId, writer: actor, at }: Written, subjectId: string) {
  return { organizationId, actor, subjectId, at };
}

/** Changes where an endpoint is and what it is told. What waits for it goes to the new address. */
export async function changeEndpoint(
  options: OfEndpoint & { url: string; kinds: ChosenKind[] },
): Promise<{ ok: true } | { ok: false; code: "gone" | "out_of_reach" }> {
  const { organizationId, id, url, kinds, at } = options;
  if (urlFault(url) !== null) return { ok: false, code: "out_of_reach" };
  return inTenant(organizationId, async (tx) => {
    const before = await tx.webhookEndpoint.findFirst({ where: { organizationId, id } });
    if (!before) return { ok: false, code: "gone" };
    const changed = [
      ...(before.url === url ? [] : ["url"]),
      ...(String([...before.kinds].sort()) === String([...kinds].sort()) ? [] : ["kinds"]),
    ];
    if (changed.length === 0) return { ok: true };
    await tx.webhookEndpoint.updateMany({
      where: { organizationId, id },
      data: { url, kinds, updatedAt: at },
    });
    await audit(tx, { ...subject(options, id), action: "webhook.updated", data: { fields: changed } });
    return { ok: true };
  });
}

/** Gives an endpoint another secret; what is sent from now on is signed with it. */
export async function replaceSecret(
  options: OfEndpoint,
): Promise<{ ok: true; secret: string } | { ok: false; code: "gone" | "no_key" }> {
  const { organizationId, id, at } = options;
  if (!canKeepSecrets()) return { ok: false, code: "no_key" };
  const secret = newSecret();
  return inTenant(organizationId, async (tx) => {
    const { count } = await tx.webhookEndpoint.updateMany({
      where: { organizationId, id },
      data: { secret: seal(secret, organizationId, id), updatedAt: at },
    });
    if (count === 0) return { ok: false, code: "gone" };
    await audit(tx, { ...subject(options, id), action: "webhook.updated", data: { fields: ["secret"] } });
    return { ok: true, secret };
  });
}

/**
 * Pauses an endpoint, or has it told again, also after it was disabled. What happened meanwhile was kept, and is sent
 * with three days of its own.
 */
export async function switchEndpoint(
  options: OfEndpoint & { on: boolean },
): Promise<{ ok: true } | { ok: false; code: "gone" }> {
  const { organizationId, id, on, at } = options;
  return inTenant(organizationId, async (tx) => {
    const before = await tx.webhookEndpoint.findFirst({ where: { organizationId, id } });
    if (!before) return { ok: false, code: "gone" };
    const status = on ? "on" : "paused";
    if (before.status === status) return { ok: true };
    await tx.webhookEndpoint.updateMany({
      where: { organizationId, id },
      data: { status, disabledAt: null, updatedAt: at, ...(on ? { failingSince: null } : {}) },
    });
    if (on) await beginWaitingAnew(tx, organizationId, id, at);
    await audit(tx, { ...subject(options, id), action: "webhook.updated", data: { fields: ["status"] } });
    return { ok: true };
  });
}

async function beginWaitingAnew(
  tx: TenantTransaction,
  organizationId: string,
  id: string,
  at: Date,
): Promise<void> {
  await tx.$executeRaw`
    update webhook_deliveries set next_attempt_at = ${at}, attempts = 0, first_attempt_at = null
    where organization_id = ${organizationId}::uuid and endpoint_id = ${id}::uuid and status = 'waiting'`;
}

/** Takes an endpoint away, with its log and what waits for it. */
export async function removeEndpoint(options: OfEndpoint): Promise<{ ok: true }> {
  const { organizationId, id } = options;
  await inTenant(organizationId, async (tx) => {
    const { count } = await tx.webhookEndpoint.deleteMany({ where: { organizationId, id } });
    if (count > 0) await audit(tx, { ...subject(options, id), action: "webhook.removed", data: {} });
  });
  return { ok: true };
}

/** Sends one message once more, whatever became of it; or all that were put aside. They get three days anew. */
export async function replay(
  options: OfEndpoint & { message: string | null },
): Promise<{ ok: true; messages: number } | { ok: false; code: "gone" }> {
  const { organizationId, id, message, at } = options;
  return inTenant(organizationId, async (tx) => {
    const found = await tx.webhookEndpoint.count({ where: { organizationId, id } });
    if (found === 0) return { ok: false, code: "gone" };
    const { count } = await tx.webhookDelivery.updateMany({
      where: { organizationId, endpointId: id, ...(message ? { messageId: message } : { status: "dead" }) },
      data: {
        status: "waiting",
        attempts: 0,
        firstAttemptAt: null,
        nextAttemptAt: at,
        leasedUntil: null,
        finishedAt: null,
      },
    });
    if (message !== null && count === 0) return { ok: false, code: "gone" };
    if (count > 0)
      await audit(tx, { ...subject(options, id), action: "webhook.replayed", data: { messages: count } });
    return { ok: true, messages: count };
  });
}

/** Sends a test at once, once, and says what came back; it stands in the log like everything else. */
export async function ping(
  options: OfEndpoint,
): Promise<{ ok: true; attempt: Attempt } | { ok: false; code: "gone" }> {
  const { organizationId, id, at } = options;
  const endpoint = await inTenant(organizationId, (tx) =>
    tx.webhookEndpoint.findFirst({ where: { organizationId, id }, select: { url: true, secret: true } }),
  );
  if (!endpoint) return { ok: false, code: "gone" };
  const messageId = newId(at);
  const body = messageBody(PING, at, { organization: organizationId, endpoint: id });
  const attempt = await post({
    url: endpoint.url,
    secret: open(endpoint.secret, organizationId, id),
    id: messageId,
    body,
  });
  await inTenant(organizationId, async (tx) => {
    await tx.$queryRaw`select 1 from webhook_endpoints
      where organization_id = ${organizationId}::uuid and id = ${id}::uuid for key share`;
    if ((await tx.webhookEndpoint.count({ where: { organizationId, id } })) === 0) return;
    await tx.webhookMessage.create({
      data: { organizationId, id: messageId, type: PING, body, occurredAt: at, createdAt: at },
    });
    await tx.webhookDelivery.create({
      data: {
        organizationId,
        endpointId: id,
        messageId,
        // Nobody waits for a test any more once it was seen to fail.
        status: attempt.ok ? "delivered" : "dead",
        attempts: 1,
        firstAttemptAt: at,
        nextAttemptAt: at,
        finishedAt: at,
        createdAt: at,
      },
    });
    const { code, fault, excerpt, latencyMs } = attempt;
    await tx.webhookAttempt.create({
      data: { organizationId, id: newId(at), endpointId: id, messageId, at, code, fault, excerpt, latencyMs },
    });
  });
  return { ok: true, attempt };
}

/** Encrypts an organization's secrets of endpoints anew that were encrypted with an older key. Answers how many there were. */
export async function reencryptEndpoints(organizationId: string): Promise<number> {
  return inTenant(organizationId, async (tx) => {
    const rows = await tx.$queryRaw<{ id: string; secret: string }[]>`
      select id, secret from webhook_endpoints where organization_id = ${organizationId}::uuid order by id for update`;
    const old = rows.filter(({ secret }) => isOutdated(secret));
    for (const { id, secret } of old) {
      const place = placeOf(organizationId, id);
      await tx.webhookEndpoint.updateMany({
        where: { organizationId, id },
        data: { secret: encrypt(decrypt(secret, place), place) },
      });
    }
    return old.length;
  });
}
