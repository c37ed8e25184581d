import { isId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";

/** An order as REST shows it. `amountPaid` is in minor units of `currency`. */
export interface OrderView {
  id: string;
  externalRef: string;
  customer: string;
  amountPaid: number;
  currency: string;
  placedAt: string | null;
  /** What was paid with, as the payment provider names it. */
  paymentRef: string | null;
}

/** The order of an id or an external reference; null where the organization has none such. */
export async function findOrder(organizationId: string, idOrRef: string): Promise<OrderView | null> {
  const row = await tenantDb(organizationId).order.findFirst({
    where: { organizationId, OR: [...(isId(idOrRef) ? [{ id: idOrRef }] : []), { externalRef: idOrRef }] },
  });
  return (
    row && {
      id: row.id,
      externalRef: row.externalRef,
      customer: row.customerId,
      amountPaid: Number(row.amountPaid),
      currency: row.currency,
      placedAt: row.placedAt?.toISOString() ?? null,
      paymentRef: row.paymentRef,
    }
  );
}
