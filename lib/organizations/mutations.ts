import { audit } from "@/lib/audit/mutations";
import { hashPassword, oneTimePassword } from "@/lib/auth/password";
import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import { startingPolicy } from "@/lib/discretion/starting-policy";
import type { NewOrganization } from "@/lib/organizations/schema";
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
