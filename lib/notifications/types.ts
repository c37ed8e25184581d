import type { Notification } from "@/lib/mail/kinds";

export interface NotificationsPage {
  email: string;
  /** Whether any mail is sent at all. */
  sends: boolean;
  choices: { kind: Notification; wanted: boolean }[];
}
