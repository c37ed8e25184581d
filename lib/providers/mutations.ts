import { randomBytes } from "node:crypto";
import { type AuditActor, audit } from "@/lib/audit/mutations";
import { inTenant, type TenantTransaction } from "@/lib/db/prisma";
import { placeOf } from "@/lib/providers/data";
import { type StripeForm, storedStripeSchema, stripeSecretsSchema } from "@/lib/providers/schema";
import type { OutsideKind } from "@/lib/providers/types";
import { canKeepSecrets, decrypt, encrypt, isOutdated, lastFour, NoKey } from "@/lib/secrets/cipher";

interface Change {
  organizationId: string;
  writer: AuditActor;
  at: Date;
}

export type SaveRefusal =
  | { ok: false; code: "no_encryption_key" }
  /** Nothing was typed where nothing is stored. */
  | { ok: false; code: "secret_missing" };

/** Sets the account at Stripe up, or changes it. A secret that is null stays what it is. */
export async function saveStripe(change: Change & { form: StripeForm }): Promise<{ ok: true } | SaveRefusal> {
  const { organizationId, form } = change;
  if (!canKeepSecrets()) return { ok: false, code: "no_encryption_key" };
  return inTenant(organizationId, async (tx) => {
    const before = await lockRow(tx, organizationId, "stripe");
    const kept = readKept(organizationId, before?.secrets ?? null);
    const secretKey = form.secretKey ?? kept?.secretKey;
    if (!secretKey) return { ok: false, code: "secret_missing" };
    const webhookSecret = form.webhookSecret ?? kept?.webhookSecret ?? null;
    const old = before && storedStripeSchema.parse(before.settings);
    await store(tx, change, "stripe", {
      settings: { label: form.label, mode: /^.._live_/.test(secretKey) ? "live" : "test" },
      secrets: { secretKey, webhookSecret },
      hints: { secretKey: lastFour(secretKey), webhookSecret: webhookSecret && lastFour(webhookSecret) },
      fields: [
        ...(old?.label === form.label ? [] : ["label"]),
        ...(form.secretKey === null ? [] : ["secretKey"]),
        ...(form.webhookSecret === null ? [] : ["webhookSecret"]),
      ],
    });
    return { ok: true };
  });
}

/** What can't be read any more, because its key is gone, has to be typed anew. */
function readKept(organizationId: string, secrets: string | null) {
  if (secrets === null) return null;
  try {
    return stripeSecretsSchema.parse(JSON.parse(decrypt(secrets, placeOf(organizationId, "stripe"))));
  } catch (error) {
    if (error instanceof NoKey) return null;
    throw error;
  }
}

/** Sets the webhook up, or changes it. A secret is made where there is none, or where it is to be renewed, and answered this once. */
export async function saveWebhook(
  change: Change & { url: string; renew: boolean },
): Promise<{ ok: true; secret?: string } | SaveRefusal> {
  const { organizationId, url, renew } = change;
  if (!canKeepSecrets()) return { ok: false, code: "no_encryption_key" };
  return inTenant(organizationId, async (tx) => {
    const before = await lockRow(tx, organizationId, "webhook");
    const isMade = renew || !before?.secrets;
    const secret = isMade ? `whsec_${randomBytes(32).toString("base64")}` : null;
    await store(tx, change, "webhook", {
      settings: { url },
      ...(secret ? { secrets: { secret }, hints: { secret: lastFour(secret) } } : {}),
      fields: ["url", ...(secret ? ["secret"] : [])],
    });
    return secret ? { ok: true, secret } : { ok: true };
  });
}

/** Turns a provider on or off. What was begun while it was on is still asked after. */
export async function setEnabled(change: Change & { kind: OutsideKind; enabled: boolean }): Promise<boolean> {
  const { organizationId, kind, enabled, writer, at } = change;
  return inTenant(organizationId, async (tx) => {
    const before = await lockRow(tx, organizationId, kind);
    if (!before) return false;
    if (before.enabled === enabled) return true;
    await tx.executionProvider.update({
      where: { organizationId_kind: { organizationId, kind } },
      data: { enabled, updatedAt: at, updatedBy: writer.kind === "employee" ? writer.id : null },
    });
    await audit(tx, {
      organizationId,
      actor: writer,
      action: enabled ? "provider.enabled" : "provider.disabled",
      subjectId: organizationId,
      data: { kind },
      at,
    });
    return true;
  });
}

