import { z } from "zod";
import { searchCustomers } from "@/lib/customers/data";
import { requiredText } from "@/lib/decisions/schema";
import { readQuery, route } from "@/lib/http/route";

const querySchema = z.strictObject({
  search: requiredText(200, "Type a name, an address, a phone number or an order number."),
  limit: z
    .string()
    .regex(/^([1-9]|[1-4]\d|50)$/, "Give a whole number from 1 to 50.")
    .transform(Number)
    .default(8),
});

export const GET = route("customers:read", async ({ actor, url }) => {
  const { search, limit } = readQuery(url, querySchema);
  return Response.json({
    data: await searchCustomers(actor.organizationId, search, limit),
    nextCursor: null,
  });
});
