import { randomUUID } from "node:crypto";
import { type UpsertedOrder, upsertOrder } from "@/lib/orders/mutations";

/** An order of a customer (id or reference), placed now unless said otherwise. Amounts are minor units. */
export async function createOrder(
  organization: { organizationId: string; currency: string },
  options: { customer: string; amountPaid?: number; currency?: string; ref?: string; placedAt?: Date },
): Promise<UpsertedOrder["order"]> {
  const made = await upsertOrder({
    organizationId: organization.organizationId,
    externalRef: options.ref ?? randomUUID(),
    input: {
      customer: options.customer,
      amountPaid: options.amountPaid ?? 10_000,
      currency: options.currency ?? organization.currency,
      placedAt: (options.placedAt ?? new Date()).toISOString(),
    },
    writer: { kind: "system", id: null },
    at: new Date(),
  });
  if (!made.ok) throw new Error(`The order was refused: ${made.code}`);
  return made.order;
}
