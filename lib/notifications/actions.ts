"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import { asPersonIn } from "@/lib/auth/place";
import { readWish } from "@/lib/mail/unsubscribe";
import * as notifications from "@/lib/notifications/mutations";
import { choiceSchema, tokenSchema } from "@/lib/notifications/schema";

/** Keeps whether the person wants to be written about something. */
export async function chooseNotification(request: z.input<typeof choiceSchema>) {
  return asPersonIn(
    "desk",
    request,
    choiceSchema,
    async ({ organizationId, employeeId }, { kind, wanted }) => {
      await notifications.choose({ organizationId, employeeId, kind, wanted, at: new Date() });
      revalidatePath("/desk/notifications");
      return { ok: true } as const;
    },
  );
}

/** Does what the link of a mail is for. Its signature is the proof: whoever has the mail may, signed in or not. */
export async function unsubscribe(token: string): Promise<{ ok: boolean }> {
  const parsed = tokenSchema.safeParse(token);
  const wish = parsed.success ? readWish(parsed.data) : null;
  if (!wish) return { ok: false };
  await notifications.fulfil(wish, new Date());
  return { ok: true };
}
