import { type AuditActor, audit } from "@/lib/audit/mutations";
import { hashPassword, oneTimePassword } from "@/lib/auth/password";
import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import { startingPolicy } from "@/lib/discretion/starting-policy";
import { readSettings } from "@/lib/organizations/data";
import type { NewOrganization, OrganizationSettings } from "@/lib/organizations/schema";
import type { StoredSettings } from "@/lib/organizations/types";
import { publishPolicy } from "@/lib/policies/mutations";

const SYSTEM = { kind: "system", id: null } as const;

export interface CreatedOrganization {
  organizationId: string;
  adminId: string;
  /** To be handed over once; it has to be replaced at the first sign-in. */
  oneTimePassword: string;
}

/**
 * Makes a tenant with a starting policy in force and an admin who can sign in. The admin comes last: a creation that
 * breaks off leaves an empty organization that nobody knows of and nobody can enter.
 */
export async function createOrganization(input: NewOrganization, at: Date): Promise<CreatedOrganization> {
  const { name, currency, timeZone } = input;
  const organizationId = newId(at);
  const adminId = newId(at);
  const password = oneTimePassword();
  const passwordHash = await hashPassword(password);

  await inTenant(organizationId, (tx) =>
    tx.organization.create({ data: { id: organizationId, name, currency, timeZone, createdAt: at } }),
  );
  const published = await publishPolicy({
    organizationId,
    base: null,
    document: startingPolicy({ currency, timeZone }),
    note: null,
    authorId: null,
    now: at,
  });
  if (!published.ok) throw new Error(`The starting policy was refused: ${JSON.stringify(published)}`);
  await inTenant(organizationId, async (tx) => {
    await tx.employee.create({
      data: {
        organizationId,
        id: adminId,
        email: input.adminEmail,
        name: input.adminName ?? input.adminEmail,
        role: "admin",
        passwordHash,
        passwordOneTime: true,
        createdAt: at,
        updatedAt: at,
      },
    });
    await audit(tx, {
      organizationId,
      actor: SYSTEM,
      action: "organization.created",
      subjectId: organizationId,
      data: {},
      at,
    });
    await audit(tx, {
      organizationId,
      actor: SYSTEM,
      action: "employee.created",
      subjectId: adminId,
      data: { fields: ["email", "name", "role", "password"] },
      at,
    });
  });
  return { organizationId, adminId, oneTimePassword: password };
}

export type UpdateSettingsAnswer =
  | { ok: true; settings: StoredSettings }
  | { ok: false; code: "moved"; settings: StoredSettings };

/**
 * Keeps an organization's settings, if nobody changed them since `revision`; from the next decision on they hold. The same
 * settings again change nothing. What was changed is written down, by the names of the fields.
 */
export async function updateSettings(options: {
  organizationId: string;
  revision: number;
  settings: OrganizationSettings;
  writer: AuditActor;
  at: Date;
}): Promise<UpdateSettingsAnswer> {
  const { organizationId, revision, settings, writer, at } = options;
  const before = await readSettings(organizationId);
  if (!before) throw new Error(`There is no organization ${organizationId}.`);
  const changed = changedFields(before, settings);
  if (changed.length === 0) return { ok: true, settings: before };
  if (before.revision !== revision) return { ok: false, code: "moved", settings: before };
  const updated = await inTenant(organizationId, async (tx) => {
    const { count } = await tx.organization.updateMany({
      where: { id: organizationId, revision },
      data: { ...settings, revision: revision + 1 },
    });
    if (count === 0) return false;
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "organization.updated",
      subjectId: organizationId,
      data: { fields: changed },
      at,
    });
    return true;
  });
  if (updated) return { ok: true, settings: { ...settings, revision: revision + 1 } };
  const current = await readSettings(organizationId);
  if (!current) throw new Error(`Organization ${organizationId} is gone.`);
  return { ok: false, code: "moved", settings: current };
}

/** The names of what differs; a kind of retention is a field of its own. */
function changedFields(before: OrganizationSettings, after: OrganizationSettings): string[] {
  const flat = ({ retention, ...rest }: OrganizationSettings): Record<string, number | null> => ({
    undoSeconds: rest.undoSeconds,
    handoverMinutes: rest.handoverMinutes,
    ...Object.fromEntries(Object.entries(retention).map(([kind, days]) => [`retention.${kind}`, days])),
  });
  const [old, now] = [flat(before), flat(after)];
  return Object.keys(now).filter((name) => old[name] !== now[name]);
}
