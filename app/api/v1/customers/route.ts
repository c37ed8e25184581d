import { searchCustomers } from "@/lib/customers/data";
import { customerSearchSchema } from "@/lib/customers/schema";
import { readQuery, route } from "@/lib/http/route";

export const GET = route("customers:read", async ({ actor, url }) => {
  const { search, limit } = readQuery(url, customerSearchSchema);
  return Response.json({
    data: await searchCustomers(actor.organizationId, search, limit),
    nextCursor: null,
  });
});
