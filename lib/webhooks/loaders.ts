import { notFound } from "next/navigation";
import { isAdmin } from "@/lib/auth/ability";
import { requireActor, requireActorOrHide } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { readSettings } from "@/lib/organizations/data";
import { canKeepSecrets } from "@/lib/secrets/cipher";
import { findEndpoint, listDeliveries, listEndpoints } from "@/lib/webhooks/data";
import { logQuerySchema } from "@/lib/webhooks/schema";
import type { EndpointPage, WebhooksPage } from "@/lib/webhooks/types";

/** The page on which an admin says who is told of what happens. */
export async function loadWebhooksPage(): Promise<WebhooksPage> {
  const { organizationId, role, timeZone } = await requireActor("settings");
  return {
    mayEdit: isAdmin(role),
    endpoints: await listEndpoints(organizationId),
    missing: canKeepSecrets() ? null : "encryption_key",
    reachesLoopback: env.LEEWAY_WEBHOOK_REACH !== "public",
    timeZone,
    now: new Date().toISOString(),
  };
}

/** The log of one endpoint; a page that isn't there where the organization has none of that id. */
export async function loadEndpointPage(
  id: string,
  search: Record<string, string | string[] | undefined>,
): Promise<EndpointPage> {
  const { organizationId, role, timeZone } = await requireActorOrHide("settings");
  const endpoint = await findEndpoint(organizationId, id);
  if (!endpoint) notFound();
  const settings = await readSettings(organizationId);
  const query = logQuerySchema.parse({ status: search.status ?? null, before: search.before ?? null });
  return {
    mayEdit: isAdmin(role),
    endpoint,
    ...(await listDeliveries(organizationId, endpoint.id, query)),
    status: query.status,
    keptDays: settings?.retention.webhookMessages ?? null,
    timeZone,
    now: new Date().toISOString(),
  };
}
