import { newOrganizationSchema } from "@/lib/organizations/schema";
import { openDatabase } from "./app";
import { print } from "./output";
import { ensureTables } from "./tables";
import { problemsOf, WrongUsage } from "./usage";

export interface OrganizationOptions {
  name: string;
  currency: string;
  timeZone: string;
  adminEmail: string;
  adminName?: string;
  json?: boolean;
}

export async function create(options: OrganizationOptions): Promise<number> {
  const { json, ...input } = options;
  const parsed = newOrganizationSchema.safeParse(input);
  if (!parsed.success) throw new WrongUsage(problemsOf(parsed.error.issues));
  await ensureTables(await openDatabase());
  const { createOrganization } = await import("@/lib/organizations/mutations");
  const { organizationId, oneTimePassword } = await createOrganization(parsed.data, new Date());
  const { name, adminEmail } = parsed.data;
  await print(json, { id: organizationId, adminEmail, oneTimePassword }, [
    `${name} is made: ${organizationId}`,
    `Its admin signs in as ${adminEmail} with this one-time password, which is shown only this once:`,
    oneTimePassword,
  ]);
  return 0;
}
