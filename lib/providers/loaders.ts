import { isAdmin } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import { baseUrl } from "@/lib/http/base-url";
import { readProviders } from "@/lib/providers/data";
import type { ProvidersPage } from "@/lib/providers/types";
import { canKeepSecrets } from "@/lib/secrets/cipher";

/** The page on which an admin sets up who carries decisions out elsewhere. */
export async function loadProvidersPage(): Promise<ProvidersPage> {
  const { organizationId, role } = await requireActor("settings");
  return {
    ...(await readProviders(organizationId)),
    mayEdit: isAdmin(role),
    canKeepSecrets: canKeepSecrets(),
    stripeAddress: `${await baseUrl()}/api/webhooks/stripe/${organizationId}`,
  };
}
