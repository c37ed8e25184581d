import { isAdmin } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import { readSettings } from "@/lib/organizations/data";
import type { OrganizationPage } from "@/lib/organizations/types";

/** The organization's settings, to read or to keep. */
export async function loadOrganization(): Promise<OrganizationPage> {
  const actor = await requireActor("settings");
  const settings = await readSettings(actor.organizationId);
  if (!settings) throw new Error("An actor of no organization.");
  const { organizationName: name, currency, timeZone } = actor;
  return { mayEdit: isAdmin(actor.role), name, currency, timeZone, settings };
}
