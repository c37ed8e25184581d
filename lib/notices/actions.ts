"use server";

import { revalidatePath } from "next/cache";
import type { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { asAdmin } from "@/lib/auth/admin";
import { mailMissing } from "@/lib/mail/transport";
import * as notices from "@/lib/notices/mutations";
import { noticeSchema, noticeTestSchema } from "@/lib/notices/schema";
import type { SaveNoticeAnswer, TestNoticeAnswer } from "@/lib/notices/types";

/** Keeps a notice, by an admin. */
export async function saveNotice(request: z.input<typeof noticeSchema>): Promise<SaveNoticeAnswer> {
  return asAdmin(request, noticeSchema, async (actor, notice): Promise<SaveNoticeAnswer> => {
    const { organizationId, employeeId } = actor;
    await notices.saveNotice({
      organizationId,
      employeeId,
      notice,
      writer: auditActor(actor),
      at: new Date(),
    });
    revalidatePath("/settings/notices");
    return { ok: true };
  });
}

/** Sends an admin what a customer would get, filled in with the page's example. */
export async function testNotice(request: z.input<typeof noticeTestSchema>): Promise<TestNoticeAnswer> {
  return asAdmin(request, noticeTestSchema, async (actor, { subject, body }): Promise<TestNoticeAnswer> => {
    if (mailMissing() !== null) return { ok: false, code: "no_mail" };
    const { organizationId, employeeId } = actor;
    await notices.testNotice({ organizationId, employeeId, subject, body, at: new Date() });
    return { ok: true };
  });
}
