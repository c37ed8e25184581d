import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import type { PolicyInput } from "@/lib/discretion/schema";
import { publishPolicy } from "@/lib/policies/mutations";

export interface MadeOrganization {
  organizationId: string;
  name: string;
  currency: string;
  timeZone: string;
  /** The version in force; null when it was made without a policy. */
  policyVersion: number | null;
}

/**
 * An organization of its own in the database of the app's pool. `policy` may leave out what a test doesn't care about;
 * `null` makes an organization that has no policy yet.
 */
export async function createOrganization(
  options: {
    name?: string;
    currency?: string;
    timeZone?: string;
    policy?: Partial<PolicyInput> | null;
    /** How long a decision can be undone; the database's own default when left out. */
    undoSeconds?: number;
  } = {},
): Promise<MadeOrganization> {
  const { name = "An organization", currency = "USD", timeZone = "America/New_York", policy = {} } = options;
  const now = new Date();
  const organizationId = newId(now);
  await inTenant(organizationId, (tx) =>
    tx.organization.create({
      data: {
        id: organizationId,
        name,
        currency,
        timeZone,
        ...(options.undoSeconds === undefined ? {} : { undoSeconds: options.undoSeconds }),
      },
    }),
  );
  if (policy === null) return { organizationId, name, currency, timeZone, policyVersion: null };
  const published = await publishPolicy({
    organizationId,
    base: null,
    document: { currency, timeZone, limits: [], rules: [], ...policy },
    note: null,
    authorId: null,
    now,
  });
  if (!published.ok) throw new Error(`The policy was refused: ${JSON.stringify(published)}`);
  return { organizationId, name, currency, timeZone, policyVersion: published.version };
}
