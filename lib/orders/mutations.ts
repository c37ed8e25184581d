import { type AuditActor, audit } from "@/lib/audit/mutations";
import { isId, newId } from "@/lib/db/ids";
import { inTenant } from "@/lib/db/prisma";
import type { OrderInput } from "@/lib/orders/schema";

export interface UpsertedOrder {
  ok: true;
  outcome: "created" | "updated" | "unchanged";
  order: {
    id: string;
    externalRef: string;
    customer: string;
    amountPaid: number;
    currency: string;
    placedAt: string;
    paymentRef: string | null;
  };
}

export interface OrderRefusal {
  ok: false;
  code: "customer_not_found" | "order_has_decisions";
}

/**
 * Creates or replaces the order of an external reference. The same input again changes nothing. An order that
 * decisions were taken on keeps its customer and its currency: the amounts that were refunded are in it. Records that
 * were merged are one customer: by whichever of them an order is named, it stays with the record that it has.
 */
export async function upsertOrder(options: {
  organizationId: string;
  externalRef: string;
  input: OrderInput;
  writer: AuditActor;
  at: Date;
}): Promise<UpsertedOrder | OrderRefusal> {
  const { organizationId, externalRef, input, writer, at } = options;
  return inTenant(organizationId, async (tx) => {
    const customer = await tx.customer.findFirst({
      where: {
        organizationId,
        erasedAt: null,
        OR: [...(isId(input.customer) ? [{ id: input.customer }] : []), { externalRef: input.customer }],
      },
      select: { id: true },
    });
    if (!customer) return { ok: false, code: "customer_not_found" };
    const placedAt = new Date(input.placedAt);
    const inserted = await tx.$queryRaw<{ id: string }[]>`
      insert into orders (organization_id, id, external_ref, customer_id, amount_paid, currency, placed_at, payment_ref, created_at, updated_at)
      values (${organizationId}::uuid, ${newId(at)}::uuid, ${externalRef}, ${customer.id}::uuid, ${input.amountPaid}::bigint,
        ${input.currency}, ${placedAt}, ${input.paymentRef ?? null}, ${at}, ${at})
      on conflict (organization_id, external_ref) do nothing
      returning id`;
    const before = await tx.$queryRaw<
      {
        id: string;
        customer_id: string;
        same_customer: boolean;
        amount_paid: bigint;
        currency: string;
        placed_at: Date | null;
        payment_ref: string | null;
      }[]
    >`
      select id, customer_id, amount_paid, currency, placed_at, payment_ref, customer_id = ${customer.id}::uuid
          or standing_customer(organization_id, customer_id) = standing_customer(organization_id, ${customer.id}::uuid)
        as same_customer
      from orders where organization_id = ${organizationId}::uuid and external_ref = ${externalRef} for update`;
    const row = before[0];
    if (!row) throw new Error("The order that was just made is gone.");
    const customerId = row.same_customer ? row.customer_id : customer.id;
    const paymentRef = input.paymentRef === undefined ? row.payment_ref : input.paymentRef;
    const moved = !row.same_customer || row.currency !== input.currency;
    const changed =
      moved ||
      row.payment_ref !== paymentRef ||
      Number(row.amount_paid) !== input.amountPaid ||
      row.placed_at?.getTime() !== placedAt.getTime();
    if (
      moved &&
      (await tx.decision.findFirst({ where: { organizationId, orderId: row.id }, select: { id: true } }))
    ) {
      return { ok: false, code: "order_has_decisions" };
    }
    if (changed) {
      await tx.order.update({
        where: { organizationId_id: { organizationId, id: row.id } },
        data: {
          customerId,
          amountPaid: input.amountPaid,
          currency: input.currency,
          placedAt,
          paymentRef,
          updatedAt: at,
        },
      });
    }
    const outcome = inserted.length > 0 ? "created" : changed ? "updated" : "unchanged";
    if (outcome !== "unchanged") {
      await audit(tx, {
        organizationId,
        actor: writer,
        action: `order.${outcome}`,
        subjectId: row.id,
        data: { fields: Object.keys(input) },
        at,
      });
    }
    return {
      ok: true,
      outcome,
      order: {
        id: row.id,
        externalRef,
        customer: customerId,
        amountPaid: input.amountPaid,
        currency: input.currency,
        placedAt: placedAt.toISOString(),
        paymentRef,
      },
    };
  });
}
