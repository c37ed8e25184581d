import { isAdmin } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";
import { mailMissing } from "@/lib/mail/transport";
import { listNotices } from "@/lib/notices/data";
import type { NoticesPage } from "@/lib/notices/types";

/** The page on which an admin writes what customers are told. */
export async function loadNoticesPage(): Promise<NoticesPage> {
  const { organizationId, organizationName, role, currency, email } = await requireActor("settings");
  return {
    mayEdit: isAdmin(role),
    sends: mailMissing() === null,
    organization: organizationName,
    currency,
    email,
    notices: await listNotices(organizationId),
  };
}
