import { type AuditActor, audit } from "@/lib/audit/mutations";
import type { CustomerInput } from "@/lib/customers/schema";
import { newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";

export interface UpsertedCustomer {
  outcome: "created" | "updated" | "unchanged";
  customer: {
    id: string;
    externalRef: string;
    name: string;
    email: string | null;
    phone: string | null;
    tier: string | null;
    kind: string;
    paymentRef: string | null;
  };
}

/**
 * Creates or replaces the customer of an external reference; what the input leaves out is emptied, but for the payment
 * provider's reference, of which other systems know nothing. The same input again
 * changes nothing. Two writers at once: both succeed, the later one's values stand.
 */
export async function upsertCustomer(options: {
  organizationId: string;
  externalRef: string;
  input: CustomerInput;
  writer: AuditActor;
  at: Date;
}): Promise<UpsertedCustomer> {
  const { organizationId, externalRef, input, writer, at } = options;
  const named = {
    name: input.name,
    email: input.email || null,
    phone: input.phone || null,
    tier: input.tier || null,
    kind: input.kind,
  };
  return inTenant(organizationId, async (tx) => {
    // Make the row exist first, then lock it: two writers of a new reference don't both insert.
    const inserted = await tx.$queryRaw<{ id: string }[]>`
      insert into customers (organization_id, id, external_ref, name, email, phone, tier, kind, payment_ref, created_at, updated_at)
      values (${organizationId}::uuid, ${newId(at)}::uuid, ${externalRef}, ${named.name}, ${named.email}, ${named.phone},
        ${named.tier}, ${named.kind}, ${input.paymentRef ?? null}, ${at}, ${at})
      on conflict (organization_id, external_ref) do nothing
      returning id`;
    const before = await tx.$queryRaw<(typeof named & { id: string; paymentRef: string | null })[]>`
      select id, name, email, phone, tier, kind, payment_ref as "paymentRef" from customers
      where organization_id = ${organizationId}::uuid and external_ref = ${externalRef} for update`;
    const row = before[0];
    if (!row) throw new Error("The customer that was just made is gone.");
    const created = inserted.length > 0;
    const { id, ...old } = row;
    const values = {
      ...named,
      paymentRef: input.paymentRef === undefined ? old.paymentRef : input.paymentRef,
    };
    const changed = (Object.keys(values) as (keyof typeof values)[]).filter(
      (name) => old[name] !== values[name],
    );
    if (!created && changed.length > 0) {
      await tx.customer.update({
        where: { organizationId_id: { organizationId, id } },
        data: { ...values, updatedAt: at },
      });
    }
    const outcome = created ? "created" : changed.length > 0 ? "updated" : "unchanged";
    if (outcome !== "unchanged") {
      // Names of fields only: what they hold stays on the customer, where it can be erased.
      await audit(tx, {
        organizationId,
        actor: writer,
        action: `customer.${outcome}`,
        subjectId: id,
        data: { fields: created ? Object.keys(values) : changed },
        at,
      });
    }
    return { outcome, customer: { id, externalRef, ...values } };
  });
}
