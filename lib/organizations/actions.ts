"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { asAdmin } from "@/lib/auth/admin";
import { updateSettings } from "@/lib/organizations/mutations";
import { organizationSettingsSchema } from "@/lib/organizations/schema";
import type { SaveSettingsAnswer } from "@/lib/organizations/types";

const saveSchema = organizationSettingsSchema.extend({ revision: z.int() });

/** Keeps the organization's settings, for who saw them as they are. */
export async function saveSettings(request: z.input<typeof saveSchema>): Promise<SaveSettingsAnswer> {
  return asAdmin(
    request,
    saveSchema,
    async (actor, { revision, ...settings }): Promise<SaveSettingsAnswer> => {
      const answer = await updateSettings({
        organizationId: actor.organizationId,
        revision,
        settings,
        writer: auditActor(actor),
        at: new Date(),
      });
      if (answer.ok) revalidatePath("/settings/organization");
      return answer;
    },
  );
}
