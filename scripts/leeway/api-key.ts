import type { ApiScope } from "@/lib/auth/types";
import { addDays, startOfDay } from "@/lib/discretion/windows";
import { type OrganizationOption, openOrganization } from "./app";
import { print } from "./output";
import { WrongUsage } from "./usage";

export interface ApiKeyOptions extends OrganizationOption {
  name: string;
  scopes: ApiScope[];
  expires?: string;
  json?: boolean;
}

export async function createKey(options: ApiKeyOptions): Promise<number> {
  const name = options.name.trim();
  if (name === "" || name.length > 200) throw new WrongUsage("--name takes 1 to 200 characters.");
  const organization = await openOrganization(options);
  const at = new Date();
  const expiresAt = options.expires ? expiryOf(options.expires, organization.timeZone, at) : null;

  const { createApiKey } = await import("@/lib/auth/api-keys");
  const { id, key } = await createApiKey({
    organizationId: organization.id,
    name,
    scopes: options.scopes,
    createdBy: null,
    expiresAt,
    at,
  });
  await print(options.json, { id, key }, [
    `API key "${name}" of ${organization.name}${expiresAt ? `, until ${expiresAt.toISOString()}` : ""}. It is shown only this once:`,
    key,
  ]);
  return 0;
}

/** A day counts to its end, where the organization is. */
function expiryOf(text: string, timeZone: string, now: Date): Date {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isInstant = /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:?\d{2})$/.test(text);
  if ((!isDay && !isInstant) || Number.isNaN(Date.parse(text))) {
    throw new WrongUsage(
      `--expires ${text} is no moment. Write a day such as 2027-03-31, or an instant such as 2027-03-31T18:00:00Z.`,
    );
  }
  const expiresAt = new Date(isDay ? startOfDay(addDays(text, 1), timeZone) : Date.parse(text));
  if (expiresAt <= now) throw new WrongUsage(`--expires ${text} is past already.`);
  return expiresAt;
}
