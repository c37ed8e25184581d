"use server";

import type { z } from "zod";
import { audit, auditActor } from "@/lib/audit/mutations";
import { asPersonIn } from "@/lib/auth/place";
import { inTenant } from "@/lib/db/prisma";
import { nameSubjects } from "@/lib/signals/data";
import { lookForSignals } from "@/lib/signals/look";
import { rowsOfSignal } from "@/lib/signals/rows";
import { nameSignalSchema } from "@/lib/signals/schema";
import type { NameSignalAnswer } from "@/lib/signals/types";

/** Says whom a signal is about, to somebody who asked for it; that they did is written down before they are told. */
export async function nameSignal(request: z.input<typeof nameSignalSchema>): Promise<NameSignalAnswer> {
  return asPersonIn(
    "floor",
    request,
    nameSignalSchema,
    async (actor, { key, span }): Promise<NameSignalAnswer> => {
      const { organizationId, timeZone } = actor;
      const now = new Date();
      const { signals, since } = await lookForSignals({ organizationId, days: span, timeZone, now });
      const signal = signals.find((each) => each.key === key);
      if (!signal) return { ok: false, code: "gone" };
      const { kind, subjects } = signal;
      await inTenant(organizationId, (tx) =>
        audit(tx, {
          organizationId,
          actor: auditActor(actor),
          action: "signal.named",
          subjectId: organizationId,
          data: { signal: kind, ...subjects },
          at: now,
        }),
      );
      const named = await nameSubjects(organizationId, subjects);
      const looked = { days: span, timeZone, now };
      return {
        ok: true,
        named: { ...named, href: await rowsOfSignal(organizationId, signal, since, looked) },
      };
    },
  );
}