/** Has what a provider said, and could not be applied, tried again from the beginning. Answers how many messages there are. */
export async function hearAgain(change: Change & { kind: OutsideKind }): Promise<number> {
  const { organizationId, kind, writer, at } = change;
  return inTenant(organizationId, async (tx) => {
    const events = await tx.$executeRaw`
      update provider_events set tries = 0, set_aside_at = null, fault = null
      where organization_id = ${organizationId}::uuid and provider = ${kind} and set_aside_at is not null`;
    if (events === 0) return 0;
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "provider.heard_again",
      subjectId: organizationId,
      data: { kind, events },
      at,
    });
    return events;
  });
}

/** Removes a provider and its secrets. */
export async function removeProvider(change: Change & { kind: OutsideKind }): Promise<void> {
  const { organizationId, kind, writer, at } = change;
  await inTenant(organizationId, async (tx) => {
    const { count } = await tx.executionProvider.deleteMany({ where: { organizationId, kind } });
    if (count === 0) return;
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "provider.removed",
      subjectId: organizationId,
      data: { kind },
      at,
    });
  });
}

/** Encrypts an organization's secrets anew that were encrypted with an older key. Answers how many there were. */
export async function reencryptSecrets(organizationId: string): Promise<number> {
  return inTenant(organizationId, async (tx) => {
    const rows = await tx.$queryRaw<{ kind: OutsideKind; secrets: string }[]>`
      select kind, secrets from execution_providers
      where organization_id = ${organizationId}::uuid and secrets is not null order by kind for update`;
    const old = rows.filter(({ secrets }) => isOutdated(secrets));
    for (const { kind, secrets } of old) {
      const place = placeOf(organizationId, kind);
      await tx.executionProvider.update({
        where: { organizationId_kind: { organizationId, kind } },
        data: { secrets: encrypt(decrypt(secrets, place), place) },
      });
    }
    return old.length;
  });
}

interface StoredRow {
  enabled: boolean;
  settings: unknown;
  secrets: string | null;
}

/** Two admins at once change one after the other. */
async function lockRow(
  tx: TenantTransaction,
  organizationId: string,
  kind: OutsideKind,
): Promise<StoredRow | null> {
  await tx.$queryRaw`select 1 from organizations where id = ${organizationId}::uuid for no key update`;
  return tx.executionProvider.findUnique({
    where: { organizationId_kind: { organizationId, kind } },
    select: { enabled: true, settings: true, secrets: true },
  });
}

interface Stored {
  settings: Record<string, string>;
  secrets?: Record<string, string | null>;
  hints?: Record<string, string | null>;
  /** What changed, by name. */
  fields: string[];
}

async function store(
  tx: TenantTransaction,
  { organizationId, writer, at }: Change,
  kind: OutsideKind,
  { settings, secrets, hints, fields }: Stored,
): Promise<void> {
  const written = {
    settings,
    ...(secrets ? { secrets: encrypt(JSON.stringify(secrets), placeOf(organizationId, kind)) } : {}),
    ...(hints ? { hints } : {}),
    updatedAt: at,
    updatedBy: writer.kind === "employee" ? writer.id : null,
  };
  await tx.executionProvider.upsert({
    where: { organizationId_kind: { organizationId, kind } },
    create: { organizationId, kind, enabled: true, createdAt: at, ...written },
    // What it was found to be says nothing of what it is now.
    update: { ...written, lastOutcome: null, lastFault: null, lastOutcomeAt: null },
  });
  await audit(tx, {
    organizationId,
    actor: writer,
    action: "provider.saved",
    subjectId: organizationId,
    data: { kind, fields },
    at,
  });
}
