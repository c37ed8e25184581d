import type { Actor } from "@/lib/auth/types";
import { tenantDb } from "@/lib/db/prisma";
import type { StoredSettings } from "@/lib/organizations/types";
import { retentionSchema } from "@/lib/retention/schema";

export interface Organization {
  id: string;
  name: string;
  currency: string;
  timeZone: string;
}

/** The organization, or null where there is none of that id. */
export async function findOrganization(organizationId: string): Promise<Organization | null> {
  return tenantDb(organizationId).organization.findUnique({
    where: { id: organizationId },
    select: { id: true, name: true, currency: true, timeZone: true },
  });
}

/** The time zone in which an actor's days begin. */
export async function timeZoneOf(actor: Actor): Promise<string> {
  if (actor.kind === "employee") return actor.timeZone;
  const organization = await findOrganization(actor.organizationId);
  if (!organization) throw new Error("An actor of no organization.");
  return organization.timeZone;
}

/** The organization's settings, or null where there is none of that id. */
export async function readSettings(organizationId: string): Promise<StoredSettings | null> {
  const row = await tenantDb(organizationId).organization.findUnique({
    where: { id: organizationId },
    select: { undoSeconds: true, handoverMinutes: true, retention: true, revision: true },
  });
  return row && { ...row, retention: retentionSchema.parse(row.retention) };
}
