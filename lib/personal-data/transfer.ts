import { headers } from "next/headers";
import { auditActor } from "@/lib/audit/mutations";
import { isAdmin } from "@/lib/auth/ability";
import { currentActor } from "@/lib/auth/actor";
import { isSameOrigin } from "@/lib/http/origin";
import { problem } from "@/lib/http/problem";
import { readCustomerSummary } from "@/lib/personal-data/data";
import { exportPerson } from "@/lib/personal-data/mutations";

/**
 * All that is held about a customer as a file, written while it is read. Whoever is no admin isn't told whether there is
 * such a customer.
 */
export async function exportCustomer(customerId: string): Promise<Response> {
  const actor = await currentActor();
  if (!actor) return problem("unauthorized");
  if (actor.passwordOneTime) return problem("password_one_time");
  if (!isSameOrigin(await headers())) return problem("cross_origin");
  const { organizationId } = actor;
  const customer = isAdmin(actor.role) ? await readCustomerSummary(organizationId, customerId) : null;
  if (!customer) return problem("not_found");
  const pieces = await exportPerson({
    organizationId,
    person: { kind: "customer", id: customer.id },
    writer: auditActor(actor),
    at: new Date(),
  });
  return new Response(toStream(pieces), {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": `attachment; filename="customer-${customer.id}.json"`,
      "Cache-Control": "no-store",
    },
  });
}

/** Made no faster than it is taken; whoever goes away doesn't want the rest. */
function toStream(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
