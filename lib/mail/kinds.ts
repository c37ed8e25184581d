import type { Role } from "@/lib/discretion/schema";

/** What people of the organization are written about. */
export const NOTIFICATIONS = [
  "handover_waiting",
  "execution_failed",
  "execution_assigned",
  "policy_published",
  "webhook_disabled",
] as const;
export type Notification = (typeof NOTIFICATIONS)[number];

/** What is told to whom unless they have chosen otherwise. */
const USUAL: Record<Notification, readonly Role[]> = {
  handover_waiting: ["agent", "manager", "admin"],
  execution_failed: ["agent", "manager", "admin"],
  execution_assigned: ["agent", "manager", "admin"],
  policy_published: ["manager", "admin"],
  webhook_disabled: ["admin"],
};

/** Whom a kind is for at all: nobody else is offered it. */
const FOR: Record<Notification, readonly Role[]> = {
  ...USUAL,
  policy_published: ["agent", "manager", "admin"],
};

export function isUsual(kind: Notification, role: Role): boolean {
  return USUAL[kind].includes(role);
}

export function isFor(kind: Notification, role: Role): boolean {
  return FOR[kind].includes(role);
}

/** How long a handover waits for somebody before they are written to. Whoever is at Leeway sees it at once. */
export const HANDOVER_PATIENCE_MS = 5 * 60_000;
