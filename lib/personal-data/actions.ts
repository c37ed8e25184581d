"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { auditActor } from "@/lib/audit/mutations";
import { asAdmin } from "@/lib/auth/admin";
import { readCustomerSummary } from "@/lib/personal-data/data";
import * as erasures from "@/lib/personal-data/mutations";
import { eraseCustomerSchema } from "@/lib/personal-data/schema";
import type { EraseAnswer, SummaryAnswer } from "@/lib/personal-data/types";

const chosenSchema = z.strictObject({ customerId: z.uuid("Choose a customer.") });

/** What an admin is shown of a customer before they export or erase them. */
export async function summarizeCustomer(request: z.input<typeof chosenSchema>): Promise<SummaryAnswer> {
  return asAdmin(
    request,
    chosenSchema,
    async ({ organizationId }, { customerId }): Promise<SummaryAnswer> => {
      const customer = await readCustomerSummary(organizationId, customerId);
      return customer ? { ok: true, customer } : { ok: false, code: "gone" };
    },
  );
}

/** Makes a customer anonymous for good, for somebody who typed their name. */
export async function eraseCustomer(request: z.input<typeof eraseCustomerSchema>): Promise<EraseAnswer> {
  return asAdmin(
    request,
    eraseCustomerSchema,
    async (actor, { customerId, name, reason }): Promise<EraseAnswer> => {
      const { organizationId } = actor;
      const customer = await readCustomerSummary(organizationId, customerId);
      if (!customer) return { ok: false, code: "gone" };
      if (customer.name.trim() !== name) {
        const message = "This is not the name as it stands above.";
        return { ok: false, code: "invalid", errors: [{ path: "name", message }] };
      }
      const answer = await erasures.eraseCustomer({
        organizationId,
        customerId: customer.id,
        reason,
        writer: auditActor(actor),
        at: new Date(),
      });
      if (!answer.ok) return { ok: false, code: "gone" };
      revalidatePath("/", "layout");
      return { ok: true, name: customer.name, records: answer.records.length };
    },
  );
}
