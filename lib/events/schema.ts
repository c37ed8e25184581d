import { z } from "zod";
import { EVENT_KINDS } from "@/lib/events/types";

/** What the database's functions say on the channel `leeway` when a transaction that changed something commits. */
export const notificationSchema = z.object({
  organizationId: z.uuid(),
  kind: z.enum(EVENT_KINDS),
  id: z.string().nullish(),
  whose: z.string().nullish(),
});

export type Notification = z.output<typeof notificationSchema>;
