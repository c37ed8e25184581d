import { randomUUID } from "node:crypto";
import { type UpsertedCustomer, upsertCustomer } from "@/lib/customers/mutations";
import type { CustomerInput } from "@/lib/customers/schema";

/** A customer of the organization; `ref` is the external reference. */
export async function createCustomer(
  organization: { organizationId: string },
  options: Partial<CustomerInput> & { ref?: string } = {},
): Promise<UpsertedCustomer["customer"]> {
  const { ref = randomUUID(), ...input } = options;
  const { customer } = await upsertCustomer({
    organizationId: organization.organizationId,
    externalRef: ref,
    input: { name: "A customer", kind: "external", ...input },
    writer: { kind: "system", id: null },
    at: new Date(),
  });
  return customer;
}
