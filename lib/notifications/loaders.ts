import { requireActor } from "@/lib/auth/actor";
import { mailMissing } from "@/lib/mail/transport";
import { readWish, type Wish } from "@/lib/mail/unsubscribe";
import { readChoices } from "@/lib/notifications/data";
import { tokenSchema } from "@/lib/notifications/schema";
import type { NotificationsPage } from "@/lib/notifications/types";

/** What the person is written about. */
export async function loadNotifications(): Promise<NotificationsPage> {
  const { organizationId, employeeId, email, role } = await requireActor("desk");
  return {
    email,
    sends: mailMissing() === null,
    choices: await readChoices(organizationId, employeeId, role),
  };
}

/** What the link of a mail is for; null where it is none of ours. */
export function loadWish(token: unknown): Wish | null {
  const parsed = tokenSchema.safeParse(token);
  return parsed.success ? readWish(parsed.data) : null;
}
